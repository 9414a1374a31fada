import { GitError } from "./git-error.ts";
import { runGit } from "./run-git.ts";

/** The newest and the oldest commit of a folder's repository, or undefined where it has none. */
export async function readHistory(
  folder: string,
): Promise<{ readonly headCommit: string; readonly rootCommit: string } | undefined> {
  try {
    const head = await runGit(folder, ["rev-parse", "--verify", "HEAD"]);
    const roots = await runGit(folder, ["rev-list", "--max-parents=0", "HEAD"]);
    return { headCommit: head.trim(), rootCommit: roots.trim().split("\n").at(-1) ?? "" };
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}
