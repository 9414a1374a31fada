import {
  isObject,
  listIn,
  listReply,
  objectBody,
  requireText,
  textIn,
  valueIn,
  type JsonObject,
} from "../body.ts";
import { identityReference } from "../identity-reference.ts";
import { location } from "../location.ts";
import { page } from "../page.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { StoredRecord } from "../state/organization-state.ts";

interface Variable {
  readonly value: string;
  readonly isSecret: boolean;
}

export interface VariableGroupRecord extends StoredRecord {
  readonly id: number;
  readonly projectId: string;
  readonly name: string;
  readonly description: string;
  readonly variables: Readonly<Record<string, Variable>>;
  readonly createdOn: string;
  readonly modifiedOn: string;
}

export const variableGroupKind = "variable-group";

/** Whether a record is a variable group. */
export function isVariableGroup(record: StoredRecord): record is VariableGroupRecord {
  return "variables" in record && "modifiedOn" in record;
}

const inOrganization = location({
  id: "ef5b7057-ffc3-4c77-bbad-c10b4a4abcc7",
  area: "distributedtask",
  resourceName: "variablegroups",
  routeTemplate: "_apis/{area}/{resource}/{groupId}",
  resourceVersion: 2,
});

const inProject = location({
  id: "f5b09dd5-9d54-45a1-8b5a-1c8287d634cc",
  area: "distributedtask",
  resourceName: "variablegroups",
  routeTemplate: "{project}/_apis/{area}/{resource}/{groupId}",
  resourceVersion: 2,
});

function createGroup(request: RouteRequest): RouteReply {
  const { organization } = request;
  const content = parseGroup(request, {});
  refuseDuplicate(request, content, undefined);
  const now = organization.now();
  const id = organization.nextNumber(variableGroupKind);
  const record: VariableGroupRecord = { id, createdOn: now, modifiedOn: now, ...content };
  organization.put(variableGroupKind, record);
  return { status: 200, body: groupBody(record, request, true) };
}

/** A PUT replaces everything, but a secret that comes without a value keeps the one it has. */
function updateGroup(request: RouteRequest): RouteReply {
  const { organization, params } = request;
  const old = findGroup(request);
  if (old === undefined) {
    throw new ServiceError(
      404,
      "VariableGroupNotFoundException",
      `Variable group ${params["groupId"]} was not found.`,
    );
  }
  const content = parseGroup(request, old.variables);
  refuseDuplicate(request, content, old.id);
  const record: VariableGroupRecord = { ...old, ...content, modifiedOn: organization.now() };
  organization.put(variableGroupKind, record);
  return { status: 200, body: groupBody(record, request, true) };
}

function listGroups(request: RouteRequest): RouteReply {
  const { organization, params, query } = request;
  const project = organization.project(params["project"] ?? "");
  const pattern = query.get("groupname")?.toLowerCase();
  const ids = query.get("groupids")?.split(",");
  const all = organization
    .list(variableGroupKind, isVariableGroup)
    .filter(({ projectId, id }) => projectId === project.id && (ids?.includes(String(id)) ?? true))
    .filter(({ name }) => pattern === undefined || matchesPattern(name.toLowerCase(), pattern));
  const { shown, headers } = page(all, query);
  return { status: 200, headers, body: listReply(shown.map((record) => groupBody(record, request, false))) };
}

/** A group that is not there is answered with 200 and null. */
function getGroup(request: RouteRequest): RouteReply {
  const record = findGroup(request);
  return { status: 200, body: record === undefined ? null : groupBody(record, request, true) };
}

function deleteGroup(request: RouteRequest): RouteReply {
  const record = findGroup(request);
  if (record !== undefined) request.organization.remove(variableGroupKind, record.id);
  return { status: 204 };
}

function matchesPattern(name: string, pattern: string): boolean {
  const [head = "", tail] = pattern.split("*");
  return tail === undefined ? name === head : name.startsWith(head) && name.endsWith(tail);
}

function findGroup({ organization, params }: RouteRequest): VariableGroupRecord | undefined {
  const projectId = params["project"] === undefined ? undefined : organization.project(params["project"]).id;
  return organization
    .list(variableGroupKind, isVariableGroup)
    .find(
      (record) =>
        String(record.id) === params["groupId"] && (projectId ?? record.projectId) === record.projectId,
    );
}

