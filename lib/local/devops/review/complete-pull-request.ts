import { noObject, updateRef } from "../../../git/bare-repository.ts";
import { protectedRefs } from "../git/protected-refs.ts";
import { findRepository } from "../routes/repository-record.ts";
import { ServiceError } from "../service-error.ts";
import type { Organization } from "../state/organization.ts";
import type { Identity } from "../state/organization-state.ts";
import { folderOf, makeFinalCommit, readRefs } from "./merge-branches.ts";
import { pathsOf } from "./open-pull-request.ts";
import { blockingOnes, evaluatePolicies, type Evaluation } from "./policy-evaluation.ts";
import { changePullRequest, type MergeState, type PullRequestRecord } from "./pull-request-record.ts";

/** What the policies of the target branch say about a pull request now. */
export async function evaluate(
  organization: Organization,
  request: PullRequestRecord,
): Promise<readonly Evaluation[]> {
  return evaluatePolicies({ organization, request, paths: await pathsOf(organization, request) });
}

/** Refuses to complete what a blocking policy, its state, or a conflict stands in the way of. */
export async function refuseBlocked(organization: Organization, request: PullRequestRecord): Promise<void> {
  if (request.isDraft)
    throw new ServiceError(
      400,
      "InvalidArgumentValueException",
      "A draft pull request cannot be completed; publish it first.",
    );
  if (request.merge?.status === "conflicts")
    throw new ServiceError(
      409,
      "GitPullRequestConflictsException",
      `The branches have conflicts: merge ${request.targetRef} into ${request.sourceRef} and push.`,
    );
  const blocking = blockingOnes(await evaluate(organization, request));
  if (blocking.length === 0 || request.completionOptions?.bypassPolicy === true) return;
  const message = blocking.map(({ missing }) => `${missing}.`).join(" ");
  throw new ServiceError(403, "GitPullRequestUpdateRejectedByPolicyException", message);
}

/** Merges a pull request into its target branch, which nothing else may have moved meanwhile; the answer says whether it did. */
export async function completePullRequest(
  organization: Organization,
  request: PullRequestRecord,
  by: Identity,
): Promise<boolean> {
  const merged = await makeFinalCommit(organization, request, by);
  if (merged.kind !== "merged") {
    const merge: MergeState =
      merged.kind === "conflicts" ? { status: "conflicts" } : { status: "failure", message: merged.reason };
    changePullRequest(organization, request.id, (now) => withoutQueue({ ...now, merge }));
    return false;
  }
  const folder = folderOf(organization, request.repositoryId);
  const { targetRef: name, targetCommit: oldObjectId } = request;
  if (!(await updateRef(folder, { name, oldObjectId, newObjectId: merged.id }))) {
    changePullRequest(organization, request.id, withoutQueue);
    return false;
  }
  changePullRequest(organization, request.id, (now) => ({
    ...withoutQueue(now),
    status: "completed",
    closedById: by.id,
    closedDate: organization.now(),
    merge: { status: "succeeded", commit: merged.id },
  }));
  if (request.completionOptions?.deleteSourceBranch === true) await deleteSource(organization, request);
  return true;
}

/** A source that is protected itself, or has moved on, stays. */
async function deleteSource(organization: Organization, request: PullRequestRecord): Promise<void> {
  const { sourceRef, sourceCommit, repositoryId, projectId } = request;
  const repository = findRepository(organization, { project: projectId, idOrName: repositoryId });
  const isProtected = protectedRefs(organization, repository).some(
    (ref) => sourceRef === ref || sourceRef.startsWith(`${ref}/`),
  );
  const folder = folderOf(organization, repositoryId);
  if (isProtected || (await readRefs(folder)).get(sourceRef) !== sourceCommit) return;
  await updateRef(folder, { name: sourceRef, oldObjectId: sourceCommit, newObjectId: noObject });
}

function withoutQueue(request: PullRequestRecord): PullRequestRecord {
  const { completionQueueTime: _, ...rest } = request;
  return rest;
}
