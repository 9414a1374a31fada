import { join } from "node:path";
import {
  abortWouldLose,
  changedSinceInterruption,
  nothingToAbort,
  updateRunning,
  updateUnfinished,
} from "../../errors/catalogue/update.ts";
import { headCommit } from "../../git/read-index.ts";
import { asWriteError, goBack, goForward, isUnfinished, tidy, undoFrom } from "./directions.ts";
import { journalPlaces, readJournal, type Journal } from "./journal.ts";
import { lockHolder, type UpdateLock } from "./lock.ts";
import type { ModelRepository } from "./model-repository.ts";
import { statOf } from "./read-entry.ts";
import { besideName, stepState, type StepState } from "./transition.ts";

/** What was found of an interrupted update, and what became of it. */
export type Recovery = "nothing" | "finished" | "undone";

/** For runs that change nothing: refuses while another update works here or an interrupted one waits for its end. */
export async function refuseUnfinished(repository: ModelRepository): Promise<void> {
  const holder = await lockHolder(repository);
  if (holder !== undefined) throw updateRunning(holder, join(repository.stateFolder, "lock"));
  if (isUnfinished(repository)) throw updateUnfinished();
}

/**
 * Ends what a killed update left: finished when it had begun to change the tree, forgotten when it had not.
 * Afterwards the tree is wholly old or wholly new. Refuses where a person changed files in between.
 */
export async function recoverUpdate({ repository }: UpdateLock): Promise<Recovery> {
  const places = journalPlaces(repository);
  const back = readJournal(places.back);
  const forward = readJournal(places.forward);
  if (back !== undefined) return await undo(repository, back, places.back);
  if (forward !== undefined) return await finish(repository, forward);
  if (statOf(places.undo) === undefined) await repository.disk.removeTree(places.folder);
  return "nothing";
}

/** What undoing an update came to. */
export interface UndoneUpdate {
  /** Paths that are as they were before the update. */
  readonly undone: readonly string[];
  /** Paths of an interrupted update that a person changed since, and that are left as they are. */
  readonly kept: readonly string[];
}

/** Undoes an interrupted update, or the last one as long as it is not committed; refuses where that would lose other work. */
export async function abortUpdate({ repository }: UpdateLock): Promise<UndoneUpdate> {
  const places = journalPlaces(repository);
  for (const path of [places.back, places.forward]) {
    const journal = readJournal(path);
    if (journal !== undefined) return await abort(repository, journal, path);
  }
  const journal = readJournal(places.undo);
  if (journal === undefined) throw nothingToAbort("none was made in this clone since the last --abort");
  await refuseLoss(repository, journal);
  return await abort(repository, journal, places.undo);
}

async function abort(repository: ModelRepository, journal: Journal, path: string): Promise<UndoneUpdate> {
  await undo(repository, journal, path);
  const states = journal.steps.map((step) => ({
    path: step.path,
    state: stepState(repository, journal, step),
  }));
  const pathsOf = (isWanted: (state: StepState) => boolean): readonly string[] =>
    states.flatMap(({ path, state }) => (isWanted(state) ? [path] : [])).toSorted();
  return { undone: pathsOf((state) => state === "before"), kept: pathsOf((state) => state !== "before") };
}

async function finish(repository: ModelRepository, journal: Journal): Promise<Recovery> {
  const states = journal.steps.map((step) => ({
    path: step.path,
    state: stepState(repository, journal, step),
  }));
  await removeBeside(repository, journal);
  if (states.every(({ state }) => state === "before")) {
    return await undo(repository, journal, journalPlaces(repository).forward);
  }
  const foreign = states.filter(({ state }) => state === "foreign").map(({ path }) => path);
  if (foreign.length > 0) throw changedSinceInterruption(foreign);
  try {
    await goForward(repository, journal);
  } catch (error) {
    throw await goBack(repository, journal, error);
  }
  await tidy(repository);
  return "finished";
}

async function undo(repository: ModelRepository, journal: Journal, path: string): Promise<Recovery> {
  try {
    await removeBeside(repository, journal);
    await undoFrom(repository, journal, path);
    return "undone";
  } catch (error) {
    throw asWriteError(error);
  }
}

/** A run that died while it copied to another file system. */
async function removeBeside({ folder, disk }: ModelRepository, { steps, token }: Journal): Promise<void> {
  for (const path of new Set(steps.map((step) => besideName(folder, step.path, token)))) {
    if (statOf(path) !== undefined) await disk.removeFile(path);
  }
}

async function refuseLoss(repository: ModelRepository, journal: Journal): Promise<void> {
  if (((await headCommit(repository.folder)) ?? "") !== journal.head) {
    throw nothingToAbort("there are commits since, or another branch is checked out");
  }
  const changed = journal.steps.filter((step) => {
    const state = stepState(repository, journal, step);
    return (state === "foreign" || state === "gone") && !journal.conflicts.includes(step.path);
  });
  if (changed.length > 0) throw abortWouldLose(changed.map(({ path }) => path));
}
