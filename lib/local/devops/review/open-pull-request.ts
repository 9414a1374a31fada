import { changedPaths, mergeBase } from "../../../git/compare-commits.ts";
import { listIn, requireText, textIn, valueIn } from "../body.ts";
import type { RepositoryRecord } from "../routes/repository-record.ts";
import { ServiceError } from "../service-error.ts";
import type { Organization } from "../state/organization.ts";
import type { Identity } from "../state/organization-state.ts";
import { folderOf, readRefs, tryMerge } from "./merge-branches.ts";
import { parseCompletionOptions } from "./completion-options.ts";
import { patternsOf, matchesAny, policiesFor, policyTypeIds } from "./policy-evaluation.ts";
import {
  changePullRequest,
  pullRequestKind,
  pullRequestsOf,
  type PullRequestRecord,
  type Reviewer,
} from "./pull-request-record.ts";

interface Asked {
  readonly organization: Organization;
  readonly repository: RepositoryRecord;
  readonly by: Identity;
}

/** Opens a pull request as a body asks for it; what the service would not open is refused. */
export async function openPullRequest(
  { organization, repository, by }: Asked,
  body: unknown,
): Promise<PullRequestRecord> {
  const sourceRef = requireText(body, "sourceRefName");
  const targetRef = requireText(body, "targetRefName");
  const refs = await readRefs(folderOf(organization, repository.id));
  const sourceCommit = requireRef(refs, sourceRef);
  const targetCommit = requireRef(refs, targetRef);
  refuseOpen(organization, { repositoryId: repository.id, sourceRef, targetRef });
  const creationDate = organization.now();
  const options = parseCompletionOptions(valueIn(body, "completionOptions"));
  const request: PullRequestRecord = {
    id: organization.nextNumber(pullRequestKind),
    projectId: repository.projectId,
    repositoryId: repository.id,
    title: requireText(body, "title"),
    description: textIn(body, "description"),
    sourceRef,
    targetRef,
    status: "active",
    isDraft: valueIn(body, "isDraft") === true,
    createdById: by.id,
    creationDate,
    mergeId: organization.newGuid(),
    sourceCommit,
    targetCommit,
    reviewers: parseReviewers(organization, listIn(body, "reviewers")),
    ...(options === undefined ? {} : { completionOptions: options }),
    iterations: [{ id: 1, createdDate: creationDate, sourceCommit, targetCommit, reason: "create" }],
    labels: listIn(body, "labels").flatMap((label) => textIn(label, "name") ?? []),
    workItemIds: listIn(body, "workItemRefs").flatMap((item) => textIn(item, "id") ?? []),
  };
  organization.put(pullRequestKind, request);
  return request;
}

/** Merges a new state of the branches, and asks those for a review whom policies require. */
export async function prepareReview(organization: Organization, request: PullRequestRecord): Promise<void> {
  const merge = await tryMerge(organization, request);
  const paths = await pathsOf(organization, request);
  const required = requiredReviewers(organization, request, paths);
  changePullRequest(organization, request.id, (now) => {
    const isSame = now.sourceCommit === request.sourceCommit && now.targetCommit === request.targetCommit;
    const known = new Set(now.reviewers.map(({ id }) => id));
    const reviewers = [...now.reviewers, ...required.filter(({ id }) => !known.has(id))];
    return { ...now, reviewers, ...(isSame && now.status === "active" ? { merge } : {}) };
  });
}

/** The files that a pull request changes. */
export async function pathsOf(
  organization: Organization,
  { repositoryId, sourceCommit, targetCommit }: PullRequestRecord,
): Promise<readonly string[]> {
  const folder = folderOf(organization, repositoryId);
  const base = await mergeBase(folder, targetCommit, sourceCommit);
  return await changedPaths(folder, base ?? targetCommit, sourceCommit);
}

/** Reviewers as a body names them; each has to be known. */
export function parseReviewers(organization: Organization, given: readonly unknown[]): readonly Reviewer[] {
  return given.map((reviewer) => {
    const id = requireText(reviewer, "id").toLowerCase();
    if (organization.identity(id) === undefined)
      throw new ServiceError(400, "InvalidIdentityException", `TF50309: The identity ${id} does not exist.`);
    return newReviewer(id, valueIn(reviewer, "isRequired") === true);
  });
}

export function newReviewer(id: string, isRequired: boolean): Reviewer {
  return { id, vote: 0, isRequired, isFlagged: false, hasDeclined: false };
}

function requiredReviewers(
  organization: Organization,
  request: PullRequestRecord,
  paths: readonly string[],
): readonly Reviewer[] {
  const wanted = policiesFor(organization, request)
    .filter(({ typeId }) => typeId === policyTypeIds.requiredReviewers)
    .filter((policy) => matchesAny(patternsOf(policy), paths))
    .flatMap(({ settings, isBlocking }) =>
      listIn(settings, "requiredReviewerIds").map((id) => [String(id).toLowerCase(), isBlocking] as const),
    )
    .filter(([id]) => id !== request.createdById);
  return [...new Map(wanted)].map(([id, isRequired]) => newReviewer(id, isRequired));
}

function requireRef(refs: ReadonlyMap<string, string>, name: string): string {
  const commit = refs.get(name);
  if (commit !== undefined && name.startsWith("refs/heads/")) return commit;
  throw new ServiceError(
    400,
    "GitPullRequestCannotBeActivated",
    "TF401398: The pull request cannot be activated because the source and/or the target branch no longer exists, or the " +
      "requested branches are the same.",
  );
}

function refuseOpen(
  organization: Organization,
  { repositoryId, sourceRef, targetRef }: Pick<PullRequestRecord, "repositoryId" | "sourceRef" | "targetRef">,
): void {
  if (sourceRef === targetRef) requireRef(new Map(), sourceRef);
  const isOpen = pullRequestsOf(organization).some(
    (request) =>
      request.status === "active" &&
      request.repositoryId === repositoryId &&
      request.sourceRef === sourceRef &&
      request.targetRef === targetRef,
  );
  if (!isOpen) return;
  throw new ServiceError(
    409,
    "GitPullRequestExistsException",
    "TF401179: An active pull request for the source and target branch already exists.",
  );
}
