import { EventEmitter } from "node:events";
import { textIn } from "../../devops/body.ts";
import type { ClusterFault, WorkspaceFaults } from "../faults.ts";
import type { Collection } from "../state/store.ts";
import type { ClusterRecord, TerminationReason } from "./cluster-record.ts";

export interface ClusterLifeOptions {
  readonly records: Collection<ClusterRecord>;
  readonly faults: WorkspaceFaults;
  /** How long a cluster takes to start, and to go. */
  readonly startMs: number;
  /** Told when a cluster begins to run; `isNew` where nothing is left of what it had installed. */
  readonly onRunning: (id: string, isNew: boolean) => void;
  /** Told when a cluster is gone, with what ran on it. */
  readonly onGone: (cluster: ClusterRecord) => void;
}

const userRequest: TerminationReason = { code: "USER_REQUEST", type: "SUCCESS" };
const jobFinished: TerminationReason = { code: "JOB_FINISHED", type: "SUCCESS" };
const launchFailure: TerminationReason = { code: "CLOUD_PROVIDER_LAUNCH_FAILURE", type: "CLOUD_FAILURE" };

/** How clusters get from one state to the next, in time. */
export class ClusterLife {
  /** Says `change` after each. */
  readonly changes: EventEmitter = new EventEmitter().setMaxListeners(0);
  readonly #options: ClusterLifeOptions;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #isClosed = false;

  constructor(options: ClusterLifeOptions) {
    this.#options = options;
  }

  begin(cluster: ClusterRecord, state: "PENDING" | "RESTARTING"): void {
    const { terminationReason: _reason, terminatedTime: _time, ...rest } = cluster;
    const fault = this.#options.faults.takeCluster(textIn(cluster.spec, "cluster_name") ?? "");
    const stateMessage = "Finding instances for new nodes, acquiring more instances if necessary";
    this.#put({ ...rest, state, stateMessage });
    clearTimeout(this.#timers.get(cluster.id));
    if (fault !== "stays-pending") this.#later(cluster.id, (now) => this.#finishStart(now, fault));
  }

  terminate(cluster: ClusterRecord): void {
    if (cluster.state === "TERMINATED" || cluster.state === "TERMINATING") return;
    const reason = cluster.source === "JOB" ? jobFinished : userRequest;
    this.#put({ ...cluster, state: "TERMINATING", stateMessage: "Terminating" });
    this.#later(cluster.id, (now) => this.end(gone(now, reason, "Terminated")));
  }

  /** Makes this its last state, at once. */
  end(cluster: ClusterRecord): void {
    clearTimeout(this.#timers.get(cluster.id));
    this.#put(cluster);
    this.#options.onGone(cluster);
  }

  /** Goes on with what was under way when the workspace stopped. */
  resume(): void {
    for (const cluster of this.#options.records.list()) {
      const { id, state, source } = cluster;
      if (source === "JOB") this.end(gone(cluster, jobFinished, "Terminated"));
      else if (state === "RUNNING") this.#options.onRunning(id, false);
      else if (state === "TERMINATING") this.end(gone(cluster, userRequest, "Terminated"));
      else if (state !== "TERMINATED" && state !== "ERROR")
        this.#later(id, (now) => this.#finishStart(now, undefined));
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #finishStart(cluster: ClusterRecord, fault: ClusterFault["cluster"] | undefined): void {
    if (fault === "error")
      this.end({ ...cluster, state: "ERROR", stateMessage: "An internal error prevented the start." });
    else if (fault === "launch-failure")
      this.end(gone(cluster, launchFailure, "The cloud provider did not launch the machines."));
    else {
      this.#put({ ...cluster, state: "RUNNING", stateMessage: "", restartedTime: Date.now() });
      this.#options.onRunning(cluster.id, true);
    }
  }

  #put(cluster: ClusterRecord): void {
    this.#options.records.put(cluster);
    this.changes.emit("change");
  }

  #later(id: string, change: (cluster: ClusterRecord) => void): void {
    clearTimeout(this.#timers.get(id));
    if (this.#isClosed) return;
    const act = (): void => {
      this.#timers.delete(id);
      const cluster = this.#options.records.get(id);
      if (cluster !== undefined) change(cluster);
    };
    this.#timers.set(id, setTimeout(act, this.#options.startMs));
  }
}

function gone(
  cluster: ClusterRecord,
  terminationReason: TerminationReason,
  stateMessage: string,
): ClusterRecord {
  return { ...cluster, state: "TERMINATED", stateMessage, terminatedTime: Date.now(), terminationReason };
}
