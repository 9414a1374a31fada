import { dirname } from "node:path";
import { GitError } from "./git-error.ts";
import { runBare, tryBare } from "./run-bare.ts";

/** Makes an empty bare repository; the folder's name is the caller's, never a person's. */
export async function initBareRepository(folder: string): Promise<void> {
  await runBare(dirname(folder), ["init", "--bare", "--template=", "--initial-branch=main", folder]);
}

export interface GitRef {
  readonly name: string;
  readonly objectId: string;
}

/** Every ref of a repository, sorted by name. */
export async function listRefs(folder: string): Promise<readonly GitRef[]> {
  const text = await runBare(folder, ["for-each-ref", "--format=%(objectname) %(refname)"]);
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => ({ objectId: line.slice(0, line.indexOf(" ")), name: line.slice(line.indexOf(" ") + 1) }));
}

export const noObject: string = "0".repeat(40);

export interface RefUpdate {
  readonly name: string;
  readonly oldObjectId: string;
  /** `noObject` deletes the ref. */
  readonly newObjectId: string;
}

/** Makes, moves or deletes a ref, if it still has its old value; false where git refuses. */
export async function updateRef(folder: string, update: RefUpdate): Promise<boolean> {
  const { name, oldObjectId, newObjectId } = update;
  const args =
    newObjectId === noObject
      ? ["update-ref", "-d", name, oldObjectId]
      : ["update-ref", name, newObjectId, oldObjectId];
  try {
    await runBare(folder, args);
    return true;
  } catch (error) {
    if (error instanceof GitError) return false;
    throw error;
  }
}

/** Makes a branch the one that a clone checks out. */
export async function setHead(folder: string, branch: string): Promise<void> {
  await runBare(folder, ["symbolic-ref", "HEAD", branch]);
}

/** Bytes that the objects of a repository take, roughly. */
export async function repositorySize(folder: string): Promise<number> {
  const text = await runBare(folder, ["count-objects", "-v"]);
  const kibibytes = [...text.matchAll(/^size(?:-pack)?: (\d+)$/gm)].map((match) => Number(match[1]));
  return kibibytes.reduce((sum, size) => sum + size, 0) * 1024;
}

export interface GitCommit {
  readonly commitId: string;
  readonly parents: readonly string[];
  readonly treeId: string;
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
const commitFormat = ["%H", "%P", "%T", "%an", "%ae", "%aI", "%cn", "%ce", "%cI", "%B"].join("%x1f") + "%x1e";

/** Which commits of a history are wanted; what is absent leaves none out. */
export interface CommitFilter {
  readonly most: number;
  readonly skip?: number | undefined;
  /** The file or folder that they changed, from the root. */
  readonly path?: string | undefined;
  /** Part of the author's name or mail address, as it stands. */
  readonly author?: string | undefined;
  /** ISO 8601. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** Commits reachable from a revision, newest first; undefined where the repository has no such revision. */
export async function listCommits(
  folder: string,
  revision: string,
  { most, skip = 0, path, author, since, until }: CommitFilter,
): Promise<readonly GitCommit[] | undefined> {
  const text = await tryBare(folder, [
    "log",
    `--max-count=${most}`,
    `--skip=${skip}`,
    ...(author === undefined ? [] : ["--fixed-strings", "--regexp-ignore-case", `--author=${author}`]),
    ...(since === undefined ? [] : [`--since=${since}`]),
    ...(until === undefined ? [] : [`--until=${until}`]),
    `--format=${commitFormat}`,
    "--end-of-options",
    revision,
    "--",
    ...(path === undefined ? [] : [`:(top,literal)${path}`]),
  ]);
  return text
    ?.split(recordEnd)
    .map((record) => record.trimStart())
    .filter((record) => record !== "")
    .map(parseCommit);
}

export interface GitItem {
  readonly objectId: string;
  readonly type: "blob" | "tree" | "commit";
  /** From the root, without a leading slash; empty for the root itself. */
  readonly path: string;
}

/** A file or folder at a revision, or undefined where there is none. */
export async function findItem(folder: string, revision: string, path: string): Promise<GitItem | undefined> {
  const text = await tryBare(folder, ["rev-parse", "--verify", "--end-of-options", `${revision}:${path}`]);
  const objectId = text?.trim().split("\n").at(-1);
  if (objectId === undefined) return undefined;
  const type = (await runBare(folder, ["cat-file", "-t", objectId])).trim();
  return { objectId, path, type: type === "tree" ? "tree" : "blob" };
}

/** What is in a folder at a revision, all the way down where it is asked for. */
export async function listItems(
  folder: string,
  treeId: string,
  options: { readonly prefix: string; readonly isRecursive: boolean },
): Promise<readonly GitItem[]> {
  const depth = options.isRecursive ? ["-r", "-t"] : [];
  const text = await runBare(folder, ["ls-tree", "-z", ...depth, treeId]);
  return text
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => {
      const [, type = "", objectId = ""] = line.slice(0, line.indexOf("\t")).split(" ");
      const path = options.prefix + line.slice(line.indexOf("\t") + 1);
      return { objectId, path, type: type === "tree" || type === "commit" ? type : "blob" };
    });
}

/** The bytes of an object as text. */
export async function readBlob(folder: string, objectId: string): Promise<string> {
  return await runBare(folder, ["cat-file", "blob", objectId]);
}

function parseCommit(record: string): GitCommit {
  const fields = record.split(fieldEnd);
  const field = (index: number): string => fields[index] ?? "";
  const signature = (index: number): GitSignature => ({
    name: field(index),
    email: field(index + 1),
    date: field(index + 2),
  });
  return {
    commitId: field(0),
    parents: field(1)
      .split(" ")
      .filter((parent) => parent !== ""),
    treeId: field(2),
    author: signature(3),
    committer: signature(6),
    comment: field(9).trim(),
  };
}
