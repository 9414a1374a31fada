import type { Answers } from "../answers/answers.ts";

const isTrained = (answers: Answers): boolean => answers.model_type !== "rule-based";
const isRuleBased = (answers: Answers): boolean => !isTrained(answers);
const isCopied = (answers: Answers): boolean => answers.templates === "copied";

const copiedTemplates = "pipelines/templates/";

/** Single files that need more than their overlay to apply, by template path. */
const fileRules: ReadonlyMap<string, (answers: Answers) => boolean> = new Map([
  ["pipelines/train_pipeline.yml", isTrained],
  ["pipelines/templates/template_train_model.yml", isTrained],
  ["pipelines/score_pipeline.yml", isRuleBased],
  ["pipelines/templates/template_score_model.yml", isRuleBased],
  ["demo_model/notebooks/train.py", isTrained],
  ["demo_model/notebooks/evaluate.py", isRuleBased],
]);

/** The template paths that have a rule of their own; a test checks that each is a template. */
export const ruledPaths: readonly string[] = [...fileRules.keys()];

/** Whether a file of an overlay that applies belongs into the repository. */
export function fileApplies(templatePath: string, answers: Answers): boolean {
  if (templatePath.startsWith(copiedTemplates) && !isCopied(answers)) return false;
  return fileRules.get(templatePath)?.(answers) ?? true;
}
