import { valueIn } from "../../devops/body.ts";
import { keyOf, tasksOf } from "./job-record.ts";
import { jobParametersOf } from "./plan-execution.ts";
import type { RunOutput } from "./run-output.ts";
import type { RunRecord, TaskRun } from "./run-record.ts";
import { isOver, stateBody } from "./run-state.ts";

/** Where and whose the workspace is, for links and names. */
export interface RunContext {
  readonly url: string;
  readonly owner: string;
  readonly workspaceId: string;
}

/** A run as the service describes it; lists of runs leave out the tasks. */
export function runBody(run: RunRecord, context: RunContext, isWhole: boolean): object {
  const { runId, jobId, settings, overrides, startTime, endTime = 0 } = run;
  const parameters = Object.entries(jobParametersOf(run)).map(([name, value]) => ({ name, value }));
  return {
    job_id: jobId,
    run_id: runId,
    number_in_job: runId,
    original_attempt_run_id: runId,
    creator_user_name: context.owner,
    run_name: run.name,
    run_type: run.type,
    run_page_url: pageOfRun(run, context),
    trigger: "ONE_TIME",
    format: "MULTI_TASK",
    ...stateBody(run.state),
    start_time: startTime,
    end_time: endTime,
    ...durations({ startTime, ...(run.endTime === undefined ? {} : { endTime }) }),
    ...(Object.keys(overrides).length === 0 ? {} : { overriding_parameters: overrides }),
    ...(parameters.length === 0 ? {} : { job_parameters: parameters }),
    ...(isWhole ? { tasks: run.tasks.map((task) => taskBody(run, task, context)) } : {}),
    ...(isWhole && valueIn(settings, "job_clusters") !== undefined
      ? { job_clusters: valueIn(settings, "job_clusters") }
      : {}),
  };
}

/** One task of a run. */
export function taskBody(run: RunRecord, task: TaskRun, context: RunContext): object {
  const settings = tasksOf(run.settings).find((entry) => keyOf(entry) === task.key) ?? {};
  return {
    ...settings,
    run_id: task.runId,
    task_key: task.key,
    run_page_url: pageOfRun({ ...run, runId: task.runId }, context),
    ...stateBody(task.state),
    start_time: task.startTime,
    end_time: task.endTime ?? 0,
    ...durations(task),
    attempt_number: 0,
    ...(task.clusterId === undefined ? {} : { cluster_instance: { cluster_id: task.clusterId } }),
  };
}

/** A task asked for by its own number: a run of one task. */
export function taskAsRunBody(run: RunRecord, task: TaskRun, context: RunContext): object {
  return {
    ...taskBody(run, task, context),
    job_id: run.jobId,
    job_run_id: run.runId,
    number_in_job: run.runId,
    creator_user_name: context.owner,
    run_name: task.key,
    run_type: run.type,
    trigger: "ONE_TIME",
    tasks: [taskBody(run, task, context)],
  };
}

/** What a task left behind. As in the service a notebook has a result and no logs. */
export function outputBody(output: RunOutput | undefined, metadata: object, isNotebook: boolean): object {
  const { logs = "", isTruncated = false, error, trace, result } = output ?? {};
  return {
    metadata,
    ...(isNotebook ? { notebook_output: result === undefined ? {} : { result, truncated: false } } : {}),
    ...(isNotebook || output === undefined ? {} : { logs, logs_truncated: isTruncated }),
    ...(error === undefined ? {} : { error }),
    ...(trace === undefined ? {} : { error_trace: trace }),
  };
}

/** A run as text, for a person with a browser. */
export function runPage(run: RunRecord, outputOf: (taskRunId: number) => RunOutput | undefined): string {
  const tasks = run.tasks.flatMap((task) => {
    const { logs = "", trace, result } = outputOf(task.runId) ?? {};
    const head = `Task ${task.key} (run ${task.runId}): ${wordsOf(task)}`;
    const exit = result === undefined ? [] : [`Result: ${result}`];
    return [
      "",
      head,
      ...exit,
      ...(logs === "" ? [] : [logs.trimEnd()]),
      ...(trace === undefined ? [] : [trace]),
    ];
  });
  return [`Run ${run.runId} of job ${run.jobId} (${run.name}): ${wordsOf(run)}`, ...tasks, ""].join("\n");
}

function wordsOf({ state }: Pick<TaskRun, "state">): string {
  return [state.result ?? state.lifeCycle, state.message].filter((word) => word !== "").join(". ");
}

function pageOfRun(
  { jobId, runId }: Pick<RunRecord, "jobId" | "runId">,
  { url, workspaceId }: RunContext,
): string {
  return `${url}/jobs/${jobId}/runs/${runId}?o=${workspaceId}`;
}

function durations({
  startTime,
  executionTime,
  endTime,
}: Pick<TaskRun, "startTime" | "executionTime" | "endTime">): object {
  if (endTime === undefined) return { setup_duration: 0, execution_duration: 0, cleanup_duration: 0 };
  const began = executionTime ?? startTime;
  return {
    setup_duration: began - startTime,
    execution_duration: endTime - began,
    cleanup_duration: 0,
    run_duration: endTime - startTime,
  };
}

/** Whether a run can still change. */
export function isActive({ state }: Pick<RunRecord, "state">): boolean {
  return !isOver(state);
}
