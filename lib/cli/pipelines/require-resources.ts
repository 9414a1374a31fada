import type { Answers } from "../../answers/answers.ts";
import { corePipelines } from "../../answers/pipelines.ts";
import { pipelineResourceMissing } from "../../errors/catalogue/pipelines.ts";
import type { PipelineModel } from "../../pipelines/pipeline-model.ts";
import type { RunRequest } from "../../pipelines/run/run-types.ts";
import { entryOf, itemsOf, textOf } from "../../pipelines/yaml-node.ts";
import { shortKind } from "./find-pipeline.ts";

export interface PipelineResource {
  readonly alias: string;
  /** The pipeline's name in Azure DevOps, without its folder. */
  readonly source: string;
}

/** The pipelines whose runs a pipeline uses, as it names them. */
export function pipelineResources({ root }: PipelineModel): readonly PipelineResource[] {
  return itemsOf(entryOf(entryOf(root, "resources"), "pipelines")).map((node) => ({
    alias: textOf(node, "pipeline") ?? "",
    source: (textOf(node, "source") ?? "").split("\\").at(-1) ?? "",
  }));
}

/** Refuses a run that could only fail, where it downloads what no run on this machine has published. */
export function requireResources(
  model: PipelineModel,
  answers: Answers | undefined,
  artifactsOf: RunRequest["artifactsOf"],
): void {
  const missing = pipelineResources(model).find(
    ({ alias }) => artifactsOf(alias) === undefined && isNeeded(model, alias),
  );
  if (missing === undefined) return;
  const known = answers === undefined ? [] : corePipelines(answers);
  const pipeline = known.find(({ name }) => name === missing.source);
  throw pipelineResourceMissing(missing.source, pipeline && shortKind(pipeline.kind));
}

/** Whether a step downloads it in any case, as far as that is known before the run. */
function isNeeded({ stages }: PipelineModel, alias: string): boolean {
  return stages
    .filter(({ condition }) => condition === undefined)
    .flatMap(({ jobs }) => jobs)
    .filter(({ condition }) => condition === undefined)
    .flatMap(({ hooks }) => hooks)
    .filter(({ name }) => name !== "on.failure")
    .flatMap(({ steps }) => steps)
    .some(
      ({ kind, main, condition, node }) =>
        kind === "download" &&
        main.text.trim() === alias &&
        condition === undefined &&
        textOf(node, "enabled") === undefined,
    );
}
