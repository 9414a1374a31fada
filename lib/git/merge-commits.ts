import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GitError } from "./git-error.ts";
import { runBare } from "./run-bare.ts";
import { endedQuietly } from "./git-process.ts";

/** Who makes a commit, and when. */
export interface CommitAuthor {
  readonly name: string;
  readonly email: string;
  /** ISO 8601. */
  readonly date: string;
}

export interface NewCommit {
  readonly treeId: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: CommitAuthor;
}

/** What merging came to: the id of a tree or commit, or the reason why there is none. */
export type Merged =
  | { readonly kind: "merged"; readonly id: string }
  | { readonly kind: "conflicts" }
  /** git could not do it at all. */
  | { readonly kind: "failed"; readonly reason: string };

/** Merges two commits in a bare repository into a tree, without a commit and without touching a ref; needs git 2.38. */
export async function mergeTrees(folder: string, ours: string, theirs: string): Promise<Merged> {
  try {
    const text = await runBare(folder, ["merge-tree", "--write-tree", "--no-messages", ours, theirs]);
    return { kind: "merged", id: text.trim().split("\n")[0] ?? "" };
  } catch (error) {
    if (endedQuietly(error, 1)) return { kind: "conflicts" };
    if (error instanceof GitError) return { kind: "failed", reason: error.stderr };
    throw error;
  }
}

/** Makes a commit that no ref leads to yet, and answers its id. */
export async function commitTree(folder: string, commit: NewCommit): Promise<string> {
  const { treeId, parents, message, author } = commit;
  const named = parents.flatMap((parent) => ["-p", parent]);
  const text = await runBare(
    folder,
    ["commit-tree", ...named, "-m", message, treeId],
    signature(author, author),
  );
  return text.trim();
}

/** Puts the commits of a head that the base lacks on top of the base, each with its author; answers the last of them. */
export async function rebaseCommits(
  folder: string,
  { base, head }: { readonly base: string; readonly head: string },
  committer: CommitAuthor,
): Promise<Merged> {
  const place = await mkdtemp(join(tmpdir(), "eac-model-rebase-"));
  const tree = join(place, "tree");
  try {
    await runBare(folder, ["worktree", "add", "--detach", tree, head]);
    await runBare(tree, ["rebase", "--no-autostash", base], committerOnly(committer));
    return { kind: "merged", id: (await runBare(tree, ["rev-parse", "HEAD"])).trim() };
  } catch (error) {
    if (error instanceof GitError) return { kind: "conflicts" };
    throw error;
  } finally {
    await rm(place, { recursive: true, force: true });
    await runBare(folder, ["worktree", "prune"]);
  }
}

/** The tree of a commit. */
export async function treeOf(folder: string, commit: string): Promise<string> {
  return (await runBare(folder, ["rev-parse", "--verify", `${commit}^{tree}`])).trim();
}

function signature(author: CommitAuthor, committer: CommitAuthor): Readonly<Record<string, string>> {
  return {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: author.date,
    ...committerOnly(committer),
  };
}

function committerOnly({ name, email, date }: CommitAuthor): Readonly<Record<string, string>> {
  return { GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email, GIT_COMMITTER_DATE: date };
}
