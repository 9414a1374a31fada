import { EacError } from "../eac-error.ts";
import { exitCodes } from "../exit-codes.ts";

const shownFiles = 10;

/** The target folder holds files that this tool did not make. */
export function targetHasForeignFiles(folder: string, paths: readonly string[]): EacError {
  const shown = paths.slice(0, shownFiles).join(", ");
  const more = paths.length > shownFiles ? ` and ${paths.length - shownFiles} more` : "";
  return new EacError({
    code: "EAC_SCAFFOLD_FOREIGN_FILES",
    message: `The folder ${folder} holds files that were not made by eac-model: ${shown}${more}. Nothing was written.`,
    hint: "Choose an empty or a new folder, for example: eac-model init my-model",
  });
}

/** The target folder is a model repository already, made from other answers. */
export function targetHasOtherAnswers(folder: string, changed: readonly string[]): EacError {
  return new EacError({
    code: "EAC_SCAFFOLD_OTHER_ANSWERS",
    message: `The folder ${folder} is a model repository made from other answers (${changed.join(", ")}). Nothing was written.`,
    hint: "Choose another folder, or give the answers that are kept in its .eac-model/answers.yml.",
  });
}

/** The target path exists and is not a folder. */
export function targetIsNoFolder(folder: string): EacError {
  return new EacError({
    code: "EAC_SCAFFOLD_NOT_A_FOLDER",
    message: `${folder} exists and is not a folder. Nothing was written.`,
    hint: "Choose another name for the new repository.",
  });
}

/** The file system refused; the repository was not put in place. */
export function targetNotWritten(folder: string, cause: Error): EacError {
  return new EacError({
    code: "EAC_SCAFFOLD_WRITE_FAILED",
    message: `The repository could not be written to ${folder}: ${cause.message}. What was begun has been removed.`,
    hint: "Check that the folder is writable and the disk has room, then run the same command again.",
    cause,
  });
}

/** The user stopped the command; nothing of it remains. */
export function interrupted(): EacError {
  return new EacError({
    code: "EAC_INTERRUPTED",
    message: "Stopped on request.",
    hint: "Run the same command again to continue.",
    exitCode: exitCodes.interrupted,
  });
}
