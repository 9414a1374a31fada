import type { JsonObject } from "../../devops/body.ts";
import type { Collection, Store } from "../state/store.ts";
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
export class Runs {
  readonly #options: RunsOptions;
  readonly #records: Collection<RunRecord>;
  readonly #active = new Map<string, ActiveRun>();
  #isClosing = false;

  constructor(options: RunsOptions) {
    this.#options = options;
    this.#records = options.store.collection("run", isRunRecord);
  }

  /** Newest first. */
  list(): readonly RunRecord[] {
    return this.#records.list().toReversed();
  }

  /** By the number of the run, or of one of its tasks. */
  find(runId: number): { readonly run: RunRecord; readonly task: TaskRun | undefined } {
    for (const run of this.#records.list()) {
      const task = run.tasks.find((entry) => entry.runId === runId);
      if (run.runId === runId || task !== undefined) return { run, task };
    }
    throw invalidParameter(`Run ${runId} does not exist.`);
  }

  /** Begins a run; the same idempotency token gives the same run. */
  start(wanted: NewRun): RunRecord {
    const { jobId, settings, idempotencyToken } = wanted;
    const known = this.list().find(
      (run) => idempotencyToken !== undefined && run.idempotencyToken === idempotencyToken,
    );
    if (known !== undefined) return known;
    const isTooMany = jobId !== undefined && this.#countActive(jobId) >= mostRunsOf(settings);
    const run = newRun(wanted, this.#options.store, isTooMany ? tooMany(settings) : pending);
    this.#records.put(run);
    if (!isTooMany) this.#begin(run);
    return run;
  }

  cancel(runId: number): void {
    const { run } = this.find(runId);
    if (run.state.lifeCycle === "QUEUED") this.#end(run, canceled);
    else this.#active.get(run.id)?.stop("canceled");
  }

  remove(runId: number): void {
    const { run } = this.find(runId);
    if (isActive(run)) throw invalidState(`Run ${runId} is active; cancel it first.`);
    for (const task of run.tasks) this.#options.outputs.remove(task.runId);
    this.#records.remove(run.id);
  }

  output(taskRunId: number): RunOutput | undefined {
    return this.#options.outputs.get(taskRunId);
  }

  clusterGone(clusterId: string): void {
    for (const doing of this.#active.values()) doing.stopOn(clusterId);
  }

  /** Ends, as failed, what was under way when the workspace stopped. */
  resume(): void {
    const state = notRun("INTERNAL_ERROR", "The workspace was stopped during the run.");
    for (const run of this.#records.list()) if (isActive(run)) this.#end(run, state);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    for (const doing of this.#active.values()) doing.stop("closing");
    await Promise.allSettled([...this.#active.values()].map(({ ended }) => ended));
  }

  #begin(run: RunRecord): void {
    this.#change(run, { state: pending });
    const doing = this.#options.perform(this.#journalOf(run));
    this.#active.set(run.id, doing);
    void doing.ended.finally(() => {
      this.#active.delete(run.id);
      if (!this.#isClosing) this.#beginNext(run.jobId);
    });
  }

  #beginNext(jobId: number): void {
    const queued = this.#records
      .list()
      .find((run) => run.jobId === jobId && run.state.lifeCycle === "QUEUED");
    if (queued !== undefined && this.#countActive(jobId) < mostRunsOf(queued.settings)) this.#begin(queued);
  }

  #countActive(jobId: number): number {
    const runs = this.#records.list().filter((run) => run.jobId === jobId && isActive(run));
    return runs.filter(({ state }) => state.lifeCycle !== "QUEUED").length;
  }

  #journalOf(first: RunRecord): RunJournal {
    const get = (): RunRecord => this.#records.get(first.id) ?? first;
    return {
      get,
      change: (part) => this.#change(first, part),
      changeTask: (key, part) => {
        const tasks = get().tasks.map((task) => (task.key === key ? { ...task, ...part } : task));
        this.#change(first, { tasks });
      },
      putOutput: (id, output) => this.#options.outputs.put(id, output),
    };
  }

  #change({ id }: RunRecord, part: Partial<RunRecord>): void {
    const run = this.#records.get(id);
    if (run !== undefined) this.#records.put({ ...run, ...part });
  }

  #end(run: RunRecord, state: RunState): void {
    const endTime = Date.now();
    const tasks = run.tasks.map((task) => (isOver(task.state) ? task : { ...task, state, endTime }));
    this.#records.put({ ...run, state, tasks, endTime });
  }
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
