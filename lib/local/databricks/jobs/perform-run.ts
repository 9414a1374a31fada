import { textIn, type JsonObject } from "../../devops/body.ts";
import { executeTask, planProcess, type ExecutionContext } from "./execute-task.ts";
import { dependenciesOf, keyOf, tasksOf, timeoutOf } from "./job-record.ts";
import { planExecution } from "./plan-execution.ts";
import { planTasks, type TaskOutline } from "./plan-tasks.ts";
import { ComputeUnavailable, RunCompute, type ComputeContext } from "./prepare-compute.ts";
import { rollUp } from "./roll-up.ts";
import type { RunRecord } from "./run-record.ts";
import { canceled, isOver, notRun, timedOut, type RunState } from "./run-state.ts";
import type { ActiveRun, RunJournal, StopReason } from "./runs.ts";

export type PerformContext = ExecutionContext & ComputeContext & { readonly log: (text: string) => void };

/** A run while it is being done. */
interface Performance {
  readonly context: PerformContext;
  readonly journal: RunJournal;
  readonly compute: RunCompute;
  /** Tasks that somebody is at, by their key. */
  readonly doing: Map<string, { readonly stop: (reason: StopReason) => void; readonly ended: Promise<void> }>;
  stopped: StopReason | undefined;
}

/** Does a run: its tasks in their order, side by side where they do not wait for each other. */
export function performRun(context: PerformContext, journal: RunJournal): ActiveRun {
  const compute = new RunCompute(context, journal.get());
  const performance: Performance = { context, journal, compute, doing: new Map(), stopped: undefined };
  const stop = (reason: StopReason): void => {
    performance.stopped ??= reason;
    if (reason !== "closing") journal.change({ state: { lifeCycle: "TERMINATING", message: "" } });
    for (const task of performance.doing.values()) task.stop(reason);
  };
  const clear = startTimer(timeoutOf(journal.get().settings), () => stop("timed-out"));
  const ended = performTasks(performance)
    .catch((error: unknown) => fail(performance, error))
    .finally(clear);
  return {
    ended,
    stop,
    stopOn: (clusterId) => {
      for (const { key, clusterId: at } of journal.get().tasks)
        if (at === clusterId) performance.doing.get(key)?.stop("cluster-gone");
    },
  };
}

async function performTasks(performance: Performance): Promise<void> {
  const { journal, compute, doing } = performance;
  for (;;) {
    if (performance.stopped === undefined) beginTasks(performance);
    if (doing.size === 0) break;
    await Promise.race([...doing.values()].map(({ ended }) => ended));
  }
  if (performance.stopped !== "closing") {
    const endTime = Date.now();
    const end = performance.stopped === undefined ? undefined : stateOfStop(performance.stopped);
    for (const { key, state } of journal.get().tasks)
      if (!isOver(state)) journal.changeTask(key, { state: end ?? canceled, endTime });
    journal.change({ state: end ?? rollUp(outlines(performance)), endTime });
  }
  await compute.release();
}

/** Begins what can begin, and settles what will not; what is settled lets others begin. */
function beginTasks(performance: Performance): void {
  const { journal, doing } = performance;
  for (;;) {
    const { ready, skipped } = planTasks(outlines(performance));
    for (const { key, state } of skipped) journal.changeTask(key, { state, endTime: Date.now() });
    for (const key of ready) doing.set(key, beginTask(performance, key));
    if (skipped.length === 0) return;
  }
}

function beginTask(performance: Performance, key: string): ReturnType<Performance["doing"]["get"]> & object {
  const { journal, doing } = performance;
  const task = tasksOf(journal.get().settings).find((entry) => keyOf(entry) === key) ?? {};
  const controller = new AbortController();
  let reason: StopReason | undefined;
  const stop = (why: StopReason): void => {
    reason ??= why;
    controller.abort();
  };
  const clear = startTimer(timeoutOf(task), () => stop("timed-out"));
  journal.changeTask(key, { state: { lifeCycle: "PENDING", message: "" }, startTime: Date.now() });
  const ended = performTask(performance, task, controller.signal)
    .catch((error: unknown) => (reason === undefined ? failureOf(performance, error) : stateOfStop(reason)))
    .then((state) => {
      const end = reason === undefined ? state : stateOfStop(reason);
      if (reason !== "closing") journal.changeTask(key, { state: end, endTime: Date.now() });
      doing.delete(key);
      clear();
      return undefined;
    });
  return { stop, ended };
}

/** How the task ended; rejects where it was stopped before its code ran. */
async function performTask(
  performance: Performance,
  task: JsonObject,
  signal: AbortSignal,
): Promise<RunState> {
  const { context, journal, compute } = performance;
  const key = keyOf(task);
  const plan = planProcess(planExecution(task, journal.get()), context.files);
  if (plan.kind === "refused") return plan.state;
  const ready = await compute.prepare(task, (clusterId) => journal.changeTask(key, { clusterId }), signal);
  signal.throwIfAborted();
  const running: RunState = { lifeCycle: "RUNNING", message: "In run" };
  journal.changeTask(key, { state: running, executionTime: Date.now() });
  if (performance.stopped === undefined) journal.change({ state: running });
  const { state, output } = await executeTask(context, plan, { compute: ready, signal });
  journal.putOutput(taskRunId(journal.get(), key), output);
  return state;
}

/** What went wrong around a task; anything but the place where it was to run is a bug of ours. */
function failureOf({ context }: Performance, error: unknown): RunState {
  if (error instanceof ComputeUnavailable) return notRun(error.code, error.message);
  const words = error instanceof Error ? error.message : String(error);
  context.log(error instanceof Error ? (error.stack ?? words) : words);
  return notRun("INTERNAL_ERROR", words);
}

function fail(performance: Performance, error: unknown): void {
  performance.journal.change({ state: failureOf(performance, error), endTime: Date.now() });
}

function stateOfStop(reason: StopReason): RunState {
  switch (reason) {
    case "canceled":
    case "closing":
      return canceled;
    case "timed-out":
      return timedOut;
    case "cluster-gone":
      return notRun("CLUSTER_ERROR", "The cluster was terminated or started again during the run.");
  }
}

function outlines({ journal, doing }: Performance): readonly TaskOutline[] {
  const { settings, tasks } = journal.get();
  return tasksOf(settings).flatMap((task) => {
    const key = keyOf(task);
    const state = tasks.find((entry) => entry.key === key)?.state;
    if (state === undefined) return [];
    const runIf = textIn(task, "run_if") ?? "ALL_SUCCESS";
    return [{ key, dependsOn: dependenciesOf(task), runIf, state, isStarted: doing.has(key) }];
  });
}

function taskRunId({ tasks, runId }: RunRecord, key: string): number {
  return tasks.find((task) => task.key === key)?.runId ?? runId;
}

function startTimer(seconds: number | undefined, act: () => void): () => void {
  if (seconds === undefined) return () => undefined;
  const timer = setTimeout(act, seconds * 1000);
  return () => clearTimeout(timer);
}
