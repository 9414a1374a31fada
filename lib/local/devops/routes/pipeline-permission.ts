import { isObject, listIn, textIn, valueIn, type JsonObject } from "../body.ts";
import { identityReference } from "../identity-reference.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { StoredRecord } from "../state/organization-state.ts";
import { pipelinesOf } from "./pipeline-record.ts";

interface PermissionRecord extends StoredRecord {
  /** `<project id>/<resource type>/<resource id>`. */
  readonly id: string;
  readonly allPipelines: boolean;
  readonly authorized: readonly { readonly pipelineId: number; readonly authorizedOn: string }[];
}

const kind = "pipeline-permission";

function isPermission(record: StoredRecord): record is PermissionRecord {
  return "authorized" in record;
}

const permissions = location({
  id: "b5b9a4a4-e6cd-4096-853c-ab7d8b0c4eb2",
  area: "pipelinePermissions",
  resourceName: "pipelinePermissions",
  routeTemplate: "{project}/_apis/pipelines/{resource}/{resourceType}/{resourceId}",
  releasedVersion: "0.0",
});

interface Resource {
  readonly type: string;
  readonly id: string;
}

function resourceOf({ params }: RouteRequest): Resource {
  return { type: (params["resourceType"] ?? "").toLowerCase(), id: params["resourceId"] ?? "" };
}

function getPermissions(request: RouteRequest): RouteReply {
  const resource = resourceOf(request);
  return { status: 200, body: permissionBody(readPermission(request, resource), resource, request) };
}

function updatePermissions(request: RouteRequest): RouteReply {
  const resource = resourceOf(request);
  return { status: 200, body: permissionBody(change(request, resource, request.body), resource, request) };
}

/** The body names several resources, each with its pipelines. */
function updateBatch(request: RouteRequest): RouteReply {
  const updates = Array.isArray(request.body) ? request.body.filter(isObject) : [];
  const value = updates.map((update) => {
    const resource = {
      type: textIn(update, "resource", "type")?.toLowerCase() ?? "",
      id: textIn(update, "resource", "id") ?? "",
    };
    return permissionBody(change(request, resource, update), resource, request);
  });
  return { status: 200, body: { count: value.length, value } };
}

function readPermission({ organization, params }: RouteRequest, { type, id }: Resource): PermissionRecord {
  const project = organization.project(params["project"] ?? "");
  const key = `${project.id}/${type}/${id}`;
  return (
    organization.list(kind, isPermission).find((record) => record.id === key) ?? {
      id: key,
      allPipelines: false,
      authorized: [],
    }
  );
}

function change(request: RouteRequest, resource: Resource, body: unknown): PermissionRecord {
  const { organization, params } = request;
  const project = organization.project(params["project"] ?? "");
  const known = new Set(pipelinesOf(organization, project.id).map(({ id }) => id));
  const old = readPermission(request, resource);
  const authorized = new Map(old.authorized.map((entry) => [entry.pipelineId, entry]));
  for (const pipeline of listIn(body, "pipelines")) {
    const id = valueIn(pipeline, "id");
    if (typeof id !== "number" || !known.has(id)) {
      throw new ServiceError(
        404,
        "DefinitionNotFoundException",
        `The requested build definition ${String(id)} could not be found.`,
      );
    }
    if (valueIn(pipeline, "authorized") === true)
      authorized.set(id, authorized.get(id) ?? { pipelineId: id, authorizedOn: organization.now() });
    else authorized.delete(id);
  }
  const all = valueIn(body, "allPipelines", "authorized");
  const record = {
    ...old,
    authorized: [...authorized.values()],
    allPipelines: typeof all === "boolean" ? all : old.allPipelines,
  };
  organization.put(kind, record);
  return record;
}

/** Pipelines that are gone since are not answered. */
function permissionBody(record: PermissionRecord, resource: Resource, request: RouteRequest): JsonObject {
  const { organization, params, identity, baseUrl } = request;
  const project = organization.project(params["project"] ?? "");
  const known = new Set(pipelinesOf(organization, project.id).map(({ id }) => id));
  const by = identityReference(identity, baseUrl);
  return {
    resource,
    ...(record.allPipelines
      ? { allPipelines: { authorized: true, authorizedBy: by, authorizedOn: organization.now() } }
      : {}),
    pipelines: record.authorized
      .filter(({ pipelineId }) => known.has(pipelineId))
      .map(({ pipelineId, authorizedOn }) => ({
        id: pipelineId,
        authorized: true,
        authorizedBy: by,
        authorizedOn,
      })),
  };
}

export const pipelinePermissionRoutes: readonly Route[] = [
  {
    location: permissions,
    method: "GET",
    requires: ["project", "resourceType", "resourceId"],
    handle: getPermissions,
  },
  {
    location: permissions,
    method: "PATCH",
    requires: ["project", "resourceType", "resourceId"],
    handle: updatePermissions,
  },
  { location: permissions, method: "PATCH", requires: ["project"], handle: updateBatch },
];
