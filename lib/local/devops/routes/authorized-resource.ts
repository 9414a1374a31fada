import { isObject, listReply, requireText, type JsonObject } from "../body.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import {
  changePermission,
  openResources,
  permissionsOf,
  type PermissionChange,
  type ProtectedResource,
} from "./pipeline-permission-record.ts";
import { findPipeline } from "./pipeline-store.ts";
import { requireResource } from "./protected-resource.ts";

/** The older way to the same permissions: for all pipelines at once, which older clients and the az command use. */
const forAll = location({
  id: "398c85bc-81aa-4822-947c-a194a05f0fef",
  area: "build",
  resourceName: "authorizedresources",
  routeTemplate: "{project}/_apis/{area}/{resource}",
  releasedVersion: "0.0",
});

const forOne = location({
  id: "ea623316-1967-45eb-89ab-e9e6110cf2d6",
  area: "build",
  resourceName: "resources",
  routeTemplate: "{project}/_apis/{area}/definitions/{definitionId}/{resource}",
  releasedVersion: "0.0",
});

function projectIdOf({ organization, params }: RouteRequest): string {
  return organization.project(params["project"] ?? "").id;
}

function listForAll(request: RouteRequest): RouteReply {
  const { organization, query } = request;
  const type = query.get("type")?.toLowerCase();
  const id = query.get("id");
  const shown = openResources(organization, projectIdOf(request)).filter(
    (resource) => (type ?? resource.type) === resource.type && (id ?? resource.id) === resource.id,
  );
  return { status: 200, body: listReply(shown.map(resourceBody)) };
}

/** Answers everything that is authorised afterwards. */
function updateForAll(request: RouteRequest): RouteReply {
  const { organization } = request;
  const projectId = projectIdOf(request);
  for (const { resource, authorized } of parseResources(request, projectId)) {
    const change: PermissionChange = { pipelines: [], allPipelines: authorized };
    changePermission(organization, projectId, { resource, change });
  }
  return { status: 200, body: listReply(openResources(organization, projectId).map(resourceBody)) };
}

function listForOne(request: RouteRequest): RouteReply {
  const { organization, params } = request;
  const project = organization.project(params["project"] ?? "");
  const { id } = findPipeline(organization, project, params["definitionId"]);
  return { status: 200, body: listReply(permissionsOf(organization, project.id, id).map(resourceBody)) };
}

function updateForOne(request: RouteRequest): RouteReply {
  const { organization, params } = request;
  const project = organization.project(params["project"] ?? "");
  const { id } = findPipeline(organization, project, params["definitionId"]);
  for (const { resource, authorized } of parseResources(request, project.id)) {
    changePermission(organization, project.id, { resource, change: { pipelines: [{ id, authorized }] } });
  }
  return listForOne(request);
}

function parseResources(
  { organization, body }: RouteRequest,
  projectId: string,
): readonly { readonly resource: ProtectedResource; readonly authorized: boolean }[] {
  if (!Array.isArray(body))
    throw new ServiceError(400, "InvalidRequestException", "The body has to be a list of resources.");
  return body.map((entry: unknown) => {
    const named = { type: requireText(entry, "type"), id: requireText(entry, "id") };
    const authorized = isObject(entry) && entry["authorized"] === true;
    return { resource: requireResource(organization, projectId, named), authorized };
  });
}

function resourceBody({ type, id }: ProtectedResource): JsonObject {
  return { type, id, authorized: true };
}

const one = ["project", "definitionId"];

export const authorizedResourceRoutes: readonly Route[] = [
  { location: forAll, method: "GET", requires: ["project"], handle: listForAll },
  { location: forAll, method: "PATCH", requires: ["project"], handle: updateForAll },
  { location: forOne, method: "GET", requires: one, handle: listForOne },
  { location: forOne, method: "PATCH", requires: one, handle: updateForOne },
];
