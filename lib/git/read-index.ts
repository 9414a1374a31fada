import { GitError } from "./git-error.ts";
import { runPlumbing } from "./run-plumbing.ts";

/** One entry of git's index, or of a commit's tree; the path is relative to the folder that was asked about. */
export interface IndexEntry {
  readonly path: string;
  readonly mode: string;
  readonly objectId: string;
  /** 0, or 1 to 3 for the sides of a conflict. */
  readonly stage: number;
  /** git was told not to look at the file in the work tree. */
  readonly flag: "none" | "assume-unchanged" | "skip-worktree";
}

/** What the index holds below a folder. */
export async function readIndex(folder: string): Promise<readonly IndexEntry[]> {
  const text = await runPlumbing(folder, ["ls-files", "-z", "--stage", "-v"]);
  return split(text).map((record) => {
    const [tag = "", mode = "", objectId = "", stage = ""] = record.slice(0, record.indexOf("\t")).split(" ");
    return { path: pathOf(record), mode, objectId, stage: Number(stage), flag: flagOf(tag) };
  });
}

/** What the newest commit holds below a folder; empty before the first commit. */
export async function readHead(folder: string): Promise<readonly IndexEntry[]> {
  const text = await treeOfHead(folder);
  return split(text).map((record) => {
    const [mode = "", , objectId = ""] = record.slice(0, record.indexOf("\t")).split(" ");
    return { path: pathOf(record), mode, objectId, stage: 0, flag: "none" };
  });
}

/** Whether there is a commit is asked only where git finds none: one process is enough everywhere else. */
async function treeOfHead(folder: string): Promise<string> {
  try {
    return await runPlumbing(folder, ["ls-tree", "-r", "-z", "HEAD"]);
  } catch (error) {
    if ((await headCommit(folder)) === undefined) return "";
    throw error;
  }
}

/** The id of the newest commit; undefined before the first one. */
export async function headCommit(folder: string): Promise<string | undefined> {
  try {
    return (await runPlumbing(folder, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"])).trim();
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

/** Files below a folder that git neither tracks nor ignores. */
export async function untrackedPaths(folder: string): Promise<readonly string[]> {
  return split(await runPlumbing(folder, ["ls-files", "-z", "--others", "--exclude-standard"]));
}

/**
 * The ids that files would get if they were added, as the attributes and settings of the repository want it.
 * Unlike everywhere else, git takes these paths from the root of the work tree, whatever the folder.
 */
export async function hashAsAdded(folder: string, paths: readonly string[]): Promise<readonly string[]> {
  if (paths.length === 0) return [];
  const text = await runPlumbing(
    folder,
    ["hash-object", "--stdin-paths"],
    paths.map((path) => `${path}\n`).join(""),
  );
  return text.split("\n").filter((line) => line !== "");
}

function split(text: string): readonly string[] {
  return text.split("\0").filter((record) => record !== "");
}

function pathOf(record: string): string {
  return record.slice(record.indexOf("\t") + 1);
}

/** `ls-files -v`: a small letter is assume-unchanged, S is skip-worktree. */
function flagOf(tag: string): IndexEntry["flag"] {
  if (tag === "S" || tag === "s") return "skip-worktree";
  return tag === tag.toLowerCase() ? "assume-unchanged" : "none";
}
