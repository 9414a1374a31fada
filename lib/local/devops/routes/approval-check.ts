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
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { Organization } from "../state/organization.ts";
import { approvalCheckKind, isApprovalCheck, type ApprovalCheckRecord } from "./approval-check-record.ts";
import { environmentsOf } from "./environment.ts";

const approvalType = "8c6f20a7-a545-4486-9777-f762fafe0d4d";
const longestTimeout = 43_200;
const resourceTypes = ["endpoint", "environment", "queue", "repository", "securefile", "variablegroup"];

const configurations = location({
  id: "86c8381e-5aee-4cde-8ae4-25c0c7f5eaea",
  area: "PipelinesChecks",
  resourceName: "configurations",
  routeTemplate: "{project}/_apis/pipelines/checks/{resource}/{id}",
  releasedVersion: "0.0",
});

const queryConfigurations = location({
  id: "5f3d0e64-f943-4584-8811-77eb495e831e",
  area: "PipelinesChecks",
  resourceName: "queryconfigurations",
  routeTemplate: "{project}/_apis/pipelines/checks/{resource}",
  releasedVersion: "0.0",
});

function createCheck(request: RouteRequest): RouteReply {
  const { organization, params } = request;
  const project = organization.project(params["project"] ?? "");
  const now = organization.now();
  const record: ApprovalCheckRecord = {
    id: organization.nextNumber(approvalCheckKind),
    projectId: project.id,
    createdOn: now,
    modifiedOn: now,
    ...parseCheck(request, project.id),
  };
  organization.put(approvalCheckKind, record);
  return { status: 200, body: checkBody(record, request, true) };
}

function updateCheck(request: RouteRequest): RouteReply {
  const old = findCheck(request);
  const record: ApprovalCheckRecord = {
    ...old,
    ...parseCheck(request, old.projectId),
    modifiedOn: request.organization.now(),
  };
  request.organization.put(approvalCheckKind, record);
  return { status: 200, body: checkBody(record, request, true) };
}

/** Without `$expand=settings` no settings are answered. */
function listChecks(request: RouteRequest): RouteReply {
  const { organization, params, query } = request;
  const project = organization.project(params["project"] ?? "");
  const type = query.get("resourcetype")?.toLowerCase();
  const id = query.get("resourceid");
  const shown = checksOf(organization, project.id).filter(
    ({ resource }) => resource.type === type && resource.id === id,
  );
  return {
    status: 200,
    body: listReply(shown.map((record) => checkBody(record, request, wantsSettings(request)))),
  };
}

/** The checks of several resources in one call: the body lists `{type, id}`. */
function queryChecks(request: RouteRequest): RouteReply {
  const { organization, params, body } = request;
  const project = organization.project(params["project"] ?? "");
  const wanted = new Set(
    (Array.isArray(body) ? body : []).map(
      (resource) => `${textIn(resource, "type")?.toLowerCase()} ${textIn(resource, "id")}`,
    ),
  );
  const shown = checksOf(organization, project.id).filter(({ resource }) =>
    wanted.has(`${resource.type} ${resource.id}`),
  );
  return {
    status: 200,
    body: listReply(shown.map((record) => checkBody(record, request, wantsSettings(request)))),
  };
}

function wantsSettings({ query }: RouteRequest): boolean {
  const expand = query.get("$expand")?.toLowerCase();
  return expand === "settings" || expand === "1";
}

function checksOf(organization: Organization, projectId: string): readonly ApprovalCheckRecord[] {
  return organization
    .list(approvalCheckKind, isApprovalCheck)
    .filter((check) => check.projectId === projectId);
}

function findCheck({ organization, params }: RouteRequest): ApprovalCheckRecord {
  const project = organization.project(params["project"] ?? "");
  const record = checksOf(organization, project.id).find(({ id }) => String(id) === params["id"]);
  if (record !== undefined) return record;
  throw new ServiceError(
    404,
    "CheckConfigurationNotFoundException",
    `Check configuration with id ${params["id"]} does not exist.`,
  );
}

