import { EacError, type Problem } from "../eac-error.ts";
import { exitCodes } from "../exit-codes.ts";

const shownPaths = 10;

/** A file under `.eac-model/` that the update stands on is not there. */
export function stateMissing(path: string): EacError {
  return new EacError({
    code: "EAC_UPDATE_STATE_MISSING",
    message: `${path} does not exist, so it is not known from which templates this repository was made.`,
    hint: `Restore it from the git history, for example: git checkout HEAD -- ${path}`,
  });
}

/** A file under `.eac-model/` is not of the form in which it was written. */
export function stateInvalid(path: string, why: string, cause?: unknown): EacError {
  return new EacError({
    code: "EAC_UPDATE_STATE_INVALID",
    message: `${path} is damaged: ${why}.`,
    hint: `Restore it from the git history, for example: git checkout HEAD -- ${path}`,
    cause,
  });
}

/** A newer eac-model wrote the state of this repository. */
export function stateTooNew(path: string, version: string): EacError {
  return new EacError({
    code: "EAC_UPDATE_STATE_TOO_NEW",
    message: `${path} was written by eac-model ${version} in a form that this version does not know.`,
    hint: "Install the newer version: npm install --global generator-eac-model",
  });
}

/** The baseline does not hold what the manifest says it holds. */
export function baselineMismatch(path: string, differing: readonly string[]): EacError {
  return new EacError({
    code: "EAC_UPDATE_BASELINE_MISMATCH",
    message: `${path} does not hold what the manifest beside it says: ${shorten(differing)} differ.`,
    hint: "One of the two files was changed by hand or by a merge. Restore both from the same commit of the git history.",
  });
}

/** The folder is not in a git work tree, which an update needs to be undone. */
export function notARepository(folder: string, why: string, cause?: unknown): EacError {
  return new EacError({
    code: "EAC_UPDATE_NOT_A_REPOSITORY",
    message: `${folder} is not in the work tree of a git repository: ${why}. Nothing was changed.`,
    hint: "Run the command in a clone of the model repository.",
    cause,
  });
}

/** The repository is in a state in which an update could lose or mix up work. */
export function notReady(problems: readonly Problem[]): EacError {
  const shown = problems.slice(0, shownPaths).map(({ path, message }) => `${path}: ${message}`);
  const more = problems.length > shownPaths ? ` And ${problems.length - shownPaths} more.` : "";
  return new EacError({
    code: "EAC_UPDATE_NOT_READY",
    message: `The repository is not ready for an update. ${shown.join(" ")}${more} Nothing was changed.`,
    hint: "Commit or undo these changes, then run the command again.",
    problems,
  });
}

/** Another update works in the same repository. */
export function updateRunning(who: string, lockFile: string): EacError {
  return new EacError({
    code: "EAC_UPDATE_RUNNING",
    message: `Another update works in this repository: ${who}. Nothing was changed.`,
    hint: `Wait until it has ended. If it is certain that none is running, delete ${lockFile}`,
  });
}

/** An update was interrupted after it had begun to change files. */
export function updateUnfinished(): EacError {
  return new EacError({
    code: "EAC_UPDATE_UNFINISHED",
    message:
      "An earlier update was interrupted while it changed files, so the tree is partly old and partly new.",
    hint: "Run eac-model update to finish it, or eac-model update --abort to undo it.",
  });
}

/** Files that an interrupted update was to change hold something that is neither old nor new. */
export function changedSinceInterruption(paths: readonly string[]): EacError {
  return new EacError({
    code: "EAC_UPDATE_CHANGED_SINCE",
    message: `An earlier update was interrupted, and these files were changed since: ${shorten(paths)}. It cannot be finished without overwriting them.`,
    hint: "Run eac-model update --abort: it puts back what the update had changed and leaves these files as they are.",
    problems: changedSince(paths),
  });
}

/** A path of the plan would leave the repository, or leads through something that is not a folder. */
export function unsafePath(path: string, why: string): EacError {
  return new EacError({
    code: "EAC_UPDATE_UNSAFE_PATH",
    message: `The update would write to ${JSON.stringify(path)}, but ${why}. Nothing was changed.`,
    hint: "Remove what is in the way, or take the path out of the update: eac-model update --release PATH",
  });
}

