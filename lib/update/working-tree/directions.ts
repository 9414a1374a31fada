import { updateNotWritten, updateStuck } from "../../errors/catalogue/update.ts";
import { isErrno } from "../../errors/is-errno.ts";
import { GitError } from "../../git/git-error.ts";
import { journalPlaces, type Journal } from "./journal.ts";
import type { ModelRepository } from "./model-repository.ts";
import { statOf } from "./read-entry.ts";
import { transition } from "./transition.ts";

/** Whether an update began to change files and neither ended nor was undone. */
export function isUnfinished(repository: ModelRepository): boolean {
  const { forward, back } = journalPlaces(repository);
  return statOf(forward) !== undefined || statOf(back) !== undefined;
}

/** Brings the tree to the new side; when this returns, the update has happened and can be undone. */
export async function goForward(repository: ModelRepository, journal: Journal): Promise<void> {
  const { folder, forward, undo } = journalPlaces(repository);
  await transition(repository, journal, "after");
  await repository.disk.move(forward, undo);
  await repository.disk.syncFolder(folder);
}

/** Brings the tree to the old side after a failure, and answers what to throw. */
export async function goBack(
  repository: ModelRepository,
  journal: Journal,
  failure: unknown,
): Promise<unknown> {
  const { forward, undo } = journalPlaces(repository);
  try {
    const begun = [forward, undo].find((path) => statOf(path) !== undefined);
    if (begun !== undefined) await undoFrom(repository, journal, begun);
    return asWriteError(failure);
  } catch (error) {
    return isErrno(error) || error instanceof GitError ? updateStuck(error) : error;
  }
}

/** Brings the tree to the old side and forgets the update; the name of the journal says so first. */
export async function undoFrom(repository: ModelRepository, journal: Journal, path: string): Promise<void> {
  const { folder, back } = journalPlaces(repository);
  if (path !== back) await repository.disk.move(path, back);
  await transition(repository, journal, "before");
  await repository.disk.removeFile(back);
  await repository.disk.removeTree(folder);
}

/** What only a running update needs; what cannot be removed now goes with the next one. */
export async function tidy(repository: ModelRepository): Promise<void> {
  const { after, sides } = journalPlaces(repository);
  try {
    await repository.disk.removeTree(after);
    await repository.disk.removeTree(sides);
  } catch (error) {
    if (!isErrno(error)) throw error;
  }
}

/** A refusal of the file system or of git is something a person can act on. */
export function asWriteError(error: unknown): unknown {
  return isErrno(error) || error instanceof GitError ? updateNotWritten(error) : error;
}
