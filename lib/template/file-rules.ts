import type { Answers } from "../answers/answers.ts";

const isTrained = (answers: Answers): boolean => answers.model_type !== "rule-based";
const isRuleBased = (answers: Answers): boolean => !isTrained(answers);
const isBatch = (answers: Answers): boolean => answers.serving === "batch";
const isRest = (answers: Answers): boolean => !isBatch(answers);
const isRegistered = (answers: Answers): boolean => answers.registry.register_model;
const isCopied = (answers: Answers): boolean => answers.templates === "copied";

/** The templates of pipelines: in the model's repository, or in the platform's where they are central. */
export const copiedTemplates: string = "pipelines/templates/";

/** Single files that need more than their overlay to apply, by template path. */
const fileRules: ReadonlyMap<string, (answers: Answers) => boolean> = new Map([
  ["pipelines/train_pipeline.yml", isTrained],
  ["pipelines/score_pipeline.yml", isRuleBased],
  ["demo_model/notebooks/train.py", isTrained],
  ["demo_model/notebooks/evaluate.py", isRuleBased],
  ...templateRules({
    ci_import_code: [isBatch],
    databricks_prepare: [isBatch],
    deploy_azure: [isRest],
    deploy_batch: [isBatch],
    deploy_databricks: [isBatch],
    deploy_rest: [isRest],
    evaluate_external: [isTrained],
    register_external: [isTrained],
    release_batch: [isBatch],
    release_promote: [isRegistered],
    release_rest: [isRest],
    release_rollback: [isRegistered],
    score_agent: [isRuleBased, isRest],
    score_databricks: [isRuleBased, isBatch],
    train_agent: [isTrained, isRest],
    train_databricks: [isTrained, isBatch],
  }),
]);

/** The template paths that have a rule of their own; a test checks that each is a template. */
export const ruledPaths: readonly string[] = [...fileRules.keys()];

/** Whether a file of an overlay that applies belongs into the repository. */
export function fileApplies(templatePath: string, answers: Answers): boolean {
  if (templatePath.startsWith(copiedTemplates) && !isCopied(answers)) return false;
  return fileRules.get(templatePath)?.(answers) ?? true;
}

/** Rules of pipeline templates by the part of their name that differs; all conditions of one must hold. */
function templateRules(
  conditions: Readonly<Record<string, readonly ((answers: Answers) => boolean)[]>>,
): readonly (readonly [string, (answers: Answers) => boolean])[] {
  return Object.entries(conditions).map(([name, all]) => [
    `${copiedTemplates}template_${name}.yml`,
    (answers) => all.every((holds) => holds(answers)),
  ]);
}
