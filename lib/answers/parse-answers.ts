import { answersInvalid } from "../errors/catalogue/answers.ts";
import type { Answers } from "./answers.ts";
import { checkAnswers } from "./check-answers.ts";

/** Complete, valid answers; throws one error that lists every problem. */
export function parseAnswers(input: unknown): Answers {
  const checked = checkAnswers(input);
  if (!checked.ok) throw answersInvalid(checked.problems);
  return checked.answers;
}
