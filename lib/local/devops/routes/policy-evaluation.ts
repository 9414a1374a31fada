import { listReply, type JsonObject } from "../body.ts";
import { location } from "../location.ts";
import { page } from "../page.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import { evaluate } from "../review/complete-pull-request.ts";
import type { Evaluation } from "../review/policy-evaluation.ts";
import { findPullRequest, pullRequestsOf, type PullRequestRecord } from "../review/pull-request-record.ts";
import { queueValidation } from "../runs/queue-run.ts";
import { stableGuid } from "../state/stable-guid.ts";
import { policyBody } from "./branch-policy.ts";
import { pipelinesOf } from "./pipeline-record.ts";

const evaluations = location({
  id: "c23ddff5-229c-4d04-a80b-0fdce9f360c8",
  area: "policy",
  resourceName: "evaluations",
  routeTemplate: "{project}/_apis/{area}/{resource}",
  releasedVersion: "0.0",
});

const one = location({
  id: "46aecb7a-5d2c-4647-897b-0209505a9fe4",
  area: "policy",
  resourceName: "evaluations",
  routeTemplate: "{project}/_apis/{area}/{resource}/{evaluationId}",
  releasedVersion: "0.0",
});

const artifactForm = /^vstfs:\/\/\/CodeReview\/CodeReviewId\/[^/]+\/(\d+)$/i;

/** What the policies say about the pull request of `artifactId`. */
async function list(request: RouteRequest): Promise<RouteReply> {
  const { organization, query, params } = request;
  organization.project(params["project"] ?? "");
  const number = artifactForm.exec(decodeURIComponent(query.get("artifactid") ?? ""))?.[1];
  if (number === undefined)
    throw new ServiceError(
      400,
      "InvalidArgumentValueException",
      "artifactId has to be vstfs:///CodeReview/CodeReviewId/{project id}/{pull request}.",
    );
  const pullRequest = findPullRequest(organization, number);
  const withAll = query.get("includenotapplicable")?.toLowerCase() === "true";
  const found = (await evaluate(organization, pullRequest)).filter(
    ({ status }) => withAll || status !== "notApplicable",
  );
  const { shown, headers } = page(found, query);
  const value = shown.map((evaluation) => evaluationBody(evaluation, pullRequest, request));
  return { status: 200, headers, body: listReply(value) };
}

async function getOne(request: RouteRequest): Promise<RouteReply> {
  const { evaluation, pullRequest } = await findEvaluation(request);
  return { status: 200, body: evaluationBody(evaluation, pullRequest, request) };
}

/** Asks a build validation for another run. */
async function requeue(request: RouteRequest): Promise<RouteReply> {
  const { organization, work } = request;
  const { evaluation, pullRequest } = await findEvaluation(request);
  const run = queueValidation(organization, pullRequest, evaluation.policy);
  if (run !== undefined) work.begin(run);
  const again = await findEvaluation(request);
  return { status: 200, body: evaluationBody(again.evaluation, pullRequest, request) };
}

async function findEvaluation(
  request: RouteRequest,
): Promise<{ readonly evaluation: Evaluation; readonly pullRequest: PullRequestRecord }> {
  const { organization, params } = request;
  const project = organization.project(params["project"] ?? "");
  const wanted = params["evaluationId"]?.toLowerCase();
  for (const pullRequest of pullRequestsOf(organization).filter(
    ({ projectId }) => projectId === project.id,
  )) {
    const found = (await evaluate(organization, pullRequest)).find(
      ({ policy }) => evaluationId(pullRequest, policy.id) === wanted,
    );
    if (found !== undefined) return { evaluation: found, pullRequest };
  }
  throw new ServiceError(
    404,
    "PolicyEvaluationRecordNotFoundException",
    `Policy evaluation ${params["evaluationId"]} does not exist.`,
  );
}

function evaluationId({ id, mergeId }: PullRequestRecord, policyId: number): string {
  return stableGuid(`${mergeId} ${id} ${policyId}`);
}

function evaluationBody(
  { policy, status, run }: Evaluation,
  pullRequest: PullRequestRecord,
  request: RouteRequest,
): JsonObject {
  const { organization } = request;
  const pipeline = pipelinesOf(organization, pullRequest.projectId).find(({ id }) => id === run?.pipelineId);
  const context =
    run === undefined
      ? {}
      : {
          context: {
            buildId: run.id,
            buildDefinitionId: run.pipelineId,
            buildDefinitionName: pipeline?.name ?? "",
            isExpired: false,
            buildIsNotCurrent: false,
            lastMergeCommit: pullRequest.merge?.status === "succeeded" ? pullRequest.merge.commit : "",
          },
        };
  return {
    configuration: policyBody(policy, request),
    artifactId: `vstfs:///CodeReview/CodeReviewId/${pullRequest.projectId}/${pullRequest.id}`,
    evaluationId: evaluationId(pullRequest, policy.id),
    startedDate: run?.queuedOn ?? pullRequest.creationDate,
    ...(run?.finishedOn === undefined ? {} : { completedDate: run.finishedOn }),
    status,
    ...context,
  };
}

export const policyEvaluationRoutes: readonly Route[] = [
  { location: evaluations, method: "GET", requires: ["project"], handle: list },
  { location: one, method: "GET", requires: ["project", "evaluationId"], handle: getOne },
  { location: one, method: "PATCH", requires: ["project", "evaluationId"], handle: requeue },
];
