import { valueIn } from "../body.ts";
import type { Organization } from "../state/organization.ts";
import { folderOf, readRefs } from "./merge-branches.ts";
import { prepareReview } from "./open-pull-request.ts";
import { policiesFor, policyTypeIds } from "./policy-evaluation.ts";
import { changePullRequest, pullRequestsOf, type PullRequestRecord } from "./pull-request-record.ts";

/** Brings the active pull requests of a repository up to date with its branches, and answers those that changed. */
export async function refreshPullRequests(
  organization: Organization,
  repositoryId: string,
): Promise<readonly PullRequestRecord[]> {
  const active = pullRequestsOf(organization).filter(
    (request) => request.repositoryId === repositoryId && request.status === "active",
  );
  if (active.length === 0) return [];
  const refs = await readRefs(folderOf(organization, repositoryId));
  const changed = active.flatMap((request) => {
    const sourceCommit = refs.get(request.sourceRef) ?? request.sourceCommit;
    const targetCommit = refs.get(request.targetRef) ?? request.targetCommit;
    const isSame = sourceCommit === request.sourceCommit && targetCommit === request.targetCommit;
    return isSame ? [] : [move(organization, request, { sourceCommit, targetCommit })];
  });
  for (const request of changed) await prepareReview(organization, request);
  return changed;
}

function move(
  organization: Organization,
  { id }: PullRequestRecord,
  heads: Pick<PullRequestRecord, "sourceCommit" | "targetCommit">,
): PullRequestRecord {
  return changePullRequest(organization, id, (now) => {
    if (heads.sourceCommit === now.sourceCommit) return { ...now, ...heads };
    const createdDate = organization.now();
    const iteration = { id: now.iterations.length + 1, createdDate, ...heads, reason: "push" as const };
    const forgets = policiesFor(organization, now).some(
      ({ typeId, settings }) =>
        typeId === policyTypeIds.minimumReviewers &&
        (valueIn(settings, "resetOnSourcePush") === true ||
          valueIn(settings, "requireVoteOnLastIteration") === true),
    );
    const reviewers = forgets ? now.reviewers.map((reviewer) => ({ ...reviewer, vote: 0 })) : now.reviewers;
    return { ...now, ...heads, reviewers, iterations: [...now.iterations, iteration] };
  });
}
