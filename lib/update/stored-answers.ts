import type { Answers } from "../answers/answers.ts";
import type { AnswersInput } from "../answers/answers-input.ts";
import { checkAnswers } from "../answers/check-answers.ts";
import { mergeAnswers } from "../answers/merge-answers.ts";
import { migrateAnswers } from "../answers/migrations.ts";
import { parseAnswersFile } from "../answers/parse-answers-file.ts";
import type { RepositoryState } from "./read-state.ts";
import { statePaths } from "./state-paths.ts";

/** The answers of a repository in the newest form: as they are in its file now, unchecked, without defaults for new questions. */
export function storedAnswers({ answersText, manifest }: RepositoryState): AnswersInput {
  return readText(answersText, manifest.answersVersion);
}

/** The answers of the last render in the newest form, unchecked, without defaults for new questions. */
export function answersOfBaseline({ baselineAnswersText, manifest }: RepositoryState): AnswersInput {
  return readText(baselineAnswersText, manifest.answersVersion);
}

/**
 * The answers of the last render as the newest schema has them; a question that is new since then has its default.
 * Where that is not possible, such as for a new question without default, the new answers say what is missing.
 */
export function answersOfLastRender(state: RepositoryState, newAnswers: Answers): Answers {
  const old = answersOfBaseline(state);
  for (const candidate of [old, mergeAnswers([{ ...newAnswers }, old])]) {
    const checked = checkAnswers(candidate);
    if (checked.ok) return checked.answers;
  }
  return newAnswers;
}

let last: { readonly text: string; readonly version: number; readonly answers: AnswersInput } | undefined;

/** One update asks up to three times for the answers of one text: the last text is not parsed again. */
function readText(text: string, version: number): AnswersInput {
  if (last?.text === text && last.version === version) return last.answers;
  const answers = migrateAnswers(parseAnswersFile(statePaths.answers, Buffer.from(text, "utf8")), version);
  last = { text, version, answers };
  return answers;
}
