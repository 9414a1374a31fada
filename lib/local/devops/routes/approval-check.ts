import { listIn, listReply, textIn, type JsonObject } from "../body.ts";
import { identityReference } from "../identity-reference.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import { parseApprovalCheck, unreachable } from "./approval-check-content.ts";
import { approvalCheckKind, isApprovalCheck, type ApprovalCheckRecord } from "./approval-check-record.ts";
import { resourceExists } from "./protected-resource.ts";

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

/** There may be several checks of the same type on a resource. */
function createCheck(request: RouteRequest): RouteReply {
  const { organization, params, body } = request;
  const project = organization.project(params["project"] ?? "");
  const content = parseApprovalCheck(organization, project.id, { body });
  const now = organization.now();
  const id = organization.nextNumber(approvalCheckKind);
  const record: ApprovalCheckRecord = {
    id,
    projectId: project.id,
    createdOn: now,
    modifiedOn: now,
    ...content,
  };
  organization.put(approvalCheckKind, record);
  return { status: 200, body: checkBody(record, request, true) };
}

function updateCheck(request: RouteRequest): RouteReply {
  const { organization, body } = request;
  const old = findCheck(request);
  const content = parseApprovalCheck(organization, old.projectId, { body, old });
  const record: ApprovalCheckRecord = { ...old, ...content, modifiedOn: organization.now() };
  organization.put(approvalCheckKind, record);
  return { status: 200, body: checkBody(record, request, true) };
}

function deleteCheck(request: RouteRequest): RouteReply {
  request.organization.remove(approvalCheckKind, findCheck(request).id);
  return { status: 204 };
}

function listChecks(request: RouteRequest): RouteReply {
  const { query } = request;
  const resource = { type: query.get("resourcetype") ?? "", id: query.get("resourceid") ?? "" };
  return answerChecks(request, [resource]);
}

/** The checks of several resources in one call: the body lists `{type, id}`. */
function queryChecks(request: RouteRequest): RouteReply {
  const resources = (Array.isArray(request.body) ? request.body : []).map((entry: unknown) => ({
    type: textIn(entry, "type") ?? "",
    id: textIn(entry, "id") ?? "",
  }));
  return answerChecks(request, resources);
}

function answerChecks(
  request: RouteRequest,
  resources: readonly { readonly type: string; readonly id: string }[],
): RouteReply {
  const wanted = new Set(resources.map(({ type, id }) => `${type.toLowerCase()} ${id}`));
  const value = checksOf(request)
    .filter(({ resource }) => wanted.has(`${resource.type} ${resource.id}`))
    .filter(({ resource, projectId }) => resourceExists(request.organization, projectId, resource))
    .map((record) => checkBody(record, request, wantsSettings(request)));
  return { status: 200, body: listReply(value) };
}

/** Without `$expand=settings` no settings are answered. */
function wantsSettings({ query }: RouteRequest): boolean {
  const expand = query.get("$expand")?.toLowerCase();
  return expand === "settings" || expand === "1";
}

function checksOf({ organization, params }: RouteRequest): readonly ApprovalCheckRecord[] {
  const project = organization.project(params["project"] ?? "");
  return organization
    .list(approvalCheckKind, isApprovalCheck)
    .filter((check) => check.projectId === project.id);
}

/** A check whose resource is gone is not missing but out of reach. */
function findCheck(request: RouteRequest): ApprovalCheckRecord {
  const { organization, params } = request;
  const record = checksOf(request).find(({ id }) => String(id) === params["id"]);
  if (record === undefined) {
    throw new ServiceError(
      404,
      "CheckConfigurationNotFoundException",
      `Check configuration with id ${params["id"]} does not exist.`,
    );
  }
  if (!resourceExists(organization, record.projectId, record.resource)) throw unreachable();
  return record;
}

function checkBody(record: ApprovalCheckRecord, request: RouteRequest, withSettings: boolean): JsonObject {
  const by = identityReference(request.identity, request.baseUrl);
  const url = `${request.baseUrl}/${record.projectId}/_apis/pipelines/checks/configurations/${record.id}`;
  return {
    ...(withSettings ? { settings: shownSettings(record, request) } : {}),
    createdBy: by,
    createdOn: record.createdOn,
    modifiedBy: by,
    modifiedOn: record.modifiedOn,
    timeout: record.timeout,
    _links: { self: { href: url } },
    id: record.id,
    type: record.checkType,
    url,
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
  { location: configurations, method: "DELETE", requires: ["project", "id"], handle: deleteCheck },
  { location: queryConfigurations, method: "POST", requires: ["project"], handle: queryChecks },
];
