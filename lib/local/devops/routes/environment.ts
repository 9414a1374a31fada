import { listReply, requireText, textIn, type JsonObject } from "../body.ts";
import { identityReference } from "../identity-reference.ts";
import { location } from "../location.ts";
import { page } from "../page.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { Project } from "../state/organization-state.ts";
import { environmentKind, environmentsOf, type EnvironmentRecord } from "./environment-record.ts";
import { forgetPermissions } from "./pipeline-permission-record.ts";

const environments = location({
  id: "8572b1fc-2482-47fa-8f74-7e3ed53ee54b",
  area: "distributedtask",
  resourceName: "environments",
  routeTemplate: "{project}/_apis/{area}/{resource}/{environmentId}",
});

/** The same environments, where newer clients look for them. */
const newEnvironments = location({
  id: "d86b72de-d240-4d6f-8d06-08c2d66b015d",
  area: "environments",
  resourceName: "environments",
  routeTemplate: "{project}/_apis/pipelines/{resource}/{environmentId}",
});

function createEnvironment(request: RouteRequest): RouteReply {
  const { organization, params, body } = request;
  const project = organization.project(params["project"] ?? "");
  const environmentName = requireText(body, "name");
  refuseDuplicate(request, project, { environmentName });
  const now = organization.now();
  const record: EnvironmentRecord = {
    id: organization.nextNumber(environmentKind),
    projectId: project.id,
    environmentName,
    description: textIn(body, "description") ?? "",
    createdOn: now,
    lastModifiedOn: now,
  };
  organization.put(environmentKind, record);
  return { status: 200, body: environmentBody(record, request) };
}

function refuseDuplicate(
  { organization }: RouteRequest,
  project: Project,
  wanted: { readonly environmentName: string; readonly id?: number },
): void {
  const taken = environmentsOf(organization, project.id).some(
    ({ id, environmentName }) =>
      id !== wanted.id && environmentName.toLowerCase() === wanted.environmentName.toLowerCase(),
  );
  if (!taken) return;
  throw new ServiceError(
    409,
    "EnvironmentExistsException",
    `Environment ${wanted.environmentName} already exists in the project ${project.name}.`,
  );
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
  const { organization, body } = request;
  const old = findEnvironment(request);
  const record: EnvironmentRecord = {
    ...old,
    environmentName: textIn(body, "name") ?? old.environmentName,
    description: textIn(body, "description") ?? old.description,
    lastModifiedOn: organization.now(),
  };
  refuseDuplicate(request, organization.project(old.projectId), record);
  organization.put(environmentKind, record);
  return { status: 200, body: environmentBody(record, request) };
}

/** The permissions of an environment go with it; its checks are out of reach from then on. */
function deleteEnvironment(request: RouteRequest): RouteReply {
  const { organization } = request;
  const { id, projectId } = findEnvironment(request);
  organization.remove(environmentKind, id);
  forgetPermissions(organization, projectId, { type: "environment", id: String(id) });
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

function getEnvironment(request: RouteRequest): RouteReply {
  return { status: 200, body: environmentBody(findEnvironment(request), request) };
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

const one = ["project", "environmentId"];

export const environmentRoutes: readonly Route[] = [environments, newEnvironments].flatMap(
  (place): readonly Route[] => [
    { location: place, method: "POST", requires: ["project"], handle: createEnvironment },
    { location: place, method: "GET", requires: ["project"], handle: listEnvironments },
    { location: place, method: "GET", requires: one, handle: getEnvironment },
    { location: place, method: "PATCH", requires: one, handle: updateEnvironment },
    { location: place, method: "DELETE", requires: one, handle: deleteEnvironment },
  ],
);
