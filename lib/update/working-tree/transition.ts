import { readdirSync, readlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { isErrno } from "../../errors/is-errno.ts";
import { allDone } from "./all-done.ts";
import { journalPlaces, markOf, type FileMark, type Journal, type JournalStep } from "./journal.ts";
import type { ModelRepository } from "./model-repository.ts";
import { isReachable, obstacle } from "./reachable.ts";
import { readEntry, statOf } from "./read-entry.ts";
import { bringIndex } from "./bring-index.ts";

export type Side = "before" | "after";

/** How a path of the journal looks now: as one of its sides, gone though both sides have it, or like nothing the update knows. */
export type StepState = Side | "gone" | "foreign";

/** How the path of a step looks in the work tree; what is behind a link or in another repository is foreign. */
export function stepState(repository: ModelRepository, journal: Journal, step: JournalStep): StepState {
  const inTheWay = obstacle(repository.folder, step.path);
  if (inTheWay !== undefined && !journal.steps.some(({ path }) => path === inTheWay)) return "foreign";
  const entry = inTheWay === undefined ? readEntry(repository.folder, step.path) : undefined;
  const mark = entry && markOf(entry);
  if (isSameMark(repository, mark, step.after)) return "after";
  if (isSameMark(repository, mark, step.before)) return "before";
  return mark === undefined ? "gone" : "foreign";
}

/**
 * Brings git's index and every path of the journal to one side. Any of it may have been done already,
 * so that it can be begun again wherever it was interrupted. What a person changed meanwhile stays,
 * but for files with conflicts on the way back.
 */
export async function transition(repository: ModelRepository, journal: Journal, to: Side): Promise<void> {
  const staged = journalPlaces(repository)[to];
  const numbered = journal.steps.map((step, number) => ({ step, staged: join(staged, String(number)) }));
  const steps = to === "after" ? numbered : numbered.toReversed();
  await bringIndex(repository, journal, to);
  for (const { step } of steps) {
    if (step[to] === undefined && mayTouch(repository, { journal, step, to }))
      await removeEntry(repository, step.path);
  }
  for (const { step, staged } of steps) {
    if (step[to] !== undefined && mayTouch(repository, { journal, step, to })) {
      await placeEntry(repository, { path: step.path, staged, token: journal.token });
    }
  }
  await syncParents(repository, journal.steps);
}

interface Visit {
  readonly journal: Journal;
  readonly step: JournalStep;
  readonly to: Side;
}

function mayTouch(repository: ModelRepository, { journal, step, to }: Visit): boolean {
  if (!isReachable(repository.folder, step.path)) return false;
  const state = stepState(repository, journal, step);
  if (state === "foreign") return to === "before" && journal.conflicts.includes(step.path);
  return state !== to || step[to] === undefined;
}

function isSameMark(
  { hasFileModes }: ModelRepository,
  left: FileMark | undefined,
  right: FileMark | undefined,
): boolean {
  if (left === undefined || right === undefined) return left === right;
  const isSameKind = (left.mode === "120000") === (right.mode === "120000");
  return left.sha256 === right.sha256 && (hasFileModes ? left.mode === right.mode : isSameKind);
}

/** Removes a file, and the folders above it that it leaves empty. */
async function removeEntry({ folder, disk }: ModelRepository, path: string): Promise<void> {
  const stats = statOf(join(folder, path));
  if (stats !== undefined && !stats.isDirectory()) await disk.removeFile(join(folder, path));
  for (let parent = dirname(path); parent !== "."; parent = dirname(parent)) {
    if (!isEmptyFolder(join(folder, parent))) continue;
    await disk.removeFolder(join(folder, parent));
  }
}

function isEmptyFolder(path: string): boolean {
  try {
    return readdirSync(path).length === 0;
  } catch (error) {
    if (isErrno(error, "ENOENT") || isErrno(error, "ENOTDIR")) return false;
    throw error;
  }
}

interface Placement {
  readonly path: string;
  readonly staged: string;
  readonly token: string;
}

async function placeEntry(repository: ModelRepository, placement: Placement): Promise<void> {
  const { folder, disk } = repository;
  const target = join(folder, placement.path);
  await makeParents(repository, placement.path);
  if (statOf(target)?.isDirectory()) await removeEmptyTree(repository, target);
  try {
    await disk.move(placement.staged, target);
  } catch (error) {
    if (!isErrno(error, "EXDEV")) throw error;
    await moveAcross(repository, placement);
  }
}

/** git's folder can be on another file system than the work tree; a name beside the target makes the last step atomic again. */
async function moveAcross(
  { folder, disk }: ModelRepository,
  { path, staged, token }: Placement,
): Promise<void> {
  const beside = besideName(folder, path, token);
  if (statOf(beside) !== undefined) await disk.removeFile(beside);
  if (statOf(staged)?.isSymbolicLink()) await disk.createSymlink(beside, readlinkSync(staged, "buffer"));
  else await disk.copyFile(staged, beside);
  await disk.move(beside, join(folder, path));
}

/** What a run leaves beside a target when it dies between two file systems. */
export function besideName(folder: string, path: string, token: string): string {
  return join(folder, dirname(path), `.eac-model-${token}`);
}

async function makeParents({ folder, disk }: ModelRepository, path: string): Promise<void> {
  const names = path.split("/").slice(0, -1);
  for (const [depth] of names.entries()) {
    const parent = join(folder, ...names.slice(0, depth + 1));
    if (statOf(parent) === undefined) await disk.makeFolder(parent);
  }
}

/** Folders in the place of a file go when no file is in them; git does not know them. */
async function removeEmptyTree(repository: ModelRepository, path: string): Promise<void> {
  for (const name of readdirSync(path)) {
    if (statOf(join(path, name))?.isDirectory()) await removeEmptyTree(repository, join(path, name));
  }
  await repository.disk.removeFolder(path);
}

/** The names of new and changed files reach the disk before the journal goes. */
async function syncParents({ folder, disk }: ModelRepository, steps: readonly JournalStep[]): Promise<void> {
  const parents = new Set(steps.map(({ path }) => join(folder, dirname(path))));
  const present = [...parents].filter((parent) => statOf(parent)?.isDirectory());
  await allDone(present.map((parent) => disk.syncFolder(parent)));
}
