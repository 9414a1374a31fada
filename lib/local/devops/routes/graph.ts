import { listIn, listReply, requireText, textIn, type JsonObject } from "../body.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { Identity, Project } from "../state/organization-state.ts";
import { addGroup, updateGroup } from "./graph-group.ts";
import { findSubject, scopeDescriptor, subjectBody } from "./graph-subject.ts";
import { addMember, requireMembership } from "./identity-membership.ts";
import { findInDirectory } from "./identity-search.ts";

const preview = { area: "Graph", releasedVersion: "0.0" } as const;

const users = location({
  ...preview,
  id: "005e26ec-6b77-4e4f-a986-b3827bf241f5",
  resourceName: "Users",
  routeTemplate: "_apis/{area}/{resource}/{userDescriptor}",
});

const groups = location({
  ...preview,
  id: "ebbe6af8-0b91-4c13-8cf1-777c14858188",
  resourceName: "Groups",
  routeTemplate: "_apis/{area}/{resource}/{groupDescriptor}",
});

const descriptors = location({
  ...preview,
  id: "048aee0a-7072-4cde-ab73-7af77b1e0b4e",
  resourceName: "Descriptors",
  routeTemplate: "_apis/{area}/{resource}/{storageKey}",
});

const storageKeys = location({
  ...preview,
  id: "eb85f8cc-f0f6-4264-a5b1-ffe2e4d4801f",
  resourceName: "StorageKeys",
  routeTemplate: "_apis/{area}/{resource}/{subjectDescriptor}",
});

const lookUp = location({
  ...preview,
  id: "4dd4d168-11f2-48c4-83e8-756fa0de027c",
  resourceName: "SubjectLookup",
  routeTemplate: "_apis/{area}/{resource}",
});

function listSubjects(isWanted: (identity: Identity) => boolean): (request: RouteRequest) => RouteReply {
  return (request) => {
    const project = scopeOf(request);
    const shown = Object.values(request.organization.state().identities)
      .filter(isWanted)
      .filter(({ projectId }) => project === undefined || projectId === project.id);
    return { status: 200, body: listReply(shown.map((identity) => subjectBody(identity, request))) };
  };
}

function getSubject(parameter: string): (request: RouteRequest) => RouteReply {
  return (request) => {
    const subject = findSubject(request.organization, request.params[parameter]);
    return { status: 200, body: subjectBody(subject, request) };
  };
}

/** Brings in somebody from the directory, by mail address. */
function createUser(request: RouteRequest): RouteReply {
  const { organization, body } = request;
  const mail = textIn(body, "mailAddress") ?? requireText(body, "principalName");
  const user = findInDirectory(organization, mail);
  if (user === undefined)
    throw new ServiceError(404, "IdentityNotFoundException", `The directory has nobody of the name ${mail}.`);
  return { status: 201, body: subjectBody(joinGroups(user, request), request) };
}

/** Groups belong to a project. */
function createGroup(request: RouteRequest): RouteReply {
  const { organization, body } = request;
  const project = scopeOf(request);
  if (project === undefined)
    throw new ServiceError(
      400,
      "GraphBadRequestException",
      "A group needs the descriptor of a project as scope.",
    );
  const group = addGroup(organization, project, body);
  return { status: 201, body: subjectBody(joinGroups(group, request), request) };
}

function joinGroups(member: Identity, { organization, query }: RouteRequest): Identity {
  for (const descriptor of (query.get("groupdescriptors") ?? "").split(",").filter((text) => text !== ""))
    addMember(organization, requireMembership(findSubject(organization, descriptor), member));
  return member;
}

function deleteSubject(parameter: string): (request: RouteRequest) => RouteReply {
  return ({ organization, params }) => {
    organization.removeIdentity(findSubject(organization, params[parameter]).id);
    return { status: 204 };
  };
}

/** The key of a project gives the descriptor of its scope. */
function getDescriptor({ organization, params, baseUrl }: RouteRequest): RouteReply {
  const key = (params["storageKey"] ?? "").toLowerCase();
  const project = Object.values(organization.state().projects).find(({ id }) => id === key);
  const value =
    project === undefined ? organization.identity(key)?.subjectDescriptor : scopeDescriptor(project);
  if (value === undefined)
    throw new ServiceError(404, "StorageKeyNotFoundException", `No subject has the storage key ${key}.`);
  return { status: 200, body: linked(value, `${baseUrl}/_apis/Graph/Descriptors/${key}`) };
}

function getStorageKey({ organization, params, baseUrl }: RouteRequest): RouteReply {
  const { id, subjectDescriptor } = findSubject(organization, params["subjectDescriptor"]);
  return { status: 200, body: linked(id, `${baseUrl}/_apis/Graph/StorageKeys/${subjectDescriptor}`) };
}

function linked(value: string, href: string): JsonObject {
  return { value, _links: { self: { href } } };
}

/** Those that exist, by the descriptor that they were asked for. */
function lookUpSubjects(request: RouteRequest): RouteReply {
  const wanted = new Set(listIn(request.body, "lookupKeys").map((key) => textIn(key, "descriptor")));
  const found = Object.values(request.organization.state().identities)
    .filter(({ subjectDescriptor }) => wanted.has(subjectDescriptor))
    .map((identity) => [identity.subjectDescriptor, subjectBody(identity, request)]);
  return { status: 200, body: { count: found.length, value: Object.fromEntries(found) } };
}

function scopeOf({ organization, query }: RouteRequest): Project | undefined {
  const scope = query.get("scopedescriptor");
  if (scope === undefined) return undefined;
  const project = Object.values(organization.state().projects).find((one) => scopeDescriptor(one) === scope);
  if (project !== undefined) return project;
  throw new ServiceError(404, "GraphSubjectNotFoundException", `Could not find the scope ${scope}.`);
}

export const graphRoutes: readonly Route[] = [
  { location: users, method: "GET", requires: [], handle: listSubjects(({ kind }) => kind === "user") },
  { location: users, method: "POST", requires: [], handle: createUser },
  { location: users, method: "GET", requires: ["userDescriptor"], handle: getSubject("userDescriptor") },
  { location: groups, method: "GET", requires: [], handle: listSubjects(({ kind }) => kind !== "user") },
  { location: groups, method: "POST", requires: [], handle: createGroup },
  { location: groups, method: "GET", requires: ["groupDescriptor"], handle: getSubject("groupDescriptor") },
  { location: groups, method: "PATCH", requires: ["groupDescriptor"], handle: updateGroup },
  {
    location: groups,
    method: "DELETE",
    requires: ["groupDescriptor"],
    handle: deleteSubject("groupDescriptor"),
  },
  { location: descriptors, method: "GET", requires: ["storageKey"], handle: getDescriptor },
  { location: storageKeys, method: "GET", requires: ["subjectDescriptor"], handle: getStorageKey },
  { location: lookUp, method: "POST", requires: [], handle: lookUpSubjects },
];
