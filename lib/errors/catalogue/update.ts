import { EacError } from "../eac-error.ts";

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
  const shown = differing.slice(0, shownPaths).join(", ");
  const more = differing.length > shownPaths ? ` and ${differing.length - shownPaths} more` : "";
  return new EacError({
    code: "EAC_UPDATE_BASELINE_MISMATCH",
    message: `${path} does not hold what the manifest beside it says: ${shown}${more} differ.`,
    hint: "One of the two files was changed by hand or by a merge. Restore both from the same commit of the git history.",
  });
}
