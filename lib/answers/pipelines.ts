import type { Answers } from "./answers.ts";
import { deriveNames, type PipelineKind } from "./derived-names.ts";

/** A pipeline of the model: its name in Azure DevOps and its file in the repository. */
export interface Pipeline {
  readonly kind: PipelineKind;
  readonly name: string;
  /** Path from the repository's root. */
  readonly file: string;
}

/** The pipelines of a model, by its maturity level; the one table that templates and provisioning agree on. */
export function corePipelines(answers: Answers): readonly Pipeline[] {
  const names = deriveNames(answers);
  const isTrained = answers.model_type !== "rule-based";
  const pipeline = (kind: PipelineKind, file: string): Pipeline => ({
    kind,
    name: names.pipeline(kind),
    file: `pipelines/${file}`,
  });
  return [
    pipeline("pr", "pr_pipeline.yml"),
    pipeline("ci", "ci_pipeline.yml"),
    ...(answers.maturity_level >= 2
      ? [
          pipeline(names.trainingKind, isTrained ? "train_pipeline.yml" : "score_pipeline.yml"),
          pipeline("evaluate", "evaluate_pipeline.yml"),
        ]
      : []),
    ...(answers.maturity_level >= 3
      ? [
          pipeline("release", "release_pipeline.yml"),
          pipeline("deploy", "deploy_pipeline.yml"),
          pipeline("promote", "promote_pipeline.yml"),
        ]
      : []),
    ...(answers.maturity_level >= 4 ? [pipeline("data-cleansing", "data_cleansing_pipeline.yml")] : []),
    ...(answers.maturity_level >= 5 ? [pipeline("monitor", "monitor_pipeline.yml")] : []),
  ];
}
