import { nearest } from "../../errors/nearest.ts";
import { stepsOf, type PipelineModel, type PlacedText, type StepModel } from "../pipeline-model.ts";
import type { PipelineProblem } from "../problem.ts";
import { entryOf } from "../yaml-node.ts";

const isLate = /\$[([]/;

/** Artifacts that are downloaded from this run and that nothing publishes, and those that are published twice. */
export function checkArtifacts({ stages }: PipelineModel): readonly PipelineProblem[] {
  const jobs = stages.flatMap((stage) => stage.jobs);
  const published = jobs.flatMap((job) => stepsOf(job).flatMap(publishedBy));
  const usual = jobs.flatMap((job) =>
    job.hooks
      .filter(({ name }) => !name.startsWith("on."))
      .flatMap(({ steps }) => steps.flatMap(publishedBy)),
  );
  const names = published.map(({ text }) => text);
  if (names.some((name) => isLate.test(name))) return [];
  return [
    ...jobs.flatMap((job) => stepsOf(job).flatMap((step) => checkDownload(step, names))),
    ...twice(usual),
  ];
}

function publishedBy({ kind, main, node, inputs }: StepModel): readonly PlacedText[] {
  if (kind === "publish") return placed(node, "artifact");
  if (kind !== "task" || !/^PublishPipelineArtifact@/i.test(main.text)) return [];
  return inputs.flatMap(([name, value]) => (/^artifact(?:name)?$/i.test(name) ? [value] : []));
}

function checkDownload(
  { kind, main, node }: StepModel,
  names: readonly string[],
): readonly PipelineProblem[] {
  if (kind !== "download" || main.text !== "current") return [];
  return placed(node, "artifact")
    .filter(({ text }) => !isLate.test(text) && !names.includes(text))
    .map(({ text, at }) => {
      const meant = nearest(text, names);
      const hint = meant === undefined ? {} : { hint: `Did you mean ${meant}?` };
      return { at, message: `No step publishes the artifact '${text}'.`, ...hint, isAdvice: true };
    });
}

function twice(published: readonly PlacedText[]): readonly PipelineProblem[] {
  const seen = new Set<string>();
  return published.flatMap(({ text, at }) => {
    const isSecond = seen.has(text);
    seen.add(text);
    const message = `The artifact '${text}' is published twice; the second time fails.`;
    return isSecond ? [{ at, message, isAdvice: true as const }] : [];
  });
}

function placed(node: StepModel["node"], key: string): readonly PlacedText[] {
  const found = entryOf(node, key);
  return found?.kind === "scalar" ? [found] : [];
}
