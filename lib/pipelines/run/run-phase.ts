import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ObjectValue } from "../expressions/value.ts";
import type { JobModel, StageModel, StepModel } from "../pipeline-model.ts";
import { addStated, jobFolders, jobVariables, runVariables, type JobIdentity } from "./job-variables.ts";
import type { JobState } from "./job-state.ts";
import { Programs } from "./programs.ts";
import { resultNames } from "./results.ts";
import type { RunState } from "./run-state.ts";
import type { RunResult, StepOutcome } from "./run-types.ts";
import { runStep } from "./run-step.ts";
import { Variables, type Variable } from "./variables.ts";

/** One pass of steps in a folder of its own: a job, a leg of its matrix, or a hook of a deployment. */
export interface Phase {
  readonly run: RunState;
  readonly stage: StageModel;
  readonly model: JobModel;
  /** How events and outcomes name the job. */
  readonly name: string;
  readonly title: string;
  /** The name of the folder, unique in the stage. */
  readonly folder: string;
  readonly steps: readonly StepModel[];
  /** The number of steps that the job had before these. */
  readonly stepsBefore: number;
  readonly own: Readonly<Record<string, string>>;
  /** What `$[ … ]` may name beside variables. */
  readonly contexts: ObjectValue;
  readonly signal: AbortSignal;
  readonly afterwards: AbortSignal;
}

export interface PhaseEnd {
  readonly result: RunResult;
  readonly steps: readonly StepOutcome[];
  /** By `step.variable`. */
  readonly outputs: ReadonlyMap<string, Variable>;
}

/** Runs steps one after the other in a new folder, which is gone at the end with everything that the steps started. */
export async function runPhase(phase: Phase): Promise<PhaseEnd> {
  const { run, stage, model, name, title, own } = phase;
  const folders = jobFolders(join(run.request.folder, "jobs", folderName(phase)));
  const identity: JobIdentity = { stage, name, title, folders, own };
  await makeFolders(identity);
  await using programs = new Programs();
  const job: JobState = {
    run,
    model,
    identity,
    at: { stage: stage.name, job: name },
    variables: readVariables(phase, identity),
    outputs: new Map(),
    paths: [],
    programs,
    signal: phase.signal,
    afterwards: phase.afterwards,
    atEnd: [],
    result: "succeeded",
  };
  try {
    const steps = await runSteps(phase, job);
    if (job.result === "succeeded") for (const work of job.atEnd) await work();
    return { result: job.result, steps, outputs: job.outputs };
  } finally {
    programs.end();
    await rm(folders.workspace, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

/** Legs of a matrix may have any name. */
function folderName({ stage, folder }: Phase): string {
  return `${stage.name}.${folder}`.replaceAll(/[^\w.-]/g, "_");
}

async function runSteps(phase: Phase, job: JobState): Promise<readonly StepOutcome[]> {
  const outcomes: StepOutcome[] = [];
  for (const [index, step] of phase.steps.entries()) {
    if (job.signal.aborted) job.result = "canceled";
    outcomes.push(await runStep(step, phase.stepsBefore + index + 1, job));
  }
  return outcomes;
}

async function makeFolders({ folders }: JobIdentity): Promise<void> {
  await rm(folders.workspace, { recursive: true, force: true });
  const { sources, staging, binaries, testResults, temp, tools } = folders;
  const needed = [sources, staging, binaries, testResults, temp, tools];
  await Promise.all(needed.map((folder) => mkdir(folder, { recursive: true })));
}

/** The service's own first, then what pipeline, stage and job state, each level over the one before it. */
function readVariables({ run, stage, model, contexts, own }: Phase, identity: JobIdentity): Variables {
  const variables = new Variables([...runVariables(run), ...jobVariables(identity)]);
  for (const stated of [run.request.model, stage, model])
    addStated(variables, { stated, state: run, contexts });
  for (const [name, value] of Object.entries(own)) {
    variables.set({ name, value, isSecret: false, isReadonly: false });
  }
  variables.set({
    name: "Agent.JobStatus",
    value: resultNames.succeeded,
    isSecret: false,
    isReadonly: false,
  });
  variables.expandValues();
  return variables;
}
