import { isObject, listIn, listReply, requireText, textIn, valueIn, type JsonObject } from "../body.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import {
  accessListsOf,
  changeEntry,
  noEntry,
  readList,
  removeEntry,
  type AccessEntry,
  type AccessListRecord,
} from "./access-control-record.ts";

const entries = location({
  id: "ac08c8ff-4323-4b08-af90-bcd018d380ce",
  area: "Security",
  resourceName: "AccessControlEntries",
  routeTemplate: "_apis/{resource}/{securityNamespaceId}",
});

const lists = location({
  id: "18a2ad18-7571-46ae-bec7-0c7da1495885",
  area: "Security",
  resourceName: "AccessControlLists",
  routeTemplate: "_apis/{resource}/{securityNamespaceId}",
});

const permissions = location({
  id: "dd3b8bd6-c7fc-4cbd-929a-933d9c011c9d",
  area: "Security",
  resourceName: "Permissions",
  routeTemplate: "_apis/{resource}/{securityNamespaceId}/{permissions}",
  resourceVersion: 2,
});

function namespaceOf({ params }: RouteRequest): string {
  return (params["securityNamespaceId"] ?? "").toLowerCase();
}

/** With `merge` the bits come on top of those that are there; without it they replace them. */
function setEntries(request: RouteRequest): RouteReply {
  const { organization, body } = request;
  const token = requireText(body, "token");
  const merge = valueIn(body, "merge") === true;
  const value = listIn(body, "accessControlEntries").map((given) => {
    const descriptor = requireText(given, "descriptor");
    const next = { allow: bits(given, "allow"), deny: bits(given, "deny") };
    const place = { namespaceId: namespaceOf(request), token, descriptor };
    const entry = changeEntry(organization, place, (old) => (merge ? mergeEntry(old, next) : next));
    return { descriptor, ...entry };
  });
  return { status: 200, body: listReply(value) };
}

function removeEntries(request: RouteRequest): RouteReply {
  const { organization, query } = request;
  const token = query.get("token") ?? "";
  const removed = (query.get("descriptors") ?? "")
    .split(",")
    .map((descriptor) => removeEntry(organization, { namespaceId: namespaceOf(request), token, descriptor }));
  return { status: 200, body: removed.includes(true) };
}

function getLists(request: RouteRequest): RouteReply {
  const { organization, query } = request;
  const token = query.get("token");
  const descriptors = query.get("descriptors")?.split(",");
  const isDeep = query.get("recurse")?.toLowerCase() === "true";
  const withInfo = query.get("includeextendedinfo")?.toLowerCase() === "true";
  const shown = accessListsOf(organization, namespaceOf(request)).filter(
    (list) => token === undefined || list.token === token || (isDeep && list.token.startsWith(token)),
  );
  return { status: 200, body: listReply(shown.map((list) => listBody(list, descriptors, withInfo))) };
}

function setLists(request: RouteRequest): RouteReply {
  const { organization, body } = request;
  for (const list of listIn(body, "value")) {
    const token = requireText(list, "token");
    const entriesGiven = valueIn(list, "acesDictionary");
    for (const [descriptor, entry] of Object.entries(isObject(entriesGiven) ? entriesGiven : {})) {
      const place = { namespaceId: namespaceOf(request), token, descriptor };
      changeEntry(organization, place, () => ({ allow: bits(entry, "allow"), deny: bits(entry, "deny") }));
    }
  }
  return { status: 204 };
}

/** Takes single bits away from what a descriptor is allowed and denied. */
function removePermission(request: RouteRequest): RouteReply {
  const { organization, params, query } = request;
  const mask = Number(params["permissions"] ?? 0);
  const descriptor = query.get("descriptor") ?? "";
  const place = { namespaceId: namespaceOf(request), token: query.get("token") ?? "", descriptor };
  const entry = changeEntry(organization, place, ({ allow, deny }) => ({
    allow: allow & ~mask,
    deny: deny & ~mask,
  }));
  return { status: 200, body: { descriptor, ...entry } };
}

function mergeEntry(old: AccessEntry, next: AccessEntry): AccessEntry {
  return { allow: (old.allow & ~next.deny) | next.allow, deny: (old.deny & ~next.allow) | next.deny };
}

function bits(entry: unknown, name: string): number {
  const value = valueIn(entry, name);
  return typeof value === "number" && Number.isInteger(value) ? value : 0;
}

function listBody(
  list: AccessListRecord,
  descriptors: readonly string[] | undefined,
  withInfo: boolean,
): JsonObject {
  const shown = Object.entries(list.entries).filter(
    ([descriptor]) => descriptors === undefined || descriptors.includes(descriptor),
  );
  const dictionary = shown.map(([descriptor, entry]) => [
    descriptor,
    { descriptor, ...entry, ...(withInfo ? { extendedInfo: extendedInfo(entry) } : {}) },
  ]);
  return { inheritPermissions: true, token: list.token, acesDictionary: Object.fromEntries(dictionary) };
}

function extendedInfo({ allow, deny }: AccessEntry): JsonObject {
  return {
    ...(allow === 0 ? {} : { effectiveAllow: allow }),
    ...(deny === 0 ? {} : { effectiveDeny: deny }),
  };
}

const batch = location({
  id: "cf1faa59-1b63-4448-bf04-13d981a46f5d",
  area: "Security",
  resourceName: "PermissionEvaluationBatch",
  routeTemplate: "_apis/{area}/{resource}",
});

/** The owner may do everything but what was denied to them on the token or above it. */
function evaluate({ organization, identity, body }: RouteRequest): RouteReply {
  const evaluations = listIn(body, "evaluations").map((given) => {
    const namespaceId = (textIn(given, "securityNamespaceId") ?? "").toLowerCase();
    const token = textIn(given, "token") ?? "";
    const wanted = bits(given, "permissions");
    const denied = accessListsOf(organization, namespaceId)
      .filter((list) => token === list.token || token.startsWith(`${list.token}/`))
      .map((list) => (readList(list, identity.descriptor) ?? noEntry).deny);
    const value = denied.every((deny) => (deny & wanted) === 0);
    return { securityNamespaceId: namespaceId, token, permissions: wanted, value };
  });
  return { status: 200, body: { evaluations } };
}

const one = ["securityNamespaceId"];

export const accessControlRoutes: readonly Route[] = [
  { location: entries, method: "POST", requires: one, handle: setEntries },
  { location: entries, method: "DELETE", requires: one, handle: removeEntries },
  { location: lists, method: "GET", requires: one, handle: getLists },
  { location: lists, method: "POST", requires: one, handle: setLists },
  {
    location: permissions,
    method: "DELETE",
    requires: ["securityNamespaceId", "permissions"],
    handle: removePermission,
  },
  { location: batch, method: "POST", requires: [], handle: evaluate },
];