/** A file changed between the planning and the writing. */
export function changedMeanwhile(paths: readonly string[]): EacError {
  return new EacError({
    code: "EAC_UPDATE_CHANGED_MEANWHILE",
    message: `These files were changed while the update was planned: ${shorten(paths)}. Nothing was changed.`,
    hint: "Run the command again.",
    problems: changedSince(paths),
  });
}

/** The file system or git refused; the tree is as it was before. */
export function updateNotWritten(cause: Error): EacError {
  return new EacError({
    code: "EAC_UPDATE_WRITE_FAILED",
    message: `The update could not be written: ${cause.message}. Every file is as it was before.`,
    hint: "Check that the files are writable, the disk has room and no other git command is running, then run the command again.",
    cause,
  });
}

/** The file system or git refused, and refused the way back too. */
export function updateStuck(cause: Error): EacError {
  return new EacError({
    code: "EAC_UPDATE_STUCK",
    message: `The update could not be written, and what it had changed could not be put back: ${cause.message}. The tree is partly old and partly new; nothing is lost.`,
    hint: "Make room on the disk or give back the right to write, then run eac-model update --abort.",
    cause,
  });
}

/** There is nothing that --abort could undo. */
export function nothingToAbort(why: string): EacError {
  return new EacError({
    code: "EAC_UPDATE_NOTHING_TO_ABORT",
    message: `There is no update to undo: ${why}. Nothing was changed.`,
    hint: "An update that was committed is undone with git revert.",
  });
}

/** Undoing the update would throw away work that was done after it. */
export function abortWouldLose(paths: readonly string[]): EacError {
  return new EacError({
    code: "EAC_UPDATE_ABORT_WOULD_LOSE",
    message: `These files were changed after the update: ${shorten(paths)}. Undoing it would lose that. Nothing was changed.`,
    hint: "Save what you need elsewhere and undo your changes to these files, then run the command again.",
    problems: changedSince(paths),
  });
}

/** The update's own record in git's folder cannot be read. */
export function journalDamaged(path: string, cause?: unknown): EacError {
  return new EacError({
    code: "EAC_UPDATE_JOURNAL_DAMAGED",
    message: `${path}, the record of an interrupted or of the last update, is damaged.`,
    hint: "Compare the work tree with git status, then delete that folder and run the command again.",
    cause,
  });
}

/** The templates of this package are older than those of the repository. */
export function downgrade(from: string, to: string): EacError {
  return new EacError({
    code: "EAC_UPDATE_DOWNGRADE",
    message: `The repository was made with the templates of eac-model ${from}, and this is the older ${to}. Nothing was changed.`,
    hint: "Install the newer version: npm install --global generator-eac-model",
  });
}

/** A path given to --release or --restore, and why that makes no sense. */
export interface RefusedPath {
  readonly option: string;
  readonly path: string;
  readonly why: string;
  /** What may have been meant. */
  readonly guess?: string | undefined;
}

/** Paths given to --release or --restore are not ones that an update can do that with: all of them at once. */
export function pathsNotManaged(refused: readonly RefusedPath[]): EacError {
  const guesses = refused.flatMap(({ guess }) => guess ?? []);
  const sentences = refused.map(({ option, path, why }) => `${option} ${path} is not possible: ${why}.`);
  return new EacError({
    code: "EAC_UPDATE_PATH_NOT_MANAGED",
    message: `${sentences.join(" ")} Nothing was changed.`,
    hint:
      guesses.length === 0
        ? "eac-model update --dry-run names the files that an update is about, each as a path from the model's folder."
        : `Did you mean ${guesses.join(", ")}?`,
    exitCode: exitCodes.usage,
  });
}

/** All of them, where a sentence names some. */
function changedSince(paths: readonly string[]): readonly Problem[] {
  return paths.map((path) => ({ path, rule: "changed", message: "It was changed since." }));
}

function shorten(paths: readonly string[]): string {
  const more = paths.length > shownPaths ? ` and ${paths.length - shownPaths} more` : "";
  return `${paths.slice(0, shownPaths).join(", ")}${more}`;
}