function parseCheck(
  { organization, body }: RouteRequest,
  projectId: string,
): Omit<ApprovalCheckRecord, "id" | "projectId" | "createdOn" | "modifiedOn"> {
  const content = objectBody(body);
  const settings = valueIn(content, "settings");
  const resource = {
    type: requireText(content, "resource", "type").toLowerCase(),
    id: requireText(content, "resource", "id"),
    name: textIn(content, "resource", "name") ?? "",
  };
  refuseUnknownResource(organization, projectId, resource);
  const checkType = {
    id: requireText(content, "type", "id").toLowerCase(),
    name: textIn(content, "type", "name") ?? "",
  };
  const timeout = valueIn(content, "timeout") ?? longestTimeout;
  if (typeof timeout !== "number" || timeout < 1 || timeout > longestTimeout) {
    throw new ServiceError(
      400,
      "InvalidCheckConfigurationException",
      `The timeout has to be from 1 to ${longestTimeout} minutes.`,
    );
  }
  if (checkType.id === approvalType) refuseUnknownApprovers(organization, settings);
  return { checkType, resource, timeout, settings: isObject(settings) ? settings : {} };
}

function refuseUnknownResource(
  organization: Organization,
  projectId: string,
  resource: ApprovalCheckRecord["resource"],
): void {
  const known =
    resource.type === "environment"
      ? environmentsOf(organization, projectId).some(({ id }) => String(id) === resource.id)
      : resourceTypes.includes(resource.type);
  if (known) return;
  throw new ServiceError(
    403,
    "AccessDeniedException",
    "The user does not have required permissions to view assignment on the resource.",
  );
}

function refuseUnknownApprovers(organization: Organization, settings: unknown): void {
  const ids = listIn(settings, "approvers").map((approver) => textIn(approver, "id") ?? "");
  const unknown = ids.filter((id) => organization.identity(id) === undefined);
  if (ids.length > 0 && unknown.length === 0) return;
  throw new ServiceError(
    400,
    "InvalidCheckConfigurationException",
    `The following identities are invalid: ${unknown.join(", ")}`,
  );
}

function checkBody(record: ApprovalCheckRecord, request: RouteRequest, withSettings: boolean): JsonObject {
  const { identity, baseUrl } = request;
  return {
    ...(withSettings ? { settings: shownSettings(record, request) } : {}),
    createdBy: identityReference(identity, baseUrl),
    createdOn: record.createdOn,
    modifiedBy: identityReference(identity, baseUrl),
    modifiedOn: record.modifiedOn,
    timeout: record.timeout,
    id: record.id,
    version: 1,
    type: record.checkType,
    url: `${baseUrl}/${record.projectId}/_apis/pipelines/checks/configurations/${record.id}`,
    resource: record.resource,
  };
}

/** Approvers come back as whole identities. */
function shownSettings(
  { settings }: ApprovalCheckRecord,
  { organization, baseUrl }: RouteRequest,
): JsonObject {
  const approvers = listIn(settings, "approvers").flatMap((approver) => {
    const identity = organization.identity(textIn(approver, "id") ?? "");
    return identity === undefined ? [] : [identityReference(identity, baseUrl)];
  });
  return approvers.length === 0 ? settings : { ...settings, approvers };
}

export const approvalCheckRoutes: readonly Route[] = [
  { location: configurations, method: "POST", requires: ["project"], handle: createCheck },
  { location: configurations, method: "GET", requires: ["project"], handle: listChecks },
  {
    location: configurations,
    method: "GET",
    requires: ["project", "id"],
    handle: (request) => ({
      status: 200,
      body: checkBody(findCheck(request), request, wantsSettings(request)),
    }),
  },
  { location: configurations, method: "PATCH", requires: ["project", "id"], handle: updateCheck },
  {
    location: configurations,
    method: "DELETE",
    requires: ["project", "id"],
    handle: (request) => {
      request.organization.remove(approvalCheckKind, findCheck(request).id);
      return { status: 204 };
    },
  },
  { location: queryConfigurations, method: "POST", requires: ["project"], handle: queryChecks },
];
