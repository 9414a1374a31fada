import { join } from "node:path";
import { listCommits, listRefs, noObject, updateRef } from "../../../git/bare-repository.ts";
import { mergeBase } from "../../../git/compare-commits.ts";
import {
  commitTree,
  mergeTrees,
  rebaseCommits,
  treeOf,
  type CommitAuthor,
  type Merged,
} from "../../../git/merge-commits.ts";
import { findRepository, repositoryFolder } from "../routes/repository-record.ts";
import type { Organization } from "../state/organization.ts";
import type { Identity } from "../state/organization-state.ts";
import type { MergeState, MergeStrategy, PullRequestRecord } from "./pull-request-record.ts";

/** The folder of the repository that a pull request belongs to. */
export function folderOf(organization: Organization, repositoryId: string): string {
  const repository = findRepository(organization, { project: undefined, idOrName: repositoryId });
  return join(organization.gitFolder, repositoryFolder(repository));
}

/** What the refs of a repository point at. */
export async function readRefs(folder: string): Promise<ReadonlyMap<string, string>> {
  return new Map((await listRefs(folder)).map(({ name, objectId }) => [name, objectId]));
}

/** Merges the branches as they are now into `refs/pull/N/merge`, which build validation builds; no branch moves. */
export async function tryMerge(organization: Organization, request: PullRequestRecord): Promise<MergeState> {
  const folder = folderOf(organization, request.repositoryId);
  const merged = await mergeTrees(folder, request.targetCommit, request.sourceCommit);
  if (merged.kind === "conflicts") return { status: "conflicts" };
  if (merged.kind === "failed") return { status: "failure", message: merged.reason };
  const commit = await commitTree(folder, {
    treeId: merged.id,
    parents: [request.targetCommit, request.sourceCommit],
    message: mergeMessage(request),
    author: authorOf(organization, organization.identity(request.createdById)),
  });
  const name = `refs/pull/${request.id}/merge`;
  const oldObjectId = (await readRefs(folder)).get(name) ?? noObject;
  await updateRef(folder, { name, oldObjectId, newObjectId: commit });
  return { status: "succeeded", commit };
}

/** Makes the commit that completes a pull request; the target branch is moved to it by the caller. */
export async function makeFinalCommit(
  organization: Organization,
  request: PullRequestRecord,
  by: Identity,
): Promise<Merged> {
  const folder = folderOf(organization, request.repositoryId);
  const author = authorOf(organization, by);
  const { mergeStrategy = "noFastForward", mergeCommitMessage } = request.completionOptions ?? {};
  const message = mergeCommitMessage ?? messageOf(mergeStrategy, request);
  const target = request.targetCommit;
  if (mergeStrategy === "rebase" || mergeStrategy === "rebaseMerge") {
    const rebased = await rebaseCommits(folder, { base: target, head: request.sourceCommit }, author);
    if (rebased.kind !== "merged" || mergeStrategy === "rebase") return rebased;
    const treeId = await treeOf(folder, rebased.id);
    return {
      kind: "merged",
      id: await commitTree(folder, { treeId, parents: [target, rebased.id], message, author }),
    };
  }
  const merged = await mergeTrees(folder, target, request.sourceCommit);
  if (merged.kind !== "merged") return merged;
  const parents = mergeStrategy === "squash" ? [target] : [target, request.sourceCommit];
  return { kind: "merged", id: await commitTree(folder, { treeId: merged.id, parents, message, author }) };
}

/** The commits that a pull request brings, newest first. */
export async function commitsOf(
  organization: Organization,
  { repositoryId, sourceCommit, targetCommit }: PullRequestRecord,
): ReturnType<typeof listCommits> {
  const folder = folderOf(organization, repositoryId);
  const base = await mergeBase(folder, targetCommit, sourceCommit);
  return await listCommits(folder, base === undefined ? sourceCommit : `${base}..${sourceCommit}`, {
    most: 1000,
  });
}

function mergeMessage({ id, sourceRef, targetRef }: PullRequestRecord): string {
  return `Merge pull request ${id} from ${shortRef(sourceRef)} into ${shortRef(targetRef)}`;
}

function messageOf(strategy: MergeStrategy, request: PullRequestRecord): string {
  const title = `Merged PR ${request.id}: ${request.title}`;
  if (strategy === "squash" || (request.description ?? "") !== "")
    return [title, request.description ?? ""].filter((part) => part !== "").join("\n\n");
  return title;
}

/** `main` of `refs/heads/main`. */
export function shortRef(ref: string): string {
  return ref.replace(/^refs\/heads\//, "");
}

function authorOf(organization: Organization, identity: Identity | undefined): CommitAuthor {
  const isPerson = identity?.kind === "user" && identity.uniqueName.includes("@");
  return {
    name: identity?.displayName ?? "Local organisation",
    email: isPerson ? identity.uniqueName : "organisation@local.example",
    date: organization.now(),
  };
}
