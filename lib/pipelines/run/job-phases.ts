import type { JobModel, StepModel } from "../pipeline-model.ts";
import { entryOf, textOf } from "../yaml-node.ts";
import { jobContexts } from "./contexts.ts";
import { implicitStep } from "./implicit-step.ts";
import { runInTime, type PhasesEnd } from "./run-in-time.ts";
import { runMatrix, type TimelessPhase } from "./run-matrix.ts";
import { runDeployment } from "./run-deployment.ts";
import type { ReadyJob } from "./run-job.ts";

/** Runs all that a job consists of: its steps, the legs of its matrix, or the hooks of a deployment. */
export async function runPhases(ready: ReadyJob, title: string): Promise<PhasesEnd> {
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
  };
  const phase: TimelessPhase = { ...common, folder: job.name, steps: stepsWithCheckout(job) };
  tellContainers(ready);
  return job.isDeployment
    ? await runInTime(ready, (time) => runDeployment({ ...phase, ...time }))
    : await runMatrix(phase);
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
