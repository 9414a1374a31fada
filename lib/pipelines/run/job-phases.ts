import type { JobModel, StepModel } from "../pipeline-model.ts";
import { entryOf, textOf } from "../yaml-node.ts";
import { jobContexts } from "./contexts.ts";
import { implicitStep } from "./implicit-step.ts";
import { runMatrix } from "./run-matrix.ts";
import { runDeployment } from "./run-deployment.ts";
import type { ReadyJob } from "./run-job.ts";
import type { Phase, PhaseEnd } from "./run-phase.ts";

/** When a job and its last steps have to end. */
export interface JobTime {
  readonly signal: AbortSignal;
  readonly afterwards: AbortSignal;
}

export interface PhasesEnd extends PhaseEnd {
  readonly why?: string;
}

/** Runs all that a job consists of: its steps, the legs of its matrix, or the hooks of a deployment. */
export async function runPhases(ready: ReadyJob, title: string, time: JobTime): Promise<PhasesEnd> {
  const { run, stage, job, before } = ready;
  const contexts = jobContexts(run, stage, before);
  const common = {
    run,
    stage,
    model: job,
    name: job.name,
    title,
    contexts,
    stepsBefore: 0,
    own: {},
    ...time,
  };
  const phase: Phase = { ...common, folder: job.name, steps: stepsWithCheckout(job) };
  tellContainers(ready);
  return job.isDeployment ? await runDeployment(phase) : await runMatrix(phase);
}

function tellContainers({ run, stage, job }: ReadyJob): void {
  const missing = [
    ["container", "containers of jobs"],
    ["services", "services of jobs"],
  ] as const;
  for (const [key, what] of missing) {
    if (entryOf(job.node, key) === undefined) continue;
    run.report.tell({ type: "not emulated", at: { stage: stage.name, job: job.name }, what });
  }
}

/** A job on an agent checks its repository out first, unless it says otherwise; a deployment does not. */
function stepsWithCheckout(job: JobModel): readonly StepModel[] {
  const steps = job.hooks.flatMap((hook) => hook.steps);
  const isStated = steps.some(({ kind }) => kind === "checkout");
  return job.isDeployment || isOnServer(job) || isStated
    ? steps
    : [implicitStep("checkout", "self", job), ...steps];
}

/** Whether the service does the job's work itself, without an agent. */
export function isOnServer(job: JobModel): boolean {
  return textOf(job.node, "pool")?.toLowerCase() === "server";
}