function refuseDuplicate(
  { organization }: RouteRequest,
  wanted: GroupContent,
  except: number | undefined,
): void {
  const name = wanted.name.toLowerCase();
  const taken = organization
    .list(variableGroupKind, isVariableGroup)
    .some(
      (record) =>
        record.id !== except && record.projectId === wanted.projectId && record.name.toLowerCase() === name,
    );
  if (taken)
    throw new ServiceError(
      409,
      "VariableGroupExistsException",
      `Variable group ${wanted.name} already exists.`,
    );
}

type GroupContent = Pick<VariableGroupRecord, "projectId" | "name" | "description" | "variables">;

function parseGroup(
  { organization, params, body }: RouteRequest,
  old: VariableGroupRecord["variables"],
): GroupContent {
  const content = objectBody(body);
  const references = listIn(content, "variableGroupProjectReferences");
  if (references.length > 1)
    throw new ServiceError(500, "VssServiceException", "Sharing of variable group is not allowed.");
  const [reference] = references;
  const projectId =
    textIn(reference, "projectReference", "id") ??
    textIn(reference, "projectReference", "name") ??
    params["project"];
  if (projectId === undefined) {
    throw new ServiceError(
      400,
      "ArgumentException",
      "Atleast one variable group project reference is required",
    );
  }
  const variables = parseVariables(valueIn(content, "variables"), old);
  if (Object.keys(variables).length === 0) {
    throw new ServiceError(
      400,
      "ArgumentException",
      "Variable group must have at least one variable defined.",
    );
  }
  return {
    projectId: organization.project(projectId).id,
    name: textIn(reference, "name") ?? requireText(content, "name"),
    description: textIn(reference, "description") ?? textIn(content, "description") ?? "",
    variables,
  };
}

function parseVariables(
  given: unknown,
  old: VariableGroupRecord["variables"],
): VariableGroupRecord["variables"] {
  const entries = Object.entries(isObject(given) ? given : {}).map(([name, variable]): [string, Variable] => {
    const isSecret = valueIn(variable, "isSecret") === true;
    const value = textIn(variable, "value") ?? "";
    const known = Object.hasOwn(old, name) ? old[name] : undefined;
    const keeps = isSecret && value === "" && known !== undefined && known.isSecret;
    return [name, { isSecret, value: keeps ? known.value : value }];
  });
  return Object.fromEntries(entries);
}

function groupBody(record: VariableGroupRecord, request: RouteRequest, isSingle: boolean): JsonObject {
  const { organization, identity, baseUrl } = request;
  const project = organization.project(record.projectId);
  const variables = Object.entries(record.variables).map(([name, { value, isSecret }]) => [
    name,
    isSecret ? { value: null, isSecret: true } : { value },
  ]);
  const reference = {
    projectReference: { id: project.id, name: project.name },
    name: record.name,
    description: record.description,
  };
  return {
    variables: Object.fromEntries(variables),
    id: record.id,
    type: "Vsts",
    name: record.name,
    description: record.description,
    createdBy: identityReference(identity, baseUrl),
    createdOn: record.createdOn,
    modifiedBy: identityReference(identity, baseUrl),
    modifiedOn: record.modifiedOn,
    isShared: false,
    variableGroupProjectReferences: isSingle ? [reference] : null,
  };
}

export const variableGroupRoutes: readonly Route[] = [
  { location: inOrganization, method: "POST", requires: [], handle: createGroup },
  { location: inOrganization, method: "PUT", requires: ["groupId"], handle: updateGroup },
  { location: inOrganization, method: "DELETE", requires: ["groupId"], handle: deleteGroup },
  { location: inProject, method: "POST", requires: ["project"], handle: createGroup },
  { location: inProject, method: "PUT", requires: ["project", "groupId"], handle: updateGroup },
  { location: inProject, method: "DELETE", requires: ["project", "groupId"], handle: deleteGroup },
  { location: inProject, method: "GET", requires: ["project"], handle: listGroups },
  { location: inProject, method: "GET", requires: ["project", "groupId"], handle: getGroup },
];
