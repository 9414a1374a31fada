import { isObject, listIn, requireText, valueIn, type JsonObject } from "../body.ts";
import { identityReference } from "../identity-reference.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { Project } from "../state/organization-state.ts";
import {
  changePermission,
  readPermission,
  requirePipelines,
  type PermissionChange,
  type PermissionRecord,
  type ProtectedResource,
} from "./pipeline-permission-record.ts";
import { requireResource } from "./protected-resource.ts";

const permissions = location({
  id: "b5b9a4a4-e6cd-4096-853c-ab7d8b0c4eb2",
  area: "pipelinePermissions",
  resourceName: "pipelinePermissions",
  routeTemplate: "{project}/_apis/pipelines/{resource}/{resourceType}/{resourceId}",
  releasedVersion: "0.0",
});

function projectOf({ organization, params }: RouteRequest): Project {
  return organization.project(params["project"] ?? "");
}

function resourceOf(request: RouteRequest): ProtectedResource {
  const { organization, params } = request;
  const resource = { type: params["resourceType"] ?? "", id: params["resourceId"] ?? "" };
  return requireResource(organization, projectOf(request).id, resource);
}

function getPermissions(request: RouteRequest): RouteReply {
  const resource = resourceOf(request);
  const record = readPermission(request.organization, projectOf(request).id, resource);
  return { status: 200, body: permissionBody(record, resource, request) };
}

function updatePermissions(request: RouteRequest): RouteReply {
  const { organization, body } = request;
  const resource = resourceOf(request);
  const change = parseChange(body);
  const record = changePermission(organization, projectOf(request).id, { resource, change });
  return { status: 200, body: permissionBody(record, resource, request) };
}

/** The body names several resources, each with its pipelines: all are changed, or none. */
function updateBatch(request: RouteRequest): RouteReply {
  const { organization, body } = request;
  const { id: projectId } = projectOf(request);
  if (!Array.isArray(body)) throw refusal("The body has to be a list of resources.");
  const changes = body.map((entry: unknown) => {
    const named = { type: requireText(entry, "resource", "type"), id: requireText(entry, "resource", "id") };
    const change = parseChange(entry);
    requirePipelines(organization, projectId, change);
    return { resource: requireResource(organization, projectId, named), change };
  });
  const value = changes.map((entry) =>
    permissionBody(changePermission(organization, projectId, entry), entry.resource, request),
  );
  return { status: 200, body: { count: value.length, value } };
}

function parseChange(body: unknown): PermissionChange {
  const all = valueIn(body, "allPipelines", "authorized");
  const pipelines = listIn(body, "pipelines").map((entry) => {
    const id = valueIn(entry, "id");
    if (!isObject(entry) || typeof id !== "number") throw refusal("A pipeline needs its id.");
    return { id, authorized: entry["authorized"] === true };
  });
  return { pipelines, ...(typeof all === "boolean" ? { allPipelines: all } : {}) };
}

function refusal(message: string): ServiceError {
  return new ServiceError(400, "InvalidRequestException", message);
}

function permissionBody(
  record: PermissionRecord,
  resource: ProtectedResource,
  { organization, identity, baseUrl }: RouteRequest,
): JsonObject {
  const authorizedBy = identityReference(identity, baseUrl);
  const allPipelines = { authorized: true, authorizedBy, authorizedOn: organization.now() };
  return {
    resource,
    ...(record.allPipelines ? { allPipelines } : {}),
    pipelines: record.authorized.map(({ pipelineId, authorizedOn }) => ({
      id: pipelineId,
      authorized: true,
      authorizedBy,
      authorizedOn,
    })),
  };
}

const one = ["project", "resourceType", "resourceId"];

export const pipelinePermissionRoutes: readonly Route[] = [
  { location: permissions, method: "GET", requires: one, handle: getPermissions },
  { location: permissions, method: "PATCH", requires: one, handle: updatePermissions },
  { location: permissions, method: "PATCH", requires: ["project"], handle: updateBatch },
];
