import { join } from "node:path";
import { listCommits } from "../../../git/bare-repository.ts";
import type { JsonObject } from "../body.ts";
import { identityReference } from "../identity-reference.ts";
import type { RouteRequest } from "../route.ts";
import type { PullRequestRecord, Reviewer } from "../review/pull-request-record.ts";
import { repositoryBody } from "./repository-body.ts";
import { findRepository, repositoryFolder } from "./repository-record.ts";

type Answering = Pick<RouteRequest, "organization" | "baseUrl">;

/** A pull request as lists show it: without its people's links and without the details of commits. */
export function listedPullRequest(request: PullRequestRecord, at: Answering): JsonObject {
  const { organization, baseUrl } = at;
  const project = organization.project(request.projectId);
  const repository = findRepository(organization, { project: undefined, idOrName: request.repositoryId });
  const shown = { id: project.id, name: project.name, state: "unchanged", visibility: "private" };
  return {
    ...coreOf(request, at),
    repository: {
      id: repository.id,
      name: repository.name,
      url: repositoryUrl(request, baseUrl),
      project: { ...shown, lastUpdateTime: "0001-01-01T00:00:00" },
    },
    ...mergeCommitOf(request, baseUrl),
  };
}

/** A pull request by itself. */
export async function pullRequestBody(request: PullRequestRecord, at: Answering): Promise<JsonObject> {
  const { organization, baseUrl } = at;
  const repository = findRepository(organization, { project: undefined, idOrName: request.repositoryId });
  const { projectId, repositoryId, id } = request;
  return {
    ...coreOf(request, at),
    repository: repositoryBody(organization, repository, baseUrl),
    ...(await mergeCommitWithAuthor(request, at)),
    ...(request.workItemIds.length === 0 ? {} : { workItemRefs: workItemsBody(request, baseUrl) }),
    artifactId: `vstfs:///Git/PullRequestId/${projectId}%2f${repositoryId}%2f${id}`,
  };
}

/** The same with its links, as writes answer it. */
export async function pullRequestWithLinks(request: PullRequestRecord, at: Answering): Promise<JsonObject> {
  return { ...(await pullRequestBody(request, at)), _links: linksOf(request, at.baseUrl) };
}

/** A reviewer with the vote; the service says who is required and is silent about the others. */
export function reviewerBody(
  { id, vote, isRequired, isFlagged, hasDeclined }: Reviewer,
  request: PullRequestRecord,
  { organization, baseUrl }: Answering,
): JsonObject {
  const identity = organization.identity(id);
  const { descriptor: _, ...person } = identity === undefined ? { id } : identityReference(identity, baseUrl);
  return {
    reviewerUrl: `${pullRequestUrl(request, baseUrl)}/reviewers/${id}`,
    vote,
    hasDeclined,
    ...(isRequired ? { isRequired } : {}),
    isFlagged,
    ...person,
    ...(identity === undefined || identity.kind === "user" ? {} : { isContainer: true }),
  };
}

/** The work items that somebody linked, by their numbers only: there are no boards here. */
export function workItemsBody({ workItemIds }: PullRequestRecord, baseUrl: string): readonly JsonObject[] {
  return workItemIds.map((id) => ({ id, url: `${baseUrl}/_apis/wit/workItems/${encodeURIComponent(id)}` }));
}

/** The address of a pull request. */
export function pullRequestUrl(request: PullRequestRecord, baseUrl: string): string {
  return `${repositoryUrl(request, baseUrl)}/pullRequests/${request.id}`;
}

/** A commit by its id. */
export function commitReference(request: PullRequestRecord, commitId: string, baseUrl: string): JsonObject {
  return { commitId, url: `${repositoryUrl(request, baseUrl)}/commits/${commitId}` };
}

function repositoryUrl({ projectId, repositoryId }: PullRequestRecord, baseUrl: string): string {
  return `${baseUrl}/${projectId}/_apis/git/repositories/${repositoryId}`;
}

