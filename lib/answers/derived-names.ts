import type { Answers } from "./answers.ts";

/** The pipelines of a model, by the word between model name and `-pipeline`. */
export type PipelineKind =
  | "pr"
  | "ci"
  | "train-evaluate"
  | "score-evaluate"
  | "release"
  | "deploy"
  | "promote"
  | "evaluate"
  | "data-cleansing"
  | "monitor";

/** Every name that is made from the answers; the contract between templates, provisioning and people. */
export interface DerivedNames {
  readonly repository: string;
  /** Azure DevOps pipeline folder, such as `\cashflow2`. */
  readonly pipelineFolder: string;
  /** Python package of the model, such as `cashflow2` for `cashflow2` and `my_model` for `my-model`. */
  readonly pythonPackage: string;
  /** `train-evaluate`, or `score-evaluate` for rule-based models. */
  readonly trainingKind: "train-evaluate" | "score-evaluate";
  /** `<project>\<team_name>`. */
  readonly areaPath: string;
  pipeline(kind: PipelineKind): string;
  /** Azure DevOps environment, `<model>-<environment>`. */
  environment(name: string): string;
  /** Variable group, `<model>-<environment>`. */
  variableGroup(name: string): string;
}

/** The shared, platform-owned variable group that models read and never change. */
export const platformVariableGroup = "eac-platform";

/** A repository as pipelines name it: `name`, or `project/name` where it is in another project. */
export function splitRepositoryName(text: string): {
  readonly project: string | undefined;
  readonly name: string;
} {
  const end = text.indexOf("/");
  return end < 0
    ? { project: undefined, name: text }
    : { project: text.slice(0, end), name: text.slice(end + 1) };
}

/** Derives every name from the answers; total, the answers being valid already. */
export function deriveNames(answers: Answers): DerivedNames {
  const model = answers.model_name;
  return {
    repository: answers.azure_devops.repository === "" ? model : answers.azure_devops.repository,
    pipelineFolder: `\\${model}`,
    pythonPackage: model.replaceAll("-", "_"),
    trainingKind: answers.model_type === "rule-based" ? "score-evaluate" : "train-evaluate",
    areaPath: `${answers.azure_devops.project}\\${answers.team_name}`,
    pipeline: (kind) => `${model}-${kind}-pipeline`,
    environment: (name) => `${model}-${name}`,
    variableGroup: (name) => `${model}-${name}`,
  };
}
