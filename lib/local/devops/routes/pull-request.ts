import { isObject, listReply, objectBody, scalarIn, textIn, valueIn } from "../body.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import { completePullRequest, refuseBlocked } from "../review/complete-pull-request.ts";
import { parseCompletionOptions } from "../review/completion-options.ts";
import { openPullRequest, prepareReview } from "../review/open-pull-request.ts";
import {
  changePullRequest,
  findPullRequest,
  pullRequestsOf,
  type PullRequestRecord,
} from "../review/pull-request-record.ts";
import { refreshPullRequests } from "../review/refresh-pull-requests.ts";
import {
  labelsBody,
  listedPullRequest,
  pullRequestBody,
  pullRequestWithLinks,
} from "./pull-request-answer.ts";
import { findRepository, type RepositoryRecord } from "./repository-record.ts";

const inRepository = location({
  id: "9946fd70-0d40-406e-b686-b4744cbbcc37",
  area: "git",
  resourceName: "pullRequests",
  routeTemplate: "{project}/_apis/{area}/repositories/{repositoryId}/{resource}/{pullRequestId}",
  resourceVersion: 2,
});

const byNumber = location({
  id: "01a46dea-7d46-4d40-bc84-319e7c260d99",
  area: "git",
  resourceName: "pullRequests",
  routeTemplate: "{project}/_apis/{area}/{resource}/{pullRequestId}",
  resourceVersion: 2,
});

const inProject = location({
  id: "a5d28130-9cd2-40fa-9f08-902e7daa9efb",
  area: "git",
  resourceName: "pullRequests",
  routeTemplate: "{project}/_apis/{area}/{resource}",
  resourceVersion: 2,
});

const defaultTop = 101;

/** The repository that a path names. */
function repositoryOf({ organization, params }: RouteRequest): RepositoryRecord {
  return findRepository(organization, { project: params["project"], idOrName: params["repositoryId"] ?? "" });
}

/** The pull request that a path names. */
export function pullRequestOf(request: RouteRequest): PullRequestRecord {
  return findPullRequest(
    request.organization,
    request.params["pullRequestId"] ?? "",
    repositoryOf(request).id,
  );
}

/** The answer comes before the merge is tried, as from the service; who asks again sees how that went. */
async function create(request: RouteRequest): Promise<RouteReply> {
  const { organization, identity: by, body, work } = request;
  const opened = await openPullRequest(
    { organization, repository: repositoryOf(request), by },
    objectBody(body),
  );
  const answer = { ...(await pullRequestWithLinks(opened, request)), labels: labelsBody(opened) };
  await prepareReview(organization, opened);
  await work.reviewChanged(opened.id);
  return { status: 201, body: answer };
}

async function getOne(request: RouteRequest): Promise<RouteReply> {
  return { status: 200, body: await pullRequestWithLinks(pullRequestOf(request), request) };
}

async function getByNumber(request: RouteRequest): Promise<RouteReply> {
  const found = findPullRequest(request.organization, request.params["pullRequestId"] ?? "");
  return { status: 200, body: await pullRequestBody(found, request) };
}

/** Newest first, active ones unless another state is asked for. */
function list(request: RouteRequest): RouteReply {
  const { organization, params, query } = request;
  const asked = (name: string): string | undefined => query.get(`searchcriteria.${name}`);
  const repositoryId =
    params["repositoryId"] === undefined ? asked("repositoryid") : repositoryOf(request).id;
  const projectId = params["project"] === undefined ? undefined : organization.project(params["project"]).id;
  const status = statusOf(asked("status"));
  const found = pullRequestsOf(organization)
    .filter((one) => (repositoryId ?? one.repositoryId) === one.repositoryId)
    .filter((one) => (projectId ?? one.projectId) === one.projectId)
    .filter((one) => status === "all" || one.status === status)
    .filter((one) => (asked("sourcerefname") ?? one.sourceRef) === one.sourceRef)
    .filter((one) => (asked("targetrefname") ?? one.targetRef) === one.targetRef)
    .filter((one) => (asked("creatorid") ?? one.createdById) === one.createdById)
    .filter((one) => hasReviewer(one, asked("reviewerid")))
    .toReversed();
  const skip = Number(query.get("$skip") ?? 0) || 0;
  const top = Number(query.get("$top") ?? defaultTop) || defaultTop;
  const shown = found.slice(skip, skip + top);
  return { status: 200, body: listReply(shown.map((one) => listedPullRequest(one, request))) };
}

/** States go by name or by the service's number. */
const statuses: ReadonlyMap<string, string> = new Map([
  ["1", "active"],
  ["2", "abandoned"],
  ["3", "completed"],
  ["4", "all"],
]);

function statusOf(text: string | undefined): string {
  const given = text?.toLowerCase() ?? "active";
  return statuses.get(given) ?? given;
}

function hasReviewer({ reviewers }: PullRequestRecord, id: string | undefined): boolean {
  return id === undefined || reviewers.some((reviewer) => reviewer.id === id.toLowerCase());
}