function coreOf(request: PullRequestRecord, at: Answering): JsonObject {
  const { baseUrl } = at;
  const { status, merge } = request;
  return {
    pullRequestId: request.id,
    codeReviewId: request.id,
    status,
    createdBy: personOf(request.createdById, at),
    creationDate: request.creationDate,
    ...definedOf({ closedDate: request.closedDate }),
    title: request.title,
    ...definedOf({ description: request.description }),
    sourceRefName: request.sourceRef,
    targetRefName: request.targetRef,
    ...(status === "abandoned" ? {} : { mergeStatus: merge?.status ?? "queued" }),
    ...(merge !== undefined && merge.status !== "succeeded"
      ? definedOf({ mergeFailureMessage: merge.message })
      : {}),
    isDraft: request.isDraft,
    mergeId: request.mergeId,
    lastMergeSourceCommit: commitReference(request, request.sourceCommit, baseUrl),
    lastMergeTargetCommit: commitReference(request, request.targetCommit, baseUrl),
    reviewers: request.reviewers.map((reviewer) => reviewerBody(reviewer, request, at)),
    ...(request.labels.length === 0 ? {} : { labels: labelsBody(request) }),
    url: pullRequestUrl(request, baseUrl),
    ...completionOf(request, at),
    supportsIterations: true,
  };
}

function completionOf(request: PullRequestRecord, at: Answering): JsonObject {
  const { completionOptions, completionQueueTime, closedById, autoCompleteById } = request;
  return {
    ...definedOf({ completionOptions, completionQueueTime }),
    ...(closedById === undefined ? {} : { closedBy: personOf(closedById, at) }),
    ...(autoCompleteById === undefined ? {} : { autoCompleteSetBy: personOf(autoCompleteById, at) }),
  };
}

/** Labels have no id of their own here; their place is it. */
export function labelsBody({ labels }: PullRequestRecord): readonly JsonObject[] {
  return labels.map((name, index) => ({
    id: `00000000-0000-4000-8000-${String(index + 1).padStart(12, "0")}`,
    name,
    active: true,
  }));
}

function personOf(id: string, { organization, baseUrl }: Answering): JsonObject {
  const identity = organization.identity(id);
  return identity === undefined ? { id } : identityReference(identity, baseUrl);
}

function mergeCommitOf(request: PullRequestRecord, baseUrl: string): JsonObject {
  const { merge } = request;
  if (merge?.status !== "succeeded") return {};
  return { lastMergeCommit: commitReference(request, merge.commit, baseUrl) };
}

async function mergeCommitWithAuthor(
  request: PullRequestRecord,
  { organization, baseUrl }: Answering,
): Promise<JsonObject> {
  const { merge, repositoryId } = request;
  if (merge?.status !== "succeeded") return {};
  const repository = findRepository(organization, { project: undefined, idOrName: repositoryId });
  const folder = join(organization.gitFolder, repositoryFolder(repository));
  const [commit] = (await listCommits(folder, merge.commit, { most: 1 })) ?? [];
  const { author, committer, comment } = commit ?? {};
  return {
    lastMergeCommit: {
      ...definedOf({ author, committer, comment }),
      ...commitReference(request, merge.commit, baseUrl),
    },
  };
}

function linksOf(request: PullRequestRecord, baseUrl: string): JsonObject {
  const at = repositoryUrl(request, baseUrl);
  const self = pullRequestUrl(request, baseUrl);
  return {
    self: { href: self },
    repository: { href: at },
    workItems: { href: `${self}/workitems` },
    sourceBranch: { href: `${at}/${request.sourceRef}` },
    targetBranch: { href: `${at}/${request.targetRef}` },
    statuses: { href: `${self}/statuses` },
    sourceCommit: { href: `${at}/commits/${request.sourceCommit}` },
    targetCommit: { href: `${at}/commits/${request.targetCommit}` },
    createdBy: { href: `${baseUrl}/_apis/Identities/${request.createdById}` },
    iterations: { href: `${self}/iterations` },
  };
}

/** Only what is there. */
function definedOf(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
