import { ServiceError } from "../service-error.ts";
import type { Organization } from "../state/organization.ts";
import type { StoredRecord } from "../state/organization-state.ts";
import { pipelinesOf } from "./pipeline-record.ts";

/** What pipelines may use: `{type: "environment", id: "3"}`; a repository's id is `<project id>.<repository id>`. */
export interface ProtectedResource {
  readonly type: string;
  readonly id: string;
}

export interface PermissionRecord extends StoredRecord {
  /** `<project id>/<resource type>/<resource id>`. */
  readonly id: string;
  readonly allPipelines: boolean;
  readonly authorized: readonly { readonly pipelineId: number; readonly authorizedOn: string }[];
}

export interface PermissionChange {
  readonly pipelines: readonly { readonly id: number; readonly authorized: boolean }[];
  /** Absent leaves it as it is. */
  readonly allPipelines?: boolean;
}

const kind = "pipeline-permission";

function isPermission(record: StoredRecord): record is PermissionRecord {
  return "authorized" in record;
}

/** Who may use a resource; pipelines that are gone since are left out. */
export function readPermission(
  organization: Organization,
  projectId: string,
  { type, id }: ProtectedResource,
): PermissionRecord {
  const key = keyOf(projectId, { type, id });
  const found = organization.list(kind, isPermission).find((record) => record.id === key);
  const known = new Set(pipelinesOf(organization, projectId).map((pipeline) => pipeline.id));
  const authorized = (found?.authorized ?? []).filter(({ pipelineId }) => known.has(pipelineId));
  return { id: key, allPipelines: found?.allPipelines ?? false, authorized };
}

/** Adds and removes pipelines; all of them exist, or nothing changes. */
export function changePermission(
  organization: Organization,
  projectId: string,
  { resource, change }: { readonly resource: ProtectedResource; readonly change: PermissionChange },
): PermissionRecord {
  requirePipelines(organization, projectId, change);
  const old = readPermission(organization, projectId, resource);
  const authorized = new Map(old.authorized.map((entry) => [entry.pipelineId, entry]));
  for (const { id, authorized: isAuthorized } of change.pipelines) {
    if (!isAuthorized) authorized.delete(id);
    else authorized.set(id, authorized.get(id) ?? { pipelineId: id, authorizedOn: organization.now() });
  }
  const record: PermissionRecord = {
    id: old.id,
    allPipelines: change.allPipelines ?? old.allPipelines,
    authorized: [...authorized.values()],
  };
  organization.put(kind, record);
  return record;
}

/** Refuses a change that names a pipeline which is not there. */
export function requirePipelines(
  organization: Organization,
  projectId: string,
  { pipelines }: PermissionChange,
): void {
  const known = new Set(pipelinesOf(organization, projectId).map(({ id }) => id));
  const unknown = pipelines.find(({ id }) => !known.has(id));
  if (unknown === undefined) return;
  throw new ServiceError(
    404,
    "DefinitionNotFoundException",
    `The requested build definition ${unknown.id} could not be found.`,
  );
}

/** The resources of a project that every pipeline may use. */
export function openResources(organization: Organization, projectId: string): readonly ProtectedResource[] {
  return recordsOf(organization, projectId)
    .filter(({ allPipelines }) => allPipelines)
    .map(resourceOf);
}

/** The resources of a project that were given to one pipeline by name. */
export function permissionsOf(
  organization: Organization,
  projectId: string,
  pipelineId: number,
): readonly ProtectedResource[] {
  return recordsOf(organization, projectId)
    .filter(({ authorized }) => authorized.some((entry) => entry.pipelineId === pipelineId))
    .map(resourceOf);
}

/** A resource that is gone takes its permissions with it. */
export function forgetPermissions(
  organization: Organization,
  projectId: string,
  resource: ProtectedResource,
): void {
  organization.remove(kind, keyOf(projectId, resource));
}

function keyOf(projectId: string, { type, id }: ProtectedResource): string {
  return `${projectId}/${type.toLowerCase()}/${id.toLowerCase()}`;
}

function recordsOf(organization: Organization, projectId: string): readonly PermissionRecord[] {
  return organization.list(kind, isPermission).filter(({ id }) => id.startsWith(`${projectId}/`));
}

function resourceOf({ id }: PermissionRecord): ProtectedResource {
  const [, type = "", resource = ""] = id.split("/");
  return { type, id: resource };
}
