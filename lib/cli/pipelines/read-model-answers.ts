import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Answers } from "../../answers/answers.ts";
import { parseAnswers } from "../../answers/parse-answers.ts";
import { readAnswersFile } from "../../answers/read-answers-file.ts";
import { statePaths } from "../../update/state-paths.ts";

/** The answers of a model repository; undefined for any other folder. */
export async function readModelAnswers(folder: string): Promise<Answers | undefined> {
  const path = join(folder, statePaths.answers);
  return existsSync(path) ? parseAnswers(await readAnswersFile(path)) : undefined;
}
