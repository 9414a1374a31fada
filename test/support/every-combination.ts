import type { Answers } from "../../lib/answers/answers.ts";
import { anAnswers } from "./an-answers.ts";

const modelTypes = ["supervised", "unsupervised", "rule-based"] as const;
const servings = ["batch", "rest"] as const;
const environmentFiles = ["conda", "pip"] as const;
const levels = [1, 2, 3, 4, 5] as const;

/** Answers for each of the 60 kinds of repository: model type × serving × environment file × maturity level. */
export const everyCombination: readonly Answers[] = modelTypes.flatMap((model_type) =>
  servings.flatMap((serving) =>
    environmentFiles.flatMap((environment_file) =>
      levels.map((maturity_level) => anAnswers({ model_type, serving, environment_file, maturity_level })),
    ),
  ),
);

/** How a combination is called in messages: `supervised batch conda 3`. */
export function nameOf(answers: Answers): string {
  return [answers.model_type, answers.serving, answers.environment_file, answers.maturity_level].join(" ");
}
