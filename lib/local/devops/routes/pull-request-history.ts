import { listReply, type JsonObject } from "../body.ts";
import { identityReference } from "../identity-reference.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import { commitsOf } from "../review/merge-branches.ts";
import type { Iteration, PullRequestRecord } from "../review/pull-request-record.ts";
import { commitReference, pullRequestUrl, workItemsBody } from "./pull-request-answer.ts";
import { pullRequestOf } from "./pull-request.ts";

const iterations = location({
  id: "d43911ee-6958-46b0-a42b-8445b8a0d004",
  area: "git",
  resourceName: "pullRequestIterations",
  routeTemplate:
    "{project}/_apis/{area}/repositories/{repositoryId}/pullRequests/{pullRequestId}/iterations/{iterationId}",
  resourceVersion: 2,
});

const commits = location({
  id: "52823034-34a8-4576-922c-8d8b77e9e4c4",
  area: "git",
  resourceName: "pullRequestCommits",
  routeTemplate: "{project}/_apis/{area}/repositories/{repositoryId}/pullRequests/{pullRequestId}/commits",
});

const workItems = location({
  id: "0a637fcc-5370-4ce8-b0e8-98091f5f9482",
  area: "git",
  resourceName: "pullRequestWorkItems",
  routeTemplate: "{project}/_apis/{area}/repositories/{repositoryId}/pullRequests/{pullRequestId}/workitems",
});

function listIterations(request: RouteRequest): RouteReply {
  const pullRequest = pullRequestOf(request);
  const value = pullRequest.iterations.map((iteration) => iterationBody(iteration, pullRequest, request));
  return { status: 200, body: listReply(value) };
}

function getIteration(request: RouteRequest): RouteReply {
  const pullRequest = pullRequestOf(request);
  const wanted = request.params["iterationId"];
  const iteration = pullRequest.iterations.find(({ id }) => String(id) === wanted);
  if (iteration !== undefined) return { status: 200, body: iterationBody(iteration, pullRequest, request) };
  throw new ServiceError(
    404,
    "GitPullRequestIterationNotFoundException",
    `The iteration ${wanted ?? ""} was not found.`,
  );
}

async function listCommits(request: RouteRequest): Promise<RouteReply> {
  const pullRequest = pullRequestOf(request);
  const found = (await commitsOf(request.organization, pullRequest)) ?? [];
  const value = found.map(({ commitId, author, committer, comment }) => ({
    ...commitReference(pullRequest, commitId, request.baseUrl),
    author,
    committer,
    comment,
  }));
  return { status: 200, body: listReply(value) };
}

function listWorkItems(request: RouteRequest): RouteReply {
  return { status: 200, body: listReply(workItemsBody(pullRequestOf(request), request.baseUrl)) };
}

function iterationBody(
  { id, createdDate, sourceCommit, targetCommit, reason }: Iteration,
  pullRequest: PullRequestRecord,
  { organization, baseUrl }: RouteRequest,
): JsonObject {
  const author = organization.identity(pullRequest.createdById);
  return {
    id,
    description: "",
    ...(author === undefined ? {} : { author: identityReference(author, baseUrl) }),
    createdDate,
    updatedDate: createdDate,
    sourceRefCommit: { commitId: sourceCommit },
    targetRefCommit: { commitId: targetCommit },
    hasMoreCommits: false,
    reason,
    _links: { self: { href: `${pullRequestUrl(pullRequest, baseUrl)}/iterations/${id}` } },
  };
}

export const pullRequestHistoryRoutes: readonly Route[] = [
  ["project", "repositoryId", "pullRequestId"],
  ["repositoryId", "pullRequestId"],
].flatMap((requires): readonly Route[] => [
  { location: iterations, method: "GET", requires, handle: listIterations },
  { location: iterations, method: "GET", requires: [...requires, "iterationId"], handle: getIteration },
  { location: commits, method: "GET", requires, handle: listCommits },
  { location: workItems, method: "GET", requires, handle: listWorkItems },
]);
