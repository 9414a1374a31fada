import { exitCodes } from "../exit-codes.ts";
import { EacError } from "../eac-error.ts";

/** The run file records the unfinished run of another fleet. */
export function fleetRunFileForeign(path: string, fleet: string): EacError {
  return new EacError({
    code: "EAC_FLEET_RUN_FILE_FOREIGN",
    message: `${path} records an unfinished run over ${fleet}.`,
    hint: "Finish that run, name another file with --run-file, or delete the file to give that run up.",
  });
}

/** The run file is not one. */
export function fleetRunFileInvalid(path: string): EacError {
  return new EacError({
    code: "EAC_FLEET_RUN_FILE_INVALID",
    message: `${path} is not the record of a run over a fleet.`,
    hint: "Name another file with --run-file, or delete this one.",
  });
}

/** Another run writes to the same run file. */
export function fleetRunning(who: string, lockFile: string): EacError {
  return new EacError({
    code: "EAC_FLEET_RUNNING",
    message: `Another run over a fleet keeps its record in the same file: ${who}. Nothing was changed.`,
    hint: `Wait until it has ended, or name another file with --run-file. If it is certain that none is running, delete ${lockFile}`,
  });
}

/** The run file, the report or the list cannot be read or written. */
export function fleetFileNotReadable(path: string, cause: NodeJS.ErrnoException): EacError {
  return new EacError({
    code: "EAC_FLEET_FILE_NOT_WRITTEN",
    message: `${path} cannot be read or written: ${cause.message}.`,
    hint: "Name a file in a folder that exists and that you may write to.",
    cause,
  });
}

/** Neither a project nor a list says which repositories are meant. */
export function fleetMissing(): EacError {
  return new EacError({
    code: "EAC_FLEET_MISSING",
    message: "No repositories are named.",
    hint: "Name a project with --org and --project, a list with --repositories FILE, or the repositories themselves.",
    exitCode: exitCodes.usage,
  });
}

/** There is nothing that a run could look at. */
export function fleetEmpty(fleet: string): EacError {
  return new EacError({
    code: "EAC_FLEET_EMPTY",
    message: `No repository of ${fleet} has the state of eac-model (.eac-model/manifest.json on its default branch).`,
    hint: "Check the name of the project, and that the credential may read its repositories.",
  });
}

/** A repository of the list has no commit to begin with. */
export function fleetNoBranch(name: string): EacError {
  return new EacError({
    code: "EAC_FLEET_NO_BRANCH",
    message: `${name} has no default branch with a commit on it.`,
    hint: "Push a first commit, or take the repository off the list.",
  });
}

/** A pull request was asked for, and the project has no repository of that name. */
export function updateWithoutRemote(project: string, repository: string): EacError {
  return new EacError({
    code: "EAC_UPDATE_PR_NO_REPOSITORY",
    message: `The project ${project} has no repository ${repository} with a branch, so there is nothing to open a pull request in.`,
    hint: "Push it first with eac-model provision, or name the project with --project.",
  });
}

/** A pull request of an update would carry commits that are not on the default branch. */
export function updateHeadNotPushed(branch: string): EacError {
  return new EacError({
    code: "EAC_UPDATE_PR_NOT_PUSHED",
    message: `HEAD is not on ${branch} in Azure DevOps, so the pull request of the update would carry other commits too.`,
    hint: `Switch to ${branch} first; commits of yours that are only here need a pull request of their own.`,
  });
}

/** The model repository has no commit that an update could be made on. */
export function updateWithoutCommit(folder: string): EacError {
  return new EacError({
    code: "EAC_UPDATE_PR_NO_COMMIT",
    message: `${folder} has no commit yet, so there is nothing to make a pull request on.`,
    hint: "Commit first, or run eac-model update without --pr.",
  });
}
