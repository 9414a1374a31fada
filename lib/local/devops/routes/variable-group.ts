import { listReply, type JsonObject } from "../body.ts";
import { location } from "../location.ts";
import { page } from "../page.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import { forgetPermissions } from "./pipeline-permission-record.ts";
import { parseVariableGroup, type VariableGroupContent } from "./variable-group-content.ts";
import { isVariableGroup, variableGroupKind, type VariableGroupRecord } from "./variable-group-record.ts";

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

/** What an answer tells: a write names its people by id only, and a list leaves the project out. */
type Detail = "written" | "listed" | "read";

function createGroup(request: RouteRequest): RouteReply {
  const { organization } = request;
  const content = parseVariableGroup(request, {});
  refuseDuplicate(request, content, undefined);
  const now = organization.now();
  const id = organization.nextNumber(variableGroupKind);
  const record: VariableGroupRecord = { id, createdOn: now, modifiedOn: now, ...content };
  organization.put(variableGroupKind, record);
  return { status: 200, body: groupBody(record, request, "written") };
}

/** A PUT replaces everything but the secrets that come without a value; the last writer wins. */
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
  const content = parseVariableGroup(request, old.variables);
  refuseDuplicate(request, content, old.id);
  const record: VariableGroupRecord = { ...old, ...content, modifiedOn: organization.now() };
  organization.put(variableGroupKind, record);
  return { status: 200, body: groupBody(record, request, "written") };
}

/** Newest first, unless the other order is asked for. */
function listGroups(request: RouteRequest): RouteReply {
  const { organization, params, query } = request;
  const project = organization.project(params["project"] ?? "");
  const pattern = query.get("groupname")?.toLowerCase();
  const ids = query.get("groupids")?.split(",");
  const oldestFirst = organization
    .list(variableGroupKind, isVariableGroup)
    .filter(({ projectId, id }) => projectId === project.id && (ids?.includes(String(id)) ?? true))
    .filter(({ name }) => pattern === undefined || matchesPattern(name.toLowerCase(), pattern))
    .toSorted((left, right) => left.id - right.id);
  const isAscending = ["idascending", "0"].includes(query.get("queryorder")?.toLowerCase() ?? "");
  const { shown, headers } = page(isAscending ? oldestFirst : oldestFirst.toReversed(), query);
  const value = shown.map((record) => groupBody(record, request, "listed"));
  return { status: 200, headers, body: listReply(value) };
}

/** A group that is not there is answered with 200 and null. */
function getGroup(request: RouteRequest): RouteReply {
  const record = findGroup(request);
  return { status: 200, body: record === undefined ? null : groupBody(record, request, "read") };
}

/** Above a project, the request has to say which projects lose the group. */
function deleteGroup(request: RouteRequest): RouteReply {
  const { organization, params, query } = request;
  const projects = (params["project"] ?? query.get("projectids") ?? "").split(",").filter((id) => id !== "");
  if (projects.length === 0)
    throw new ServiceError(
      400,
      "ArgumentNullException",
      "Value cannot be null.\r\nParameter name: projectIds",
    );
  const ids = projects.map((project) => organization.project(project).id);
  const record = findGroup(request);
  if (record !== undefined && ids.includes(record.projectId)) {
    organization.remove(variableGroupKind, record.id);
    forgetPermissions(organization, record.projectId, { type: "variablegroup", id: String(record.id) });
  }
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
  wanted: VariableGroupContent,
  except: number | undefined,
): void {
  const name = wanted.name.toLowerCase();
  const taken = organization
    .list(variableGroupKind, isVariableGroup)
    .some(
      (record) =>
        record.id !== except && record.projectId === wanted.projectId && record.name.toLowerCase() === name,
    );
  if (!taken) return;
  throw new ServiceError(
    409,
    "VariableGroupExistsException",
    `Variable group ${wanted.name} already exists.`,
  );
}

function groupBody(record: VariableGroupRecord, request: RouteRequest, detail: Detail): JsonObject {
  const project = request.organization.project(record.projectId);
  const variables = Object.entries(record.variables).map(([name, { value, isSecret }]) => [
    name,
    isSecret ? { value: null, isSecret: true } : { value },
  ]);
  const { id, displayName, uniqueName } = request.identity;
  const by = detail === "written" ? { displayName: null, id } : { displayName, id, uniqueName };
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
    createdBy: by,
    createdOn: record.createdOn,
    modifiedBy: by,
    modifiedOn: record.modifiedOn,
    isShared: false,
    variableGroupProjectReferences: detail === "listed" ? null : [reference],
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