async function update(request: RouteRequest): Promise<RouteReply> {
  const { organization, body } = request;
  const old = pullRequestOf(request);
  const content = objectBody(body);
  const wanted = statusOf(scalarIn(content, "status") ?? old.status);
  const isReopened = wanted === "active" && old.status === "abandoned";
  if (old.status !== "active" && !isReopened) throw notEditable();
  const changed = changePullRequest(organization, old.id, (now) => changedBy(now, request));
  switch (wanted) {
    case "abandoned":
      return await abandon(request, changed);
    case "completed":
      return await complete(request, changed);
    default:
      return isReopened ? await reopen(request, changed) : await afterEdit(request, changed);
  }
}

function changedBy(now: PullRequestRecord, { body, organization }: RouteRequest): PullRequestRecord {
  const options = parseCompletionOptions(valueIn(body, "completionOptions"));
  const isDraft = valueIn(body, "isDraft");
  const { autoCompleteById, ...rest } = now;
  const given = valueIn(body, "autoCompleteSetBy");
  const setBy = given === undefined ? autoCompleteById : textIn(given, "id")?.toLowerCase();
  const isKnown = setBy !== undefined && organization.identity(setBy) !== undefined;
  return {
    ...rest,
    title: textIn(body, "title") ?? now.title,
    description: textIn(body, "description") ?? now.description,
    isDraft: typeof isDraft === "boolean" ? isDraft : now.isDraft,
    ...(options === undefined ? {} : { completionOptions: { ...now.completionOptions, ...options } }),
    ...(isKnown ? { autoCompleteById: setBy } : {}),
  };
}

async function afterEdit(request: RouteRequest, changed: PullRequestRecord): Promise<RouteReply> {
  const answer = await pullRequestWithLinks(changed, request);
  await request.work.reviewChanged(changed.id);
  return { status: 200, body: answer };
}

async function abandon(request: RouteRequest, { id }: PullRequestRecord): Promise<RouteReply> {
  const { organization } = request;
  const abandoned = changePullRequest(organization, id, (now) => {
    const { merge: _merge, autoCompleteById: _by, ...rest } = now;
    return { ...rest, status: "abandoned", closedDate: organization.now() };
  });
  return { status: 200, body: await pullRequestWithLinks(abandoned, request) };
}

async function reopen(request: RouteRequest, { id, repositoryId }: PullRequestRecord): Promise<RouteReply> {
  const { organization, work } = request;
  const active = changePullRequest(organization, id, (now) => {
    const { closedDate: _date, closedById: _by, ...rest } = now;
    return { ...rest, status: "active" };
  });
  const answer = await pullRequestWithLinks(active, request);
  await refreshPullRequests(organization, repositoryId);
  await prepareReview(organization, findPullRequest(organization, id));
  await work.reviewChanged(id);
  return { status: 200, body: answer };
}

/** The answer comes before the merge, as from the service; who asks again sees the merge done, or why it was not. */
async function complete(request: RouteRequest, changed: PullRequestRecord): Promise<RouteReply> {
  const { organization, identity, body, work } = request;
  refuseStale(changed, body);
  await refuseBlocked(organization, changed);
  const queued = changePullRequest(organization, changed.id, (now) => ({
    ...now,
    completionOptions: { mergeStrategy: "noFastForward", ...now.completionOptions },
    completionQueueTime: organization.now(),
    closedById: identity.id,
  }));
  const { merge: _, ...shown } = queued;
  const answer = await pullRequestWithLinks(shown, request);
  await work.expectMoves(queued.repositoryId);
  if (await completePullRequest(organization, queued, identity))
    await work.refsMoved(queued.repositoryId, identity);
  return { status: 200, body: answer };
}

/** Whoever completes says which commit was reviewed. */
function refuseStale({ sourceCommit }: PullRequestRecord, body: unknown): void {
  const reviewed = valueIn(body, "lastMergeSourceCommit");
  if (!isObject(reviewed))
    throw new ServiceError(
      400,
      "InvalidArgumentValueException",
      "Invalid argument value.\r\nParameter name: A pull request is completed with its lastMergeSourceCommit.",
    );
  if (textIn(reviewed, "commitId")?.toLowerCase() === sourceCommit) return;
  throw new ServiceError(
    409,
    "GitPullRequestStaleException",
    "TF401192: The source branch has been modified since the last merge attempt.",
  );
}

function notEditable(): ServiceError {
  return new ServiceError(
    400,
    "GitPullRequestNotEditableException",
    "TF401181: The pull request cannot be edited due to its state.",
  );
}

const repository = ["project", "repositoryId"];
const bareRepository = ["repositoryId"];

export const pullRequestRoutes: readonly Route[] = [
  ...[repository, bareRepository].flatMap((requires): readonly Route[] => [
    { location: inRepository, method: "POST", requires, handle: create },
    { location: inRepository, method: "GET", requires, handle: list },
    { location: inRepository, method: "GET", requires: [...requires, "pullRequestId"], handle: getOne },
    { location: inRepository, method: "PATCH", requires: [...requires, "pullRequestId"], handle: update },
  ]),
  { location: byNumber, method: "GET", requires: ["project", "pullRequestId"], handle: getByNumber },
  { location: byNumber, method: "GET", requires: ["pullRequestId"], handle: getByNumber },
  { location: inProject, method: "GET", requires: ["project"], handle: list },
];
