import type { Answers } from "../../answers/answers.ts";
import { parseAnswers } from "../../answers/parse-answers.ts";
import { readFolderAnswers } from "../../update/read-folder-answers.ts";

/** The answers of a model repository; undefined for any other folder. */
export function readModelAnswers(folder: string): Answers | undefined {
  const found = readFolderAnswers(folder);
  return found && parseAnswers(found.answers);
}
