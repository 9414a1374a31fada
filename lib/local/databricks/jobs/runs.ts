import type { JsonObject } from "../../devops/body.ts";
import type { Store } from "../state/store.ts";
import { invalidParameter, invalidState } from "../workspace-error.ts";
import { isQueueing, keyOf, mostRunsOf, tasksOf } from "./job-record.ts";
import type { RunOutput, RunOutputs } from "./run-output.ts";
import { isActive } from "./run-body.ts";
import { isRunRecord, type RunRecord, type TaskRun } from "./run-record.ts";
import { canceled, notRun, pending, isOver, type RunState } from "./run-state.ts";

/** What a new run is to be. */
export interface NewRun {
  /** Undefined for a single run. */
  readonly jobId: number | undefined;
  readonly name: string;
  readonly settings: JsonObject;
  readonly overrides: JsonObject;
  readonly idempotencyToken: string | undefined;
}

/** Why a run or a task is being stopped. */
export type StopReason = "canceled" | "timed-out" | "cluster-gone" | "closing";

/** A run that is being done. */
export interface ActiveRun {
  readonly ended: Promise<void>;
  stop(reason: StopReason): void;
  /** Stops the tasks on a cluster that is gone. */
  stopOn(clusterId: string): void;
}

/** Where a run that is being done writes what becomes of it. */
export interface RunJournal {
  get(): RunRecord;
  change(change: Partial<RunRecord>): void;
  changeTask(key: string, change: Partial<TaskRun>): void;
  putOutput(taskRunId: number, output: RunOutput): void;
}

export interface RunsOptions {
  readonly store: Store;
  readonly outputs: RunOutputs;
  /** Does a run to its end. */
  readonly perform: (journal: RunJournal) => ActiveRun;
}

/** The runs of a workspace. */
export interface Runs {
  /** Newest first. */
  list(): readonly RunRecord[];
  /** By the number of the run, or of one of its tasks. */
  find(runId: number): { readonly run: RunRecord; readonly task: TaskRun | undefined };
  /** Begins a run; the same idempotency token gives the same run. */
  start(wanted: NewRun): RunRecord;
  cancel(runId: number): void;
  remove(runId: number): void;
  output(taskRunId: number): RunOutput | undefined;
  clusterGone(clusterId: string): void;
  /** Ends, as failed, what was under way when the workspace stopped. */
  resume(): void;
  close(): Promise<void>;
}

/** Opens the runs of a workspace. */
export function openRuns({ store, outputs, perform }: RunsOptions): Runs {
  const records = store.collection("run", isRunRecord);
  const active = new Map<string, ActiveRun>();
  let isClosing = false;

  const find: Runs["find"] = (runId) => {
    for (const run of records.list()) {
      const task = run.tasks.find((entry) => entry.runId === runId);
      if (run.runId === runId || task !== undefined) return { run, task };
    }
    throw invalidParameter(`Run ${runId} does not exist.`);
  };
  const change = (id: string, part: Partial<RunRecord>): void => {
    const run = records.get(id);
    if (run !== undefined) records.put({ ...run, ...part });
  };
  const begin = (run: RunRecord): void => {
    change(run.id, { state: pending });
    const doing = perform(journalOf(run));
    active.set(run.id, doing);
    void doing.ended.finally(() => {
      active.delete(run.id);
      if (!isClosing) beginNext(run.jobId);
    });
  };
  const journalOf = (first: RunRecord): RunJournal => {
    const get = (): RunRecord => records.get(first.id) ?? first;
    return {
      get,
      change: (part) => change(first.id, part),
      changeTask: (key, part) => {
        const tasks = get().tasks.map((task) => (task.key === key ? { ...task, ...part } : task));
        change(first.id, { tasks });
      },
      putOutput: (id, output) => outputs.put(id, output),
    };
  };
  const beginNext = (jobId: number): void => {
    const next = records.list().find((run) => run.jobId === jobId && run.state.lifeCycle === "QUEUED");
    if (next !== undefined && activeOf(jobId) < mostRunsOf(next.settings)) begin(next);
  };
  const activeOf = (jobId: number): number =>
    records.list().filter((run) => run.jobId === jobId && isActive(run) && run.state.lifeCycle !== "QUEUED")
      .length;
  const end = (run: RunRecord, state: RunState): void => {
    const endTime = Date.now();
    const tasks = run.tasks.map((task) => (isOver(task.state) ? task : { ...task, state, endTime }));
    records.put({ ...run, state, tasks, endTime });
  };
  return {
    list: () => records.list().toReversed(),
    find,
    start: (wanted) => {
      const { idempotencyToken } = wanted;
      const known = records
        .list()
        .find((run) => idempotencyToken !== undefined && run.idempotencyToken === idempotencyToken);
      if (known !== undefined) return known;
      const isTooMany = wanted.jobId !== undefined && activeOf(wanted.jobId) >= mostRunsOf(wanted.settings);
      const run = newRun(wanted, store, isTooMany ? tooMany(wanted.settings) : pending);
      records.put(run);
      if (!isTooMany) begin(run);
      return run;
    },
    cancel: (runId) => {
      const { run } = find(runId);
      if (run.state.lifeCycle === "QUEUED") end(run, canceled);
      else active.get(run.id)?.stop("canceled");
    },
    remove: (runId) => {
      const { run } = find(runId);
      if (isActive(run)) throw invalidState(`Run ${runId} is active; cancel it first.`);
      for (const task of run.tasks) outputs.remove(task.runId);
      records.remove(run.id);
    },
    output: (id) => outputs.get(id),
    clusterGone: (clusterId) => {
      for (const doing of active.values()) doing.stopOn(clusterId);
    },
    resume: () => {
      const message = "The workspace was stopped during the run.";
      for (const run of records.list().filter((entry) => isActive(entry)))
        end(run, notRun("INTERNAL_ERROR", message));
    },
    close: async () => {
      isClosing = true;
      for (const doing of active.values()) doing.stop("closing");
      await Promise.allSettled([...active.values()].map(({ ended }) => ended));
    },
  };
}

function newRun(wanted: NewRun, store: Store, state: RunState): RunRecord {
  const { jobId, name, settings, overrides, idempotencyToken } = wanted;
  const runId = store.nextNumber();
  const startTime = Date.now();
  const skipped: Partial<TaskRun> = isOver(state) ? { endTime: startTime } : {};
  return {
    id: String(runId),
    runId,
    jobId: jobId ?? runId,
    name,
    type: jobId === undefined ? "SUBMIT_RUN" : "JOB_RUN",
    settings,
    overrides,
    ...(idempotencyToken === undefined ? {} : { idempotencyToken }),
    state,
    tasks: tasksOf(settings).map((task) => ({
      runId: store.nextNumber(),
      key: keyOf(task),
      state,
      startTime,
      ...skipped,
    })),
    startTime,
    ...(isOver(state) ? { endTime: startTime } : {}),
  };
}

function tooMany(settings: JsonObject): RunState {
  const most = mostRunsOf(settings);
  const message = `The maximum of ${most} concurrent runs of the job has been reached.`;
  if (isQueueing(settings)) return { lifeCycle: "QUEUED", message };
  const result = "MAXIMUM_CONCURRENT_RUNS_REACHED";
  return { lifeCycle: "SKIPPED", result, code: "MAX_CONCURRENT_RUNS_EXCEEDED", message };
}
