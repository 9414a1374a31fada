import type { PipelineModel, PlacedText, StageModel } from "../../../pipelines/pipeline-model.ts";

/** The pipeline without some of its stages; those that waited for one of them no longer do. */
export function skipStages(model: PipelineModel, skipped: readonly string[]): PipelineModel {
  if (skipped.length === 0) return model;
  const gone = new Set(skipped.map((name) => name.toLowerCase()));
  const isGone = (name: string): boolean => gone.has(name.toLowerCase());
  const stages = model.stages.map((stage, index): StageModel => {
    const before = stage.dependsOn ?? implicitDependency(model.stages[index - 1]);
    return { ...stage, dependsOn: before.filter(({ text }) => !isGone(text)) };
  });
  return { ...model, stages: stages.filter(({ name }) => !isGone(name)) };
}

function implicitDependency(previous: StageModel | undefined): readonly PlacedText[] {
  return previous === undefined ? [] : [{ text: previous.name, at: previous.at }];
}
