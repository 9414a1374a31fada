import { join } from "node:path";
import type { AnswersInput } from "../answers/answers-input.ts";
import { migrateAnswers, type AnswersMigration } from "../answers/migrations.ts";
import { parseAnswersFile } from "../answers/parse-answers-file.ts";
import { parseManifest } from "./manifest.ts";
import { readStateFile } from "./read-state-file.ts";
import { statePaths } from "./state-paths.ts";

/** What a command that does not update needs to know of a model repository. */
export interface FolderAnswers {
  /** In the newest form, unchecked. */
  readonly answers: AnswersInput;
  /** Of the templates that the repository was made with; undefined without a manifest. */
  readonly templatesVersion: string | undefined;
}

/** The answers of the model repository in a folder, as an update would read them; undefined for any other folder. */
export function readFolderAnswers(
  folder: string,
  migrations?: readonly AnswersMigration[],
): FolderAnswers | undefined {
  const bytes = readStateFile(folder, statePaths.answers);
  if (bytes === undefined) return undefined;
  const stored = parseAnswersFile(join(folder, statePaths.answers), bytes);
  const manifestBytes = readStateFile(folder, statePaths.manifest);
  if (manifestBytes === undefined) return { answers: stored, templatesVersion: undefined };
  const { answersVersion, template } = parseManifest(Buffer.from(manifestBytes).toString("utf8"));
  return {
    answers: migrateAnswers(stored, answersVersion, migrations),
    templatesVersion: template.version,
  };
}
