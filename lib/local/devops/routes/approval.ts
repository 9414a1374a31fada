import { listReply, requireText, textIn, type JsonObject } from "../body.ts";
import { identityReference } from "../identity-reference.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import {
  approvalsOf,
  decide,
  findApproval,
  type ApprovalRecord,
  type ApprovalStep,
} from "../runs/approval-record.ts";
import { findRun } from "../runs/run-record.ts";
import { standsFor } from "../state/stands-for.ts";
import { ownerIdentity } from "../state/well-known-identities.ts";
import { buildUrl, webUrl } from "./build-answer.ts";
import { pipelinesOf } from "./pipeline-record.ts";

const approvals = location({
  id: "37794717-f36f-4d78-b2bf-4dc30d0cfbcd",
  area: "approval",
  resourceName: "approvals",
  routeTemplate: "{project}/_apis/pipelines/{resource}/{approvalId}",
  resourceVersion: 2,
});

/** All approvals of a project, oldest first, unless ids, a state or people narrow them down. */
function list(request: RouteRequest): RouteReply {
  const { organization, query } = request;
  const ids = query.get("approvalids")?.toLowerCase().split(",");
  const state = query.get("state")?.toLowerCase() ?? "all";
  const people = query.get("userids")?.split(",") ?? query.get("assignedto")?.split(",");
  const isAsked = ({ steps }: ApprovalRecord): boolean =>
    people === undefined ||
    steps.some(({ approverId }) =>
      people.some((person) => standsFor(organization, person.toLowerCase(), approverId)),
    );
  const found = approvalsOf(organization, projectIdOf(request))
    .filter(({ id }) => ids === undefined || ids.includes(id))
    .filter(({ approvalState }) => state === "all" || approvalState.toLowerCase() === state)
    .filter(isAsked);
  const top = Number(query.get("top") ?? found.length) || found.length;
  return { status: 200, body: listReply(found.slice(0, top).map((one) => approvalBody(one, request))) };
}

function getOne(request: RouteRequest): RouteReply {
  return {
    status: 200,
    body: approvalBody(approvalOf(request, request.params["approvalId"] ?? ""), request),
  };
}

/** Decides several approvals; the owner decides in the name of whoever is asked. */
function update(request: RouteRequest): RouteReply {
  const { body } = request;
  if (!Array.isArray(body))
    throw new ServiceError(400, "InvalidRequestException", "The body has to be a list of decisions.");
  const value = body.map((entry: unknown) => approvalBody(decideOne(request, entry), request));
  return { status: 200, body: listReply(value) };
}

function decideOne(request: RouteRequest, entry: unknown): ApprovalRecord {
  const { organization, identity, work } = request;
  const approval = approvalOf(request, requireText(entry, "approvalId"));
  const status = requireText(entry, "status").toLowerCase();
  if (status !== "approved" && status !== "rejected")
    throw new ServiceError(
      400,
      "InvalidApprovalException",
      `An approval cannot be set to ${status}: approve or reject it.`,
    );
  if (approval.approvalState !== "pending")
    throw new ServiceError(
      400,
      "ApprovalAlreadyCompletedException",
      `The approval ${approval.id} is ${approval.approvalState} already.`,
    );
  const decided = decide({
    organization,
    approval,
    run: findRun(organization, approval.projectId, String(approval.runId)),
    byId: identity.id,
    isForOthers: identity.id === ownerIdentity(organization).id,
    outcome: status,
    comment: textIn(entry, "comment"),
  });
  if (decided === undefined)
    throw new ServiceError(
      403,
      "ApprovalUnauthorizedException",
      `${identity.displayName} may not decide the approval ${approval.id}: others are asked${
        approval.excludesRequester ? ", and who asked for the run is none of them" : ""
      }.`,
    );
  work.approvalDecided(approval.id);
  return decided;
}

function projectIdOf({ organization, params }: RouteRequest): string {
  return organization.project(params["project"] ?? "").id;
}

function approvalOf(request: RouteRequest, id: string): ApprovalRecord {
  const found = findApproval(request.organization, id);
  if (found?.projectId === projectIdOf(request)) return found;
  throw new ServiceError(404, "ApprovalNotFoundException", `There is no approval ${id}.`);
}

function approvalBody(approval: ApprovalRecord, request: RouteRequest): JsonObject {
  const { organization, baseUrl } = request;
  const run = findRun(organization, approval.projectId, String(approval.runId));
  const pipeline = pipelinesOf(organization, run.projectId).find(({ id }) => id === run.pipelineId);
  return {
    id: approval.id,
    steps: approval.steps.map((step, index) => stepBody(step, index + 1, request)),
    status: approval.approvalState,
    createdOn: approval.createdOn,
    lastModifiedOn: approval.modifiedOn,
    executionOrder: approval.isInSequence ? "inSequence" : "anyOrder",
    minRequiredApprovers: approval.minimum,
    blockedApprovers: [],
    instructions: approval.instructions,
    pipeline: {
      id: String(run.pipelineId),
      name: pipeline?.name ?? "",
      owner: {
        id: run.id,
        name: run.runNumber,
        _links: { web: { href: webUrl(run, baseUrl) }, self: { href: buildUrl(run, baseUrl) } },
      },
    },
    _links: { self: { href: `${baseUrl}/${approval.projectId}/_apis/pipelines/approvals/${approval.id}` } },
  };
}

function stepBody(step: ApprovalStep, order: number, request: RouteRequest): JsonObject {
  const person = (id: string): JsonObject => {
    const identity = request.organization.identity(id);
    return identity === undefined ? { id } : identityReference(identity, request.baseUrl);
  };
  const { decidedById, comment, modifiedOn } = step;
  return {
    assignedApprover: person(step.approverId),
    ...(decidedById === undefined
      ? {}
      : { actualApprover: person(decidedById), lastModifiedBy: person(decidedById) }),
    status: step.stepState,
    ...(comment === undefined ? {} : { comment }),
    lastModifiedOn: modifiedOn,
    order,
    initiatedOn: modifiedOn,
    history: [],
  };
}

export const approvalRoutes: readonly Route[] = [
  { location: approvals, method: "GET", requires: ["project"], handle: list },
  { location: approvals, method: "GET", requires: ["project", "approvalId"], handle: getOne },
  { location: approvals, method: "PATCH", requires: ["project"], handle: update },
];
