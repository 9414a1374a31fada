import type { Value } from "../../lib/pipelines/expressions/value.ts";
import { expandPipeline, type ExpandedPipeline } from "../../lib/pipelines/expand-pipeline.ts";
import { PipelineError } from "../../lib/pipelines/problem.ts";
import { toJson } from "../../lib/pipelines/yaml-node.ts";

export type Files = Readonly<Record<string, string>>;

/** Expands pipeline.yml of files in memory; a path of another repository is written `path@alias`. */
export function expandFiles(
  files: Files,
  parameters: Readonly<Record<string, Value>> = {},
): ExpandedPipeline {
  return expandPipeline({
    file: "pipeline.yml",
    read: ({ alias, path }) => files[alias === "self" ? path : `${path}@${alias}`],
    parameters,
    variables: { "Build.SourceBranchName": "main", "Build.Reason": "Manual" },
  });
}

/** The expanded pipeline as plain values. */
export function expanded(files: Files, parameters: Readonly<Record<string, Value>> = {}): unknown {
  return toJson(expandFiles(files, parameters).root);
}

/** Every problem as `file:line: message`; empty when the pipeline expands. */
export function problemsOf(
  files: Files,
  parameters: Readonly<Record<string, Value>> = {},
): readonly string[] {
  try {
    expandFiles(files, parameters);
    return [];
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return error.problems.map(({ at, message }) => `${at.file}:${at.line}: ${message}`);
  }
}
