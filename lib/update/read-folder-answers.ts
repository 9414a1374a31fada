import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AnswersInput } from "../answers/answers-input.ts";
import { migrateAnswers, type AnswersMigration } from "../answers/migrations.ts";
import { readAnswersFile } from "../answers/read-answers-file.ts";
import { isErrno } from "../errors/is-errno.ts";
import { parseManifest, type Manifest } from "./manifest.ts";
import { statePaths } from "./state-paths.ts";

/** What a command that does not update needs to know of a model repository. */
export interface FolderAnswers {
  /** In the newest form, unchecked. */
  readonly answers: AnswersInput;
  /** Of the templates that the repository was made with; undefined without a manifest. */
  readonly templatesVersion: string | undefined;
}

/** The answers of the model repository in a folder, as an update would read them; undefined for any other folder. */
export async function readFolderAnswers(
  folder: string,
  migrations?: readonly AnswersMigration[],
): Promise<FolderAnswers | undefined> {
  const path = join(folder, statePaths.answers);
  if (!existsSync(path)) return undefined;
  const [stored, manifest] = await Promise.all([readAnswersFile(path), readManifest(folder)]);
  return {
    answers: manifest === undefined ? stored : migrateAnswers(stored, manifest.answersVersion, migrations),
    templatesVersion: manifest?.template.version,
  };
}

async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    return parseManifest(await readFile(join(folder, statePaths.manifest), "utf8"));
  } catch (error) {
    if (isErrno(error, "ENOENT")) return undefined;
    throw error;
  }
}
