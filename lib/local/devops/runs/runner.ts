import type { Secret } from "../../../errors/secret.ts";
import { machineLimit } from "../../../pipelines/run/run-state.ts";
import type { RefMove } from "../git/ref-watch.ts";
import { pipelinesOf } from "../routes/pipeline-record.ts";
import type { OpenOrganization } from "../state/open-organization.ts";
import { ExclusiveLocks } from "./exclusive-locks.ts";
import { executeRun, finish, type RunMachine } from "./execute-run.ts";
import type { ApprovalWaits } from "./gate.ts";
import { queueRun } from "./queue-run.ts";
import { changeRun, isRun, runKind, type RunRecord } from "./run-record.ts";
import type { RunServices } from "./run-services.ts";
import { ordersOfPush, ordersOfRun, type PushOrder } from "./triggers.ts";

/** What runs pipelines. */
export interface Runner extends AsyncDisposable {
  readonly isOn: boolean;
  begin(run: RunRecord): void;
  cancel(runId: number): void;
  approvalDecided(approvalId: string): void;
  /** Begins what a push asks for. */
  pushed(repositoryId: string, move: RefMove, byId: string): Promise<void>;
  /** Tells each run that has ended. */
  onEnd(listener: (run: RunRecord) => void): void;
}

export interface RunnerOptions {
  readonly organization: OpenOrganization;
  readonly token: Secret;
  /** Variables that programs need, such as PATH; nothing else is passed on. */
  readonly environ: Readonly<Record<string, string>>;
  readonly services: RunServices;
  /** `http://127.0.0.1:PORT/local`. */
  readonly baseUrl: () => string;
  readonly log: (text: string) => void;
}

/** Pipelines are switched off: what is queued stays so. */
export const noRunner: Runner = {
  isOn: false,
  begin: () => undefined,
  cancel: () => undefined,
  approvalDecided: () => undefined,
  pushed: () => Promise.resolve(),
  onEnd: () => undefined,
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

interface LiveRun {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

/** Runs pipelines in the background until it is disposed of; then every run is canceled and nothing is left of it. */
export class BackgroundRunner implements Runner {
  readonly isOn = true;
  readonly #options: RunnerOptions;
  readonly #machine: RunMachine;
  readonly #live = new Map<number, LiveRun>();
  readonly #waits: ApprovalWaits = new Map();
  /** Pushes that wait for the end of a batched run, by pipeline and branch. */
  readonly #batches = new Map<string, { readonly push: PushOrder; readonly byId: string }>();
  readonly #listeners: ((run: RunRecord) => void)[] = [];
  readonly #stop = new AbortController();

  constructor(options: RunnerOptions) {
    this.#options = options;
    const { organization, token, environ, services } = options;
    this.#machine = {
      organization,
      token,
      environ,
      services,
      waits: this.#waits,
      locks: new ExclusiveLocks(),
      agents: machineLimit(),
    };
  }

  begin(run: RunRecord): void {
    if (this.#stop.signal.aborted) return;
    const controller = new AbortController();
    // Not before the request that queued it has been answered.
    const ended = Promise.resolve().then(() => this.#run(run, controller.signal));
    this.#live.set(run.id, { controller, ended });
  }

  cancel(runId: number): void {
    const live = this.#live.get(runId);
    if (live === undefined) return;
    changeRun(this.#options.organization, runId, ({ runState }) => ({
      runState: runState === "completed" ? runState : "cancelling",
    }));
    live.controller.abort();
  }

  approvalDecided(approvalId: string): void {
    this.#waits.get(approvalId)?.();
  }

  async pushed(repositoryId: string, move: RefMove, byId: string): Promise<void> {
    const { organization } = this.#options;
    for (const push of await ordersOfPush(organization, repositoryId, move)) this.#beginPush(push, byId);
    organization.save();
  }

  onEnd(listener: (run: RunRecord) => void): void {
    this.#listeners.push(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    for (const id of this.#live.keys()) this.cancel(id);
    while (this.#live.size > 0) await Promise.all([...this.#live.values()].map(({ ended }) => ended));
  }

  #beginPush(push: PushOrder, byId: string): void {
    const { organization } = this.#options;
    const { pipeline, branch } = push.order;
    const isBusy = [...this.#live.keys()].some((id) => {
      const run = this.#find(id);
      return run?.pipelineId === pipeline.id && run.branch === branch && run.reason === "batchedCI";
    });
    if (push.isBatched && isBusy) this.#batches.set(keyOf(pipeline.id, branch), { push, byId });
    else this.begin(queueRun(organization, { ...push.order, requestedById: byId }));
  }

  async #run(run: RunRecord, signal: AbortSignal): Promise<void> {
    const { organization, log } = this.#options;
    const told = new Set<string>();
    try {
      await this.#execute(run, signal, told);
    } catch (error) {
      log(`run ${run.id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      const message = `The local organisation failed: ${error instanceof Error ? error.message : String(error)}`;
      finish(organization, run.id, { result: signal.aborted ? "canceled" : "failed", issues: [message] });
    }
    this.#machine.locks.release(run.id, undefined);
    organization.save();
    try {
      await this.#afterRun(run, told);
    } catch (error) {
      log(`after run ${run.id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
    this.#live.delete(run.id);
    organization.save();
  }

  async #execute(run: RunRecord, signal: AbortSignal, told: Set<string>): Promise<void> {
    const { organization, baseUrl } = this.#options;
    const pipeline = pipelinesOf(organization, run.projectId).find(({ id }) => id === run.pipelineId);
    if (pipeline === undefined || signal.aborted) {
      const issues = pipeline === undefined ? ["The pipeline was deleted."] : [];
      finish(organization, run.id, { result: "canceled", issues });
      return;
    }
    const succeeded = new Set<string>();
    const begun: Promise<void>[] = [];
    const stageEnded = (stage: string, isGood: boolean): void => {
      if (isGood) succeeded.add(stage.toLowerCase());
      if (isGood) begun.push(this.#beginFollowers(run.id, succeeded, told));
      organization.save();
    };
    const plan = {
      organization,
      pipeline,
      run,
      baseUrl: baseUrl(),
      signal,
      stop: this.#stop.signal,
      stageEnded,
    };
    await executeRun(this.#machine, plan);
    await Promise.all(begun);
  }

  async #afterRun(run: RunRecord, told: Set<string>): Promise<void> {
    const ended = this.#find(run.id);
    if (ended === undefined) return;
    for (const listener of this.#listeners) listener(ended);
    await this.#beginFollowers(run.id, new Set(), told);
    const key = keyOf(run.pipelineId, run.branch);
    const waiting = this.#batches.get(key);
    this.#batches.delete(key);
    if (waiting === undefined || this.#stop.signal.aborted) return;
    const { push, byId } = waiting;
    this.begin(queueRun(this.#options.organization, { ...push.order, requestedById: byId }));
  }

  /** Those that wait for stages begin as soon as these are good, the others at the end. */
  async #beginFollowers(runId: number, succeeded: ReadonlySet<string>, told: Set<string>): Promise<void> {
    const { organization } = this.#options;
    const now = this.#find(runId);
    if (now === undefined || this.#stop.signal.aborted) return;
    const orders = await ordersOfRun(organization, now, { succeeded, told });
    for (const order of orders) this.begin(queueRun(organization, order));
  }

  #find(runId: number): RunRecord | undefined {
    return this.#options.organization.list(runKind, isRun).find(({ id }) => id === runId);
  }
}

function keyOf(pipelineId: number, branch: string): string {
  return `${pipelineId} ${branch}`;
}
