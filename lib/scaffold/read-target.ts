import type { Dirent } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { targetIsNoFolder } from "../errors/catalogue/scaffold.ts";
import { isErrno } from "../errors/is-errno.ts";
import { runGit } from "../git/run-git.ts";
import { statePaths } from "../update/state-paths.ts";

/** What stands where the repository is to be made. */
export interface TargetFolder {
  readonly exists: boolean;
  readonly hasGitFolder: boolean;
  readonly hasCommit: boolean;
  /** Every file outside `.git`, by `/`-separated path; of a repository of ours only its answers file. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

const absent: TargetFolder = { exists: false, hasGitFolder: false, hasCommit: false, files: new Map() };

/** Names of the folders in which a run prepares its work; one left by a killed run counts as absent. */
export const stagingPrefix = ".eac-model-";

/** Files beyond this number are not read: the folder is then certainly not ours to fill. */
const mostFiles = 2000;

/** Reads the target folder without changing it; a path that is no folder is refused. */
export async function readTarget(folder: string): Promise<TargetFolder> {
  const entries = await listFolder(folder);
  if (entries === undefined) return absent;
  const hasGitFolder = entries.some((entry) => entry.name === ".git");
  const hasHead = hasGitFolder && (await hasCommit(folder));
  const answers = hasHead ? await readAnswers(folder) : new Map<string, Uint8Array>();
  return {
    exists: true,
    hasGitFolder,
    hasCommit: hasHead,
    files: answers.size > 0 ? answers : await readFiles(folder),
  };
}

/** A repository of ours is known by this file; what else people keep beside it, such as virtual environments, is no concern. */
async function readAnswers(folder: string): Promise<ReadonlyMap<string, Uint8Array>> {
  try {
    return new Map([[statePaths.answers, await readFile(join(folder, statePaths.answers))]]);
  } catch (error) {
    if (isErrno(error)) return new Map();
    throw error;
  }
}

async function listFolder(folder: string): Promise<readonly Dirent[] | undefined> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isErrno(error, "ENOENT")) return undefined;
    if (isErrno(error, "ENOTDIR")) throw targetIsNoFolder(folder);
    throw error;
  }
}

async function hasCommit(folder: string): Promise<boolean> {
  try {
    await runGit(folder, ["rev-parse", "--quiet", "--verify", "HEAD"]);
    return true;
  } catch {
    return false;
  }
}

async function readFiles(folder: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const pending = [""];
  for (let parent = pending.pop(); parent !== undefined && files.size < mostFiles; parent = pending.pop()) {
    for (const entry of await readdir(join(folder, parent), { withFileTypes: true })) {
      const path = parent === "" ? entry.name : `${parent}/${entry.name}`;
      if (path === ".git" || path.startsWith(stagingPrefix)) continue;
      if (entry.isDirectory()) pending.push(path);
      else files.set(path, entry.isFile() ? await readFile(join(folder, path)) : new Uint8Array());
    }
  }
  return files;
}
