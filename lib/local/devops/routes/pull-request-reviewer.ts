import { listReply, valueIn } from "../body.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import { newReviewer, parseReviewers } from "../review/open-pull-request.ts";
import { changePullRequest, type PullRequestRecord, type Reviewer } from "../review/pull-request-record.ts";
import { ownerIdentity } from "../state/well-known-identities.ts";
import { reviewerBody } from "./pull-request-answer.ts";
import { pullRequestOf } from "./pull-request.ts";

const reviewers = location({
  id: "4b6702c7-aa35-4b89-9c96-b9abf6d3e540",
  area: "git",
  resourceName: "pullRequestReviewers",
  routeTemplate:
    "{project}/_apis/{area}/repositories/{repositoryId}/pullRequests/{pullRequestId}/reviewers/{reviewerId}",
});

const votes = [10, 5, 0, -5, -10];

function list(request: RouteRequest): RouteReply {
  const pullRequest = pullRequestOf(request);
  const value = pullRequest.reviewers.map((reviewer) => reviewerBody(reviewer, pullRequest, request));
  return { status: 200, body: listReply(value) };
}

function getOne(request: RouteRequest): RouteReply {
  const pullRequest = pullRequestOf(request);
  const reviewer = pullRequest.reviewers.find(({ id }) => id === reviewerIdOf(request));
  if (reviewer === undefined) throw notFound(request);
  return { status: 200, body: reviewerBody(reviewer, pullRequest, request) };
}

async function add(request: RouteRequest): Promise<RouteReply> {
  const { organization, body, work } = request;
  const wanted = parseReviewers(organization, Array.isArray(body) ? body : []);
  const known = new Set(pullRequestOf(request).reviewers.map(({ id }) => id));
  const added = wanted.filter(({ id }) => !known.has(id));
  const changed = changePullRequest(organization, pullRequestOf(request).id, (now) => ({
    ...now,
    reviewers: [...now.reviewers, ...added],
  }));
  await work.reviewChanged(changed.id);
  const value = wanted.map((reviewer) => reviewerBody(reviewer, changed, request));
  return { status: 200, body: listReply(value) };
}

/** Adds a reviewer, and sets the vote. Everybody votes for himself; the owner of the organisation can speak for others too. */
async function put(request: RouteRequest): Promise<RouteReply> {
  const { organization, body, work } = request;
  const id = reviewerIdOf(request);
  if (organization.identity(id) === undefined) throw notFound(request);
  const vote = valueIn(body, "vote");
  if (vote !== undefined) refuseVote(request, vote);
  const changed = changePullRequest(organization, activeOf(request).id, (now) => withReviewer(now, id, body));
  await work.reviewChanged(changed.id);
  const reviewer = changed.reviewers.find((one) => one.id === id) ?? newReviewer(id, false);
  return { status: 200, body: reviewerBody(reviewer, changed, request) };
}

async function remove(request: RouteRequest): Promise<RouteReply> {
  const { organization, work } = request;
  const id = reviewerIdOf(request);
  const changed = changePullRequest(organization, pullRequestOf(request).id, (now) => ({
    ...now,
    reviewers: now.reviewers.filter((reviewer) => reviewer.id !== id),
  }));
  await work.reviewChanged(changed.id);
  return { status: 200 };
}

function withReviewer(now: PullRequestRecord, id: string, body: unknown): PullRequestRecord {
  const old = now.reviewers.find((reviewer) => reviewer.id === id) ?? newReviewer(id, false);
  const next: Reviewer = {
    id,
    vote: numberIn(body, "vote") ?? old.vote,
    isRequired: flagIn(body, "isRequired") ?? old.isRequired,
    isFlagged: flagIn(body, "isFlagged") ?? old.isFlagged,
    hasDeclined: flagIn(body, "hasDeclined") ?? old.hasDeclined,
  };
  const others = now.reviewers.filter((reviewer) => reviewer.id !== id);
  return { ...now, reviewers: [...others, next] };
}

function refuseVote({ organization, identity, params }: RouteRequest, vote: unknown): void {
  if (typeof vote !== "number" || !votes.includes(vote))
    throw new ServiceError(400, "InvalidArgumentValueException", `A vote is one of ${votes.join(", ")}.`);
  const isOwn = params["reviewerId"]?.toLowerCase() === identity.id;
  if (isOwn || vote === 0 || identity.id === ownerIdentity(organization).id) return;
  throw new ServiceError(
    403,
    "GitPullRequestReviewerVoteNotAllowedException",
    `${identity.displayName} can vote only in the own name.`,
  );
}

function activeOf(request: RouteRequest): PullRequestRecord {
  const pullRequest = pullRequestOf(request);
  if (pullRequest.status === "active") return pullRequest;
  throw new ServiceError(
    400,
    "GitPullRequestNotEditableException",
    "TF401181: The pull request cannot be edited due to its state.",
  );
}

function reviewerIdOf({ params }: RouteRequest): string {
  return (params["reviewerId"] ?? "").toLowerCase();
}

function notFound({ params }: RouteRequest): ServiceError {
  return new ServiceError(
    404,
    "GitPullRequestReviewerNotFoundException",
    `TF401178: The reviewer ${params["reviewerId"] ?? ""} was not found.`,
  );
}

function numberIn(body: unknown, name: string): number | undefined {
  const value = valueIn(body, name);
  return typeof value === "number" ? value : undefined;
}

function flagIn(body: unknown, name: string): boolean | undefined {
  const value = valueIn(body, name);
  return typeof value === "boolean" ? value : undefined;
}

export const pullRequestReviewerRoutes: readonly Route[] = [
  ["project", "repositoryId", "pullRequestId"],
  ["repositoryId", "pullRequestId"],
].flatMap((requires): readonly Route[] => {
  const one = [...requires, "reviewerId"];
  return [
    { location: reviewers, method: "GET", requires, handle: list },
    { location: reviewers, method: "POST", requires, handle: add },
    { location: reviewers, method: "GET", requires: one, handle: getOne },
    { location: reviewers, method: "PUT", requires: one, handle: put },
    { location: reviewers, method: "PATCH", requires: one, handle: put },
    { location: reviewers, method: "DELETE", requires: one, handle: remove },
  ];
});
