import { EacError } from "../eac-error.ts";
import { exitCodes } from "../exit-codes.ts";

const shownPaths = 10;

function shown(paths: readonly string[]): string {
  const more = paths.length > shownPaths ? ` and ${paths.length - shownPaths} more` : "";
  return `${paths.slice(0, shownPaths).join(", ")}${more}`;
}

/** What stands where the platform's repository is to be is something else. */
export function platformForeign(where: string, why: string): EacError {
  return new EacError({
    code: "EAC_PLATFORM_FOREIGN",
    message: `${where} is no repository of templates: ${why}. Nothing was changed.`,
    hint: "Name a new folder, or a clone of the platform's repository.",
  });
}

/** The repository has work of somebody that a new version would mix with its own. */
export function platformNotReady(folder: string, why: string): EacError {
  return new EacError({
    code: "EAC_PLATFORM_NOT_READY",
    message: `${folder} cannot take a new version: ${why}. Nothing was changed.`,
    hint: "Commit or put away what is not committed, switch to the branch that takes new versions, and run the command again.",
  });
}

/** Templates differ from those of the version that the repository says it holds. */
export function platformChanged(folder: string, version: string, paths: readonly string[]): EacError {
  return new EacError({
    code: "EAC_PLATFORM_CHANGED",
    message: `Templates in ${folder} were changed by hand since version ${version}: ${shown(paths)}. A new version would undo that, so nothing was changed.`,
    hint: "Keep changes of your own in files beside pipelines/templates/, or take them back, and run the command again.",
  });
}

/** A tag never moves; this one holds something else. */
export function platformTagTaken(where: string, tag: string, why: string): EacError {
  return new EacError({
    code: "EAC_PLATFORM_TAG_TAKEN",
    message: `The tag ${tag} of ${where} is there already, and ${why}. Models run what it holds, so it was not moved.`,
    hint: "A correction is a new version: take the next version of eac-model, or a repository of another name.",
  });
}

/** The repository holds a newer version than this program. */
export function platformNewer(folder: string, theirs: string, ours: string): EacError {
  return new EacError({
    code: "EAC_PLATFORM_NEWER",
    message: `${folder} holds version ${theirs} of the templates, and this is version ${ours} of eac-model, which knows no tag v${ours} there. Nothing was changed.`,
    hint: "Use that version of eac-model, or a newer one.",
  });
}

/** The platform's repository exists in the organisation, and there is no clone of it here. */
export function platformNotCloned(folder: string, url: string): EacError {
  return new EacError({
    code: "EAC_PLATFORM_NOT_CLONED",
    message: `The repository exists at ${url}, and ${folder} is no clone of it, so a new version cannot follow those before.`,
    hint: `Clone it and run the command again: git clone ${url} ${folder}`,
    exitCode: exitCodes.preconditionFailed,
  });
}
