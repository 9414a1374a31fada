import type { ObjectValue } from "../expressions/value.ts";
import type { JobModel, StageModel } from "../pipeline-model.ts";
import { addStated, runVariables } from "./job-variables.ts";
import { pipelineContext } from "./pipeline-context.ts";
import { resultNames } from "./results.ts";
import type { EndedJob, RunState } from "./run-state.ts";
import type { RunResult } from "./run-types.ts";
import { Variables } from "./variables.ts";

/** What a job's condition and `$[ … ]` may name: the jobs before it in its stage, and all jobs of stages that have ended. */
export function jobContexts(state: RunState, stage: StageModel, before: readonly JobModel[]): ObjectValue {
  const own = state.ended.get(stage.name) ?? new Map<string, EndedJob>();
  const dependencies = before.flatMap(({ name }) => {
    const ended = own.get(name);
    return ended === undefined ? [] : [[name, jobObject(ended)] as const];
  });
  return {
    ...pipelineContext(state),
    dependencies: Object.fromEntries(dependencies),
    stageDependencies: stageDependenciesOf(state, stage),
  };
}

function stageDependenciesOf({ ended }: RunState, stage: StageModel): ObjectValue {
  const others = [...ended].filter(([name]) => name !== stage.name);
  return Object.fromEntries(others.map(([name, jobs]) => [name, jobsObject(jobs)]));
}

/** What a stage knows before it begins. */
export interface StageContexts {
  readonly variables: Variables;
  /** What its condition may name. */
  readonly condition: ObjectValue;
}

/** The stages before a stage, with the outputs of their jobs as `job.step.variable`; its variables may also name them as those of jobs do. */
export function stageContexts(
  state: RunState,
  stage: StageModel,
  before: ReadonlyMap<string, RunResult>,
): StageContexts {
  const dependencies = [...before].map(([name, result]) => {
    const jobs = [...(state.ended.get(name) ?? [])];
    const outputs = jobs.flatMap(([job, ended]) =>
      [...ended.outputs].map(([path, { value }]) => [`${job}.${path}`, value] as const),
    );
    return [name, { result: resultNames[result], outputs: Object.fromEntries(outputs) }] as const;
  });
  const contexts = { ...pipelineContext(state), dependencies: Object.fromEntries(dependencies) };
  const all = { ...contexts, stageDependencies: stageDependenciesOf(state, stage) };
  const variables = statedVariables(state, [stage], all);
  return { variables, condition: { ...contexts, variables: variables.toObject() } };
}

/** The variables of the pipeline and of levels below it, before any job has begun. */
export function statedVariables(
  state: RunState,
  levels: readonly (StageModel | JobModel)[],
  contexts: ObjectValue,
): Variables {
  const variables = new Variables(runVariables(state));
  for (const stated of [state.request.model, ...levels]) addStated(variables, { stated, state, contexts });
  variables.expandValues();
  return variables;
}

function jobsObject(jobs: ReadonlyMap<string, EndedJob>): ObjectValue {
  return Object.fromEntries([...jobs].map(([name, job]) => [name, jobObject(job)]));
}

function jobObject({ result, outputs }: EndedJob): ObjectValue {
  const values = [...outputs].map(([path, { value }]) => [path, value] as const);
  return { result: resultNames[result], outputs: Object.fromEntries(values) };
}
