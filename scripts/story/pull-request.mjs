// A change by pull request: opened by its author, checked by the pipeline, approved and completed by the owner.
import { setTimeout as sleep } from "node:timers/promises";
import { branchPrefix, pushChange, titleOf } from "./change.mjs";

const mergeMs = 30_000;

/** The newest pull request of the story, whatever became of it. */
export async function findPullRequest({ ask }, repository) {
  const query = "searchCriteria.status=all&$top=1000";
  const { value } = await ask("GET", `git/repositories/${repository}/pullrequests?${query}`);
  return value.find(({ sourceRefName }) => sourceRefName.startsWith(branchPrefix));
}

/** A new one, of a branch that an interrupted story left behind or of a new change; undefined: there is nothing to change. */
export async function openPullRequest(organisation, { repository, author }) {
  const { ask } = organisation;
  const path = `git/repositories/${repository}`;
  const left = await ask("GET", `${path}/refs?filter=${branchPrefix.slice("refs/".length)}`);
  const ref = left.value[0]?.name;
  const change =
    ref === undefined
      ? pushChange(organisation, { repository, author })
      : { branch: ref.slice("refs/heads/".length), title: titleOf(ref) };
  if (change === undefined) return undefined;
  const body = {
    sourceRefName: `refs/heads/${change.branch}`,
    targetRefName: "refs/heads/main",
    title: change.title,
  };
  return await ask("POST", `${path}/pullrequests`, { body, person: author });
}

/** Has the validation run again; by itself it runs once for each state of the branch. */
export async function validateAgain({ ask }, { pullRequestId, repository }) {
  const artifact = `vstfs:///CodeReview/CodeReviewId/${repository.project.id}/${pullRequestId}`;
  const { value } = await ask("GET", `policy/evaluations?artifactId=${encodeURIComponent(artifact)}`);
  const build = value.find(({ configuration }) => configuration.type.displayName === "Build");
  if (build === undefined) throw new Error("main has no build validation any more; provision it again.");
  await ask("PATCH", `policy/evaluations/${build.evaluationId}`);
}

/** Approves and completes it; gives it back as it is merged. */
export async function mergePullRequest({ ask }, { pullRequestId, repository }) {
  const path = `git/repositories/${repository.id}/pullrequests/${pullRequestId}`;
  const { authenticatedUser } = await ask("GET", "../../_apis/connectionData");
  await ask("PUT", `${path}/reviewers/${authenticatedUser.id}`, { body: { vote: 10 } });
  const { lastMergeSourceCommit } = await ask("GET", path);
  const completionOptions = { mergeStrategy: "squash", deleteSourceBranch: true };
  await ask("PATCH", path, { body: { status: "completed", lastMergeSourceCommit, completionOptions } });
  for (const end = Date.now() + mergeMs; Date.now() < end; await sleep(100)) {
    const now = await ask("GET", path);
    if (now.status === "completed") return now;
  }
  throw new Error(`The pull request ${pullRequestId} was not merged within ${mergeMs / 1000} s.`);
}
