import { ExpressionError } from "../expressions/expression-error.ts";
import type { ObjectValue } from "../expressions/value.ts";
import type { JobModel, StageModel } from "../pipeline-model.ts";
import { textOf } from "../yaml-node.ts";
import { isConditionMet } from "./conditions.ts";
import { stageContexts } from "./contexts.ts";
import { combineResults } from "./results.ts";
import { runJob } from "./run-job.ts";
import type { RunState } from "./run-state.ts";
import type { JobOutcome, RunResult, StageOutcome } from "./run-types.ts";
import { ancestorsOf, runGraph } from "./schedule.ts";
import type { Variables } from "./variables.ts";

/** A stage whose dependencies have ended, with what came of them. */
export interface ReadyStage {
  readonly run: RunState;
  readonly stage: StageModel;
  /** The results of the stages that it names, or of the one before it. */
  readonly before: ReadonlyMap<string, RunResult>;
  /** The results of all that it waits for, directly or through others. */
  readonly results: ReadonlyMap<string, RunResult>;
}

interface Ending {
  readonly result: RunResult;
  readonly why?: string;
}

/** Runs a stage when its condition holds and everybody has approved; never throws. */
export async function runStage(ready: ReadyStage): Promise<StageOutcome> {
  const { run, stage } = ready;
  const at = { stage: stage.name };
  const { title, environments, decided } = read(ready);
  if (decided?.result === "skipped") {
    run.report.tell({ type: "finished", at, title, ...decided });
    return { name: stage.name, title, result: "skipped", jobs: [] };
  }
  run.report.tell({ type: "started", at, title });
  if (textOf(stage.node, "trigger") === "manual") {
    run.report.tell({ type: "not emulated", at, what: `the manual start of the stage ${stage.name}` });
  }
  const refused = decided ?? (await askApprovals(ready, environments));
  const jobs = refused === undefined ? await runJobs(ready) : [];
  const end = refused ?? { result: combineResults(jobs.map(({ result }) => result)) };
  run.report.tell({ type: "finished", at, ...end });
  return { name: stage.name, title, result: end.result, jobs };
}

/** A stage with the values of its variables put in. */
interface ReadStage {
  readonly title: string;
  /** Those of its deployments. */
  readonly environments: readonly string[];
  /** How it ends without having run. */
  readonly decided: Ending | undefined;
}

function read(ready: ReadyStage): ReadStage {
  const { run, stage, before } = ready;
  const title = stage.displayName ?? stage.name;
  try {
    const { variables, condition } = stageContexts(run, stage, before);
    return {
      title: run.masker.mask(variables.expand(title)),
      environments: environmentsOf(stage, variables),
      decided: decide(ready, condition),
    };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const decided: Ending = { result: "failed", why: error.message };
    return { title: run.masker.mask(title), environments: [], decided };
  }
}

/** The result of a stage that does not run. */
function decide({ run, stage, results }: ReadyStage, contexts: ObjectValue): Ending | undefined {
  const isCanceled = run.request.signal.aborted;
  try {
    const isMet = isConditionMet(stage.condition?.text, { results, isCanceled }, contexts);
    if (!isCanceled) return isMet ? undefined : { result: "skipped" };
    if (isMet) tellLeftOut(run, stage);
    return { result: "canceled" };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { result: "failed", why: `Its condition cannot be evaluated: ${error.message}` };
  }
}

/** In the service, a stage may run because of a cancellation; here, a person who cancels wants an end. */
function tellLeftOut({ report }: RunState, { name }: StageModel): void {
  const what = `the stage ${name}, which a cancellation does not keep from running`;
  report.tell({ type: "not emulated", at: { stage: name }, what });
}

/** Every environment of the stage's deployments is asked for, as the service asks for all checks before any job. */
async function askApprovals(
  { run, stage }: ReadyStage,
  environments: readonly string[],
): Promise<Ending | undefined> {
  for (const environment of environments) {
    const request = { stage: stage.name, environment };
    run.report.tell({ type: "approval", request });
    const outcome = await run.request.approve(request);
    if (run.request.signal.aborted) return { result: "canceled" };
    run.report.tell({ type: "approval", request, outcome });
    if (outcome === "rejected")
      return { result: "failed", why: `The approval of ${environment} was rejected.` };
  }
  return undefined;
}

function environmentsOf(stage: StageModel, variables: Variables): readonly string[] {
  const names = stage.jobs.flatMap(({ environment }) =>
    environment === undefined ? [] : [variables.expand(environment.text).split(".")[0] ?? ""],
  );
  return [...new Set(names)];
}

async function runJobs({ run, stage }: ReadyStage): Promise<readonly JobOutcome[]> {
  const nodes = stage.jobs.map((job) => ({
    job,
    name: job.name,
    dependsOn: job.dependsOn.map(({ text }) => text),
  }));
  const results = new Map<string, RunResult>();
  return await runGraph(nodes, async (node) => {
    const all = ancestorsOf(node, nodes).map(({ name }) => [name, results.get(name) ?? "skipped"] as const);
    const before: readonly JobModel[] = nodes
      .filter(({ name }) => node.dependsOn.some((other) => other.toLowerCase() === name.toLowerCase()))
      .map(({ job }) => job);
    const outcome = await runJob({ run, stage, job: node.job, before, results: new Map(all) });
    results.set(node.name, outcome.result);
    return outcome;
  });
}
