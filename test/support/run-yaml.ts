import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expandPipeline } from "../../lib/pipelines/expand-pipeline.ts";
import { readPipelineModel } from "../../lib/pipelines/pipeline-model.ts";
import { runPipeline } from "../../lib/pipelines/run/run-pipeline.ts";
import type { JobOutcome, RunEvent, RunOutcome, RunRequest } from "../../lib/pipelines/run/run-types.ts";

/** A run of a pipeline in memory, and everything that it told. */
export interface YamlRun {
  readonly outcome: RunOutcome;
  readonly events: readonly RunEvent[];
  /** Lines and issues of all steps, as they came. */
  readonly lines: readonly string[];
  readonly job: (name: string) => JobOutcome;
}

/** Runs a pipeline without a repository: its jobs must say `checkout: none` or be deployments. */
export async function runYaml(text: string, differences: Partial<RunRequest> = {}): Promise<YamlRun> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "eac-model-run-")));
  const events: RunEvent[] = [];
  try {
    const { root } = expandPipeline({ file: "pipeline.yml", read: () => text });
    const outcome = await runPipeline({
      model: readPipelineModel(root),
      folder,
      source: { repository: folder, branch: "main", commit: "0".repeat(40) },
      variables: {},
      groups: {},
      artifactsOf: () => undefined,
      approve: () => Promise.resolve("approved"),
      signal: new AbortController().signal,
      environ: { PATH: process.env["PATH"] ?? "", HOME: folder },
      ...differences,
      report: (event) => {
        events.push(event);
        differences.report?.(event);
      },
    });
    const jobs = outcome.stages.flatMap((stage) => stage.jobs);
    return {
      outcome,
      events,
      lines: events.flatMap(textsOf),
      job: (name) => {
        const found = jobs.find((job) => job.name === name);
        if (found === undefined) throw new Error(`The run has no job ${name}.`);
        return found;
      },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function textsOf(event: RunEvent): readonly string[] {
  if (event.type === "line") return [event.text];
  return event.type === "issue" ? [event.message] : [];
}
