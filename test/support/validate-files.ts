import { validatePipeline, type ValidateOptions } from "../../lib/pipelines/validate/validate-pipeline.ts";
import type { Files } from "./expand-files.ts";

/** Validates pipeline.yml of files in memory; each problem as `file:line: message`, with the hint behind it. */
export function findings(files: Files, options: Partial<ValidateOptions> = {}): readonly string[] {
  const { problems } = validatePipeline({
    file: "pipeline.yml",
    read: ({ alias, path }) => files[alias === "self" ? path : `${path}@${alias}`],
    ...options,
  });
  return problems.map(
    ({ at, message, hint }) => `${at.file}:${at.line}: ${message}${hint === undefined ? "" : ` ${hint}`}`,
  );
}

/** A pipeline with a trigger and this text behind it; its first line is line 2. */
export function pipelineOf(text: string): Files {
  return { "pipeline.yml": `trigger: none\n${text.replace(/^\n/, "")}` };
}
