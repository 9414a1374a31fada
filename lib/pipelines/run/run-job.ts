import { ExpressionError } from "../expressions/expression-error.ts";
import type { JobModel, StageModel } from "../pipeline-model.ts";
import { textOf } from "../yaml-node.ts";
import { isConditionMet } from "./conditions.ts";
import { jobContexts, statedVariables } from "./contexts.ts";
import { isOnServer, runPhases } from "./job-phases.ts";
import type { PhasesEnd } from "./run-in-time.ts";
import type { RunState } from "./run-state.ts";
import type { JobOutcome, RunPlace, RunResult } from "./run-types.ts";
import { isTrue } from "./step-call.ts";

/** A job whose dependencies have ended, with what came of them. */
export interface ReadyJob {
  readonly run: RunState;
  readonly stage: StageModel;
  readonly job: JobModel;
  /** The jobs that it names in dependsOn. */
  readonly before: readonly JobModel[];
  /** The results of all that it waits for, directly or through others. */
  readonly results: ReadonlyMap<string, RunResult>;
}

/** Runs a job when its condition holds; never throws. */
export async function runJob(ready: ReadyJob): Promise<JobOutcome> {
  const { run, stage, job } = ready;
  const { title, decided } = read(ready);
  if (decided !== undefined) return leaveOut(ready, decided, title);
  // A job of the server waits for people, and takes no agent from others.
  const begin = async (): Promise<JobOutcome> => {
    // It may have waited long for its turn.
    if (run.request.signal.aborted) return leaveOut(ready, { result: "canceled" }, title);
    run.report.tell({ type: "started", at: { stage: stage.name, job: job.name }, title });
    return finish(ready, await runPhases(ready, title), title);
  };
  return isOnServer(job) ? await begin() : await run.runOnAgent(begin);
}

interface Ending {
  readonly result: RunResult;
  readonly why?: string;
}

/** A job with the values of its variables put in, and how it ends where it does not run. */
function read(ready: ReadyJob): { readonly title: string; readonly decided: Ending | undefined } {
  const { run, stage, job, before } = ready;
  const title = job.displayName ?? job.name;
  try {
    const contexts = jobContexts(run, stage, before);
    const variables = statedVariables(run, [stage, job], contexts);
    return {
      title: run.masker.mask(variables.expand(title)),
      decided: decide(ready, { ...contexts, variables: variables.toObject() }),
    };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { title: run.masker.mask(title), decided: { result: "failed", why: error.message } };
  }
}

function leaveOut(ready: ReadyJob, ending: Ending, title: string): JobOutcome {
  const at: RunPlace = { stage: ready.stage.name, job: ready.job.name };
  if (ending.result !== "skipped") ready.run.report.tell({ type: "started", at, title });
  return finish(ready, { ...ending, steps: [], outputs: new Map() }, title);
}

/** The result of a job that does not run. */
function decide(
  { run, job, results }: ReadyJob,
  contexts: Parameters<typeof isConditionMet>[2],
): Ending | undefined {
  const isCanceled = run.request.signal.aborted;
  if (isCanceled) return { result: "canceled" };
  try {
    return isConditionMet(job.condition?.text, { results, isCanceled }, contexts)
      ? undefined
      : { result: "skipped" };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { result: "failed", why: `Its condition cannot be evaluated: ${error.message}` };
  }
}

function finish({ run, stage, job }: ReadyJob, end: PhasesEnd, title: string): JobOutcome {
  const isForgiven = end.result === "failed" && isTrue(textOf(job.node, "continueOnError") ?? "");
  const result = isForgiven ? "succeededWithIssues" : end.result;
  const jobs = run.ended.get(stage.name) ?? new Map<string, never>();
  run.ended.set(stage.name, new Map([...jobs, [job.name, { result, outputs: end.outputs }]]));
  const why = end.why === undefined ? {} : { why: end.why };
  const at: RunPlace = { stage: stage.name, job: job.name };
  run.report.tell({ type: "finished", at, title, result, ...why });
  return { name: job.name, title, result, steps: end.steps };
}
