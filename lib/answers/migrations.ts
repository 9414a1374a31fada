import type { AnswersInput } from "./answers-input.ts";

/** Brings answers from one version of the schema to the next; pure, and harmless for answers that have the new form already. */
export type AnswersMigration = (answers: AnswersInput) => AnswersInput;

/** The first one leads from version 1 to 2, the next from 2 to 3. Never removed: a repository may have slept for years. */
const migrations: readonly AnswersMigration[] = [];

/** The version of answers.schema.json; a change of it that old answers do not fit needs a migration. */
export const answersVersion: number = versionAfter(migrations);

/** Answers that were written for one version of the schema, as the newest one has them; values and unknown names stay as they are. */
export function migrateAnswers(
  answers: AnswersInput,
  version: number,
  steps: readonly AnswersMigration[] = migrations,
): AnswersInput {
  return steps.slice(version - 1).reduce<AnswersInput>((current, migrate) => migrate(current), answers);
}

function versionAfter(steps: readonly AnswersMigration[]): number {
  return steps.length + 1;
}
