import { listReply, requireText, textIn, type JsonObject } from "../body.ts";
import { identityReference } from "../identity-reference.ts";
import { location } from "../location.ts";
import { page } from "../page.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { Organization } from "../state/organization.ts";
import type { StoredRecord } from "../state/organization-state.ts";
import { approvalCheckKind, isApprovalCheck } from "./approval-check-record.ts";

export interface EnvironmentRecord extends StoredRecord {
  readonly id: number;
  readonly projectId: string;
  readonly environmentName: string;
  readonly description: string;
  readonly createdOn: string;
  readonly lastModifiedOn: string;
}

const kind = "environment";

/** Whether a record is an environment. */
export function isEnvironment(record: StoredRecord): record is EnvironmentRecord {
  return "environmentName" in record;
}

const environments = location({
  id: "8572b1fc-2482-47fa-8f74-7e3ed53ee54b",
  area: "distributedtask",
  resourceName: "environments",
  routeTemplate: "{project}/_apis/{area}/{resource}/{environmentId}",
});

/** The environments of a project in the order of their creation. */
export function environmentsOf(organization: Organization, projectId: string): readonly EnvironmentRecord[] {
  return organization.list(kind, isEnvironment).filter((environment) => environment.projectId === projectId);
}

function createEnvironment(request: RouteRequest): RouteReply {
  const { organization, params, body } = request;
  const project = organization.project(params["project"] ?? "");
  const environmentName = requireText(body, "name");
  const taken = environmentsOf(organization, project.id).some(
    (other) => other.environmentName.toLowerCase() === environmentName.toLowerCase(),
  );
  if (taken)
    throw new ServiceError(
      409,
      "EnvironmentExistsException",
      `Environment ${environmentName} already exists in the project ${project.name}.`,
    );
  const now = organization.now();
  const record: EnvironmentRecord = {
    id: organization.nextNumber(kind),
    projectId: project.id,
    environmentName,
    description: textIn(body, "description") ?? "",
    createdOn: now,
    lastModifiedOn: now,
  };
  organization.put(kind, record);
  return { status: 200, body: environmentBody(record, request) };
}

/** `name` filters by the beginning of the name. */
function listEnvironments(request: RouteRequest): RouteReply {
  const { organization, params, query } = request;
  const project = organization.project(params["project"] ?? "");
  const start = (query.get("name") ?? "").toLowerCase();
  const all = environmentsOf(organization, project.id).filter(({ environmentName }) =>
    environmentName.toLowerCase().startsWith(start),
  );
  const { shown, headers } = page(all, query);
  return { status: 200, headers, body: listReply(shown.map((record) => environmentBody(record, request))) };
}

function updateEnvironment(request: RouteRequest): RouteReply {
  const old = findEnvironment(request);
  const record: EnvironmentRecord = {
    ...old,
    environmentName: textIn(request.body, "name") ?? old.environmentName,
    description: textIn(request.body, "description") ?? old.description,
    lastModifiedOn: request.organization.now(),
  };
  request.organization.put(kind, record);
  return { status: 200, body: environmentBody(record, request) };
}

/** The checks of an environment go with it. */
function deleteEnvironment(request: RouteRequest): RouteReply {
  const { organization } = request;
  const { id } = findEnvironment(request);
  organization.remove(kind, id);
  for (const check of organization.list(approvalCheckKind, isApprovalCheck)) {
    if (check.resource.type === "environment" && check.resource.id === String(id))
      organization.remove(approvalCheckKind, check.id);
  }
  return { status: 204 };
}

function findEnvironment({ organization, params }: RouteRequest): EnvironmentRecord {
  const project = organization.project(params["project"] ?? "");
  const record = environmentsOf(organization, project.id).find(
    ({ id }) => String(id) === params["environmentId"],
  );
  if (record !== undefined) return record;
  throw new ServiceError(
    404,
    "EnvironmentNotFoundException",
    `No environment found with identifier ${params["environmentId"]}.`,
  );
}

function environmentBody(record: EnvironmentRecord, { identity, baseUrl }: RouteRequest): JsonObject {
  return {
    id: record.id,
    name: record.environmentName,
    description: record.description,
    createdBy: identityReference(identity, baseUrl),
    createdOn: record.createdOn,
    lastModifiedBy: identityReference(identity, baseUrl),
    lastModifiedOn: record.lastModifiedOn,
    resources: [],
    project: { id: record.projectId },
  };
}

export const environmentRoutes: readonly Route[] = [
  { location: environments, method: "POST", requires: ["project"], handle: createEnvironment },
  { location: environments, method: "GET", requires: ["project"], handle: listEnvironments },
  {
    location: environments,
    method: "GET",
    requires: ["project", "environmentId"],
    handle: (request) => ({ status: 200, body: environmentBody(findEnvironment(request), request) }),
  },
  {
    location: environments,
    method: "PATCH",
    requires: ["project", "environmentId"],
    handle: updateEnvironment,
  },
  {
    location: environments,
    method: "DELETE",
    requires: ["project", "environmentId"],
    handle: deleteEnvironment,
  },
];
