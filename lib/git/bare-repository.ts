import { runGit } from "./run-git.ts";
import { GitError } from "./git-error.ts";

/** Makes an empty bare repository; the folder's name is the caller's, never a person's. */
export async function initBareRepository(folder: string): Promise<void> {
  await runGit(".", ["init", "--bare", "--template=", "--initial-branch=main", folder]);
}

export interface GitRef {
  readonly name: string;
  readonly objectId: string;
}

/** Every ref of a repository, sorted by name. */
export async function listRefs(folder: string): Promise<readonly GitRef[]> {
  const text = await runGit(folder, ["for-each-ref", "--format=%(objectname) %(refname)"]);
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => ({ objectId: line.slice(0, line.indexOf(" ")), name: line.slice(line.indexOf(" ") + 1) }));
}

export interface GitCommit {
  readonly commitId: string;
  readonly parents: readonly string[];
  readonly author: GitSignature;
  readonly committer: GitSignature;
  readonly comment: string;
}

interface GitSignature {
  readonly name: string;
  readonly email: string;
  readonly date: string;
}

const fieldEnd = "\u001F";
const recordEnd = "\u001E";
const commitFormat = ["%H", "%P", "%an", "%ae", "%aI", "%cn", "%ce", "%cI", "%B"].join("%x1f") + "%x1e";

/** Commits reachable from a revision, newest first; undefined where the repository has no such revision. */
export async function listCommits(
  folder: string,
  revision: string,
  most: number,
): Promise<readonly GitCommit[] | undefined> {
  try {
    const text = await runGit(folder, [
      "log",
      `--max-count=${most}`,
      `--format=${commitFormat}`,
      "--end-of-options",
      revision,
    ]);
    return text
      .split(recordEnd)
      .map((record) => record.trimStart())
      .filter((record) => record !== "")
      .map(parseCommit);
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

/** The bytes of a file at a revision as text, or undefined where there is none. */
export async function readFileAt(
  folder: string,
  revision: string,
  path: string,
): Promise<string | undefined> {
  try {
    return await runGit(folder, ["cat-file", "blob", `${revision}:${path}`]);
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

function parseCommit(record: string): GitCommit {
  const [commitId = "", parents = "", ...rest] = record.split(fieldEnd);
  const [authorName = "", authorEmail = "", authorDate = "", name = "", email = "", date = "", comment = ""] =
    rest;
  return {
    commitId,
    parents: parents.split(" ").filter((parent) => parent !== ""),
    author: { name: authorName, email: authorEmail, date: authorDate },
    committer: { name, email, date },
    comment: comment.trim(),
  };
}
