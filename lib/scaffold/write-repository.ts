import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { interrupted, targetNotWritten } from "../errors/catalogue/scaffold.ts";
import { isErrno } from "../errors/is-errno.ts";
import { isRunning } from "../errors/is-running.ts";
import { commitAll, initRepository } from "../git/create-repository.ts";
import type { RenderedFile, RenderedTree } from "../template/rendered-tree.ts";
import type { ScaffoldPlan } from "./plan-scaffold.ts";
import { stagingPrefix } from "./read-target.ts";

export interface WriteOptions {
  /** Stops the work at the next safe point; what was staged is removed. */
  readonly signal: AbortSignal;
  /** True when the target has a `.git` folder without commits, such as a clone of an empty repository. */
  readonly hasGitFolder: boolean;
}

/**
 * Puts the planned repository in place with its first commit.
 * Everything is made in a hidden folder beside the target, so the target is absent or whole; a folder left by a killed run is removed.
 */
export async function writeRepository(plan: ScaffoldPlan, options: WriteOptions): Promise<void> {
  const area = stagingArea(plan);
  const staging = join(area.parent, `${area.prefix}${process.pid}`);
  try {
    await mkdir(area.parent, { recursive: true });
    await removeStaleStaging(area);
    await mkdir(staging);
    const initialized = options.hasGitFolder ? undefined : initRepository(staging, plan.branch);
    initialized?.catch(() => undefined); // Awaited below, unless writing fails first: then its own failure is no news.
    writeTree(staging, plan.files);
    await initialized;
    stopIfAsked(options.signal);
    if (!options.hasGitFolder) await commitAll(staging, plan.commitMessage);
    stopIfAsked(options.signal);
    await moveInPlace(staging, plan);
    if (options.hasGitFolder) await commitAll(plan.folder, plan.commitMessage);
  } catch (error) {
    throw asWriteError(plan.folder, error);
  } finally {
    await removeFolder(staging);
  }
}

/** Cleaning up must not hide why the work failed. */
async function removeFolder(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch (error) {
    if (!isErrno(error)) throw error;
  }
}

function writeTree(folder: string, files: RenderedTree): void {
  const made = new Set<string>();
  for (const file of files) {
    const parent = dirname(join(folder, file.path));
    if (!made.has(parent)) mkdirSync(parent, { recursive: true });
    made.add(parent);
    writeOne(join(folder, file.path), file);
  }
}

function writeOne(path: string, file: RenderedFile): void {
  writeFileSync(path, file.bytes, { flag: "wx" });
  if (file.mode === "100755") chmodSync(path, 0o755);
}

/** A new folder appears in one rename; an existing one is filled entry by entry, `.git` last, so that a rerun can tell. */
async function moveInPlace(staging: string, plan: ScaffoldPlan): Promise<void> {
  if (plan.action === "create") {
    await rename(staging, plan.folder);
    return;
  }
  const entries = await readdir(staging);
  for (const name of entries.toSorted((left, right) => Number(left === ".git") - Number(right === ".git"))) {
    await rm(join(plan.folder, name), { recursive: true, force: true });
    await rename(join(staging, name), join(plan.folder, name));
  }
}

interface StagingArea {
  readonly parent: string;
  /** The name of a staging folder up to the process id of the run that made it. */
  readonly prefix: string;
}

/** On the file system of the target: beside a new folder, inside an existing one (it may be a mount point). */
function stagingArea(plan: ScaffoldPlan): StagingArea {
  if (plan.action === "fill") return { parent: plan.folder, prefix: stagingPrefix };
  return { parent: dirname(plan.folder), prefix: `.${basename(plan.folder)}${stagingPrefix}` };
}

async function removeStaleStaging({ parent, prefix }: StagingArea): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : Number.NaN;
    if (!Number.isInteger(pid) || (pid !== process.pid && isRunning(pid))) continue;
    await rm(join(parent, name), { recursive: true, force: true });
  }
}

function stopIfAsked(signal: AbortSignal): void {
  if (signal.aborted) throw interrupted();
}

function asWriteError(folder: string, error: unknown): unknown {
  return isErrno(error) ? targetNotWritten(folder, error) : error;
}
