import type { Answers } from "../answers/answers.ts";

export type OverlayName =
  | "base"
  | "batch"
  | "rest"
  | "supervised"
  | "unsupervised"
  | "rule_based"
  | "conda"
  | "pip"
  | "level_2"
  | "level_3"
  | "level_4"
  | "level_5";

/**
 * The folders of templates/model, each with the answers that it applies to.
 * Overlays that apply together hold different paths; nothing is decided by their order.
 */
export const overlays: Readonly<Record<OverlayName, (answers: Answers) => boolean>> = {
  base: () => true,
  batch: (answers: Answers) => answers.serving === "batch",
  rest: (answers: Answers) => answers.serving === "rest",
  supervised: (answers: Answers) => answers.model_type === "supervised",
  unsupervised: (answers: Answers) => answers.model_type === "unsupervised",
  rule_based: (answers: Answers) => answers.model_type === "rule-based",
  conda: (answers: Answers) => answers.environment_file === "conda",
  pip: (answers: Answers) => answers.environment_file === "pip",
  level_2: (answers: Answers) => answers.maturity_level >= 2,
  level_3: (answers: Answers) => answers.maturity_level >= 3,
  level_4: (answers: Answers) => answers.maturity_level >= 4,
  level_5: (answers: Answers) => answers.maturity_level >= 5,
};

/** Whether a folder of templates/model is an overlay. */
export function isOverlayName(name: string): name is OverlayName {
  return Object.hasOwn(overlays, name);
}
