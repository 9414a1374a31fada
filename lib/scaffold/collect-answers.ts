import type { Answers } from "../answers/answers.ts";
import type { AnswersInput } from "../answers/answers-input.ts";
import { checkAnswers } from "../answers/check-answers.ts";
import { mergeAnswers, setAnswers } from "../answers/merge-answers.ts";
import { parseAnswers } from "../answers/parse-answers.ts";
import { parseSetOptions } from "../answers/parse-set-options.ts";
import { answersFromReplies, deriveQuestions, type Question } from "../answers/questions.ts";
import { readAnswersFile } from "../answers/read-answers-file.ts";
import { answersInvalid } from "../errors/catalogue/answers.ts";

/** A yes-or-no question, beside those that the schema asks. */
export interface Confirmation {
  readonly type: "confirm";
  readonly name: string;
  readonly message: string;
  readonly default: boolean;
}

/** Asks a person; the keys of the replies are the names of the questions. */
export type Ask = (
  questions: readonly (Question | Confirmation)[],
) => Promise<Readonly<Record<string, unknown>>>;

/** Where answers come from, the strongest first: `fixed`, `set`, `answersFile`, `stored`, `ask`, and last the defaults. */
export interface AnswerSources {
  /** Answers given by options of their own, such as `--org`. */
  readonly fixed: AnswersInput;
  readonly set: readonly string[];
  readonly answersFile: string | undefined;
  /** Those that a repository has already. */
  readonly stored?: AnswersInput;
  /** Absent where nobody can be asked. */
  readonly ask: Ask | undefined;
}

/** Complete, valid answers; throws one error that lists everything missing or wrong. */
export async function collectAnswers(sources: AnswerSources): Promise<Answers> {
  const set = parseSetOptions(sources.set);
  const file = sources.answersFile === undefined ? {} : await readAnswersFile(sources.answersFile);
  const known = mergeAnswers([sources.stored ?? {}, file]);
  const given = mergeAnswers([setAnswers(known, set), sources.fixed]);
  const questions = sources.ask === undefined ? [] : deriveQuestions(given);
  if (sources.ask === undefined || questions.length === 0) return parseAnswers(given);
  refuseWrong(given, questions);
  const replies = answersFromReplies(await sources.ask(questions));
  return parseAnswers(mergeAnswers([replies, given]));
}

/** What is wrong already is said before anybody is asked for what is missing. */
function refuseWrong(given: AnswersInput, questions: readonly Question[]): void {
  const checked = checkAnswers(given);
  if (checked.ok) return;
  const asked = questions.map(({ name }) => name);
  const wrong = checked.problems.filter(({ path, rule }) => rule !== "required" || !asked.includes(path));
  if (wrong.length > 0) throw answersInvalid(wrong);
}
