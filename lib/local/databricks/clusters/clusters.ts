import { randomBytes } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { textIn, type JsonObject } from "../../devops/body.ts";
import type { WorkspaceFaults } from "../faults.ts";
import type { Collection, Store } from "../state/store.ts";
import { invalidParameter, invalidState } from "../workspace-error.ts";
import {
  isClusterRecord,
  type ClusterRecord,
  type ClusterState,
  type TerminationReason,
} from "./cluster-record.ts";

export interface ClustersOptions {
  readonly store: Store;
  readonly faults: WorkspaceFaults;
  /** How long a cluster takes to start, and to go. */
  readonly startMs: number;
  /** Told when a cluster begins to run; `isNew` where nothing is left of what it had installed. */
  readonly onRunning: (id: string, isNew: boolean) => void;
  /** Told when a cluster is gone, with what ran on it. */
  readonly onGone: (cluster: ClusterRecord) => void;
}

/** The clusters of a workspace and their lives: starting and ending take time. */
export interface Clusters {
  list(): readonly ClusterRecord[];
  get(id: string): ClusterRecord;
  create(spec: JsonObject, source: ClusterRecord["source"]): ClusterRecord;
  start(id: string): void;
  restart(id: string): void;
  terminate(id: string): void;
  /** Gives a cluster another specification; one that runs starts again with it. */
  edit(id: string, spec: JsonObject): void;
  remove(id: string): void;
  /** Resolves when the cluster runs, starting it where it does not; rejects with ClusterUnavailable where it will not. */
  untilRunning(id: string, signal: AbortSignal): Promise<void>;
  /** Goes on with what was under way when the workspace stopped. */
  resume(): void;
  close(): void;
}

/** The cluster will not run, and why. */
export class ClusterUnavailable extends Error {
  override readonly name = "ClusterUnavailable";
}

const userRequest: TerminationReason = { code: "USER_REQUEST", type: "SUCCESS" };
const jobFinished: TerminationReason = { code: "JOB_FINISHED", type: "SUCCESS" };
const launchFailure: TerminationReason = { code: "CLOUD_PROVIDER_LAUNCH_FAILURE", type: "CLOUD_FAILURE" };

/** Opens the clusters of a workspace. */
export function openClusters(options: ClustersOptions): Clusters {
  const records = options.store.collection("cluster", isClusterRecord);
  const get = (id: string): ClusterRecord => {
    const cluster = records.get(id);
    if (cluster === undefined) throw invalidParameter(`Cluster ${id} does not exist`);
    return cluster;
  };
  const life = createLife(options, records);
  const start = (id: string): void => {
    requireState(get(id), ["TERMINATED", "ERROR"]);
    life.begin(get(id), "PENDING");
  };
  const restart = (id: string): void => {
    requireState(get(id), ["RUNNING"]);
    life.begin(get(id), "RESTARTING");
  };
  return {
    list: () => records.list().toReversed(),
    get,
    create: (spec, source) => {
      const now = Date.now();
      const id = newClusterId(new Date(now));
      const cluster = { id, spec, source, state: "PENDING", stateMessage: "", createdTime: now } as const;
      life.begin(cluster, "PENDING");
      return cluster;
    },
    start,
    restart,
    terminate: (id) => life.terminate(get(id)),
    edit: (id, spec) => {
      requireState(get(id), ["RUNNING", "TERMINATED"]);
      records.put({ ...get(id), spec });
      if (get(id).state === "RUNNING") restart(id);
    },
    remove: (id) => {
      life.end({ ...get(id), state: "TERMINATED" });
      records.remove(id);
    },
    untilRunning: async (id, signal) => {
      let isStarted = false;
      for (;;) {
        const { state, stateMessage } = get(id);
        if (state === "RUNNING") return;
        if (state === "ERROR" || (isStarted && state === "TERMINATED"))
          throw new ClusterUnavailable(
            `Unexpected failure while waiting for the cluster (${id}) to be ready: ${stateMessage}`,
          );
        if (state === "TERMINATED") start(id);
        isStarted ||= state === "TERMINATED" || state === "PENDING";
        await once(life.changes, "change", { signal });
      }
    },
    resume: life.resume,
    close: life.close,
  };
}

interface Life {
  readonly changes: EventEmitter;
  begin(cluster: ClusterRecord, state: "PENDING" | "RESTARTING"): void;
  terminate(cluster: ClusterRecord): void;
  /** At once. */
  end(cluster: ClusterRecord): void;
  resume(): void;
  close(): void;
}

function createLife(options: ClustersOptions, records: Collection<ClusterRecord>): Life {
  const { faults, startMs, onRunning, onGone } = options;
  const timers = new Map<string, NodeJS.Timeout>();
  const changes = new EventEmitter().setMaxListeners(0);
  const put = (cluster: ClusterRecord): void => {
    records.put(cluster);
    changes.emit("change");
  };
  const later = (id: string, change: (cluster: ClusterRecord) => void): void => {
    clearTimeout(timers.get(id));
    const act = (): void => {
      timers.delete(id);
      const cluster = records.get(id);
      if (cluster !== undefined) change(cluster);
    };
    timers.set(id, setTimeout(act, startMs));
  };
  const end = (cluster: ClusterRecord): void => {
    clearTimeout(timers.get(cluster.id));
    put(cluster);
    onGone(cluster);
  };
  const run = (cluster: ClusterRecord): void => {
    put({ ...cluster, state: "RUNNING", stateMessage: "", restartedTime: Date.now() });
    onRunning(cluster.id, true);
  };
  const terminate = (cluster: ClusterRecord): void => {
    if (cluster.state === "TERMINATED" || cluster.state === "TERMINATING") return;
    put({ ...cluster, state: "TERMINATING", stateMessage: "Terminated by the user" });
    const terminationReason = cluster.source === "JOB" ? jobFinished : userRequest;
    later(cluster.id, (now) => end({ ...now, ...gone(terminationReason), stateMessage: "Terminated" }));
  };
  const begin = (cluster: ClusterRecord, state: "PENDING" | "RESTARTING"): void => {
    const { terminationReason: _reason, terminatedTime: _time, ...rest } = cluster;
    const fault = faults.takeCluster(textIn(cluster.spec, "cluster_name") ?? "");
    put({
      ...rest,
      state,
      stateMessage: "Finding instances for new nodes, acquiring more instances if necessary",
    });
    clearTimeout(timers.get(cluster.id));
    if (fault === "stays-pending") return;
    later(cluster.id, (now) => {
      if (fault === "error")
        end({ ...now, state: "ERROR", stateMessage: "An internal error prevented the start." });
      else if (fault === "launch-failure")
        end({
          ...now,
          ...gone(launchFailure),
          stateMessage: "The cloud provider did not launch the machines.",
        });
      else run(now);
    });
  };
  return {
    changes,
    begin,
    terminate,
    end,
    resume: () => {
      for (const cluster of records.list()) {
        if (cluster.state === "RUNNING") onRunning(cluster.id, false);
        if (cluster.state === "PENDING" || cluster.state === "RESTARTING") later(cluster.id, run);
        if (cluster.state === "TERMINATING") end({ ...cluster, ...gone(userRequest) });
      }
    },
    close: () => {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

function gone(
  terminationReason: TerminationReason,
): Pick<ClusterRecord, "state" | "terminatedTime" | "terminationReason"> {
  return { state: "TERMINATED", terminatedTime: Date.now(), terminationReason };
}

function requireState({ id, state }: ClusterRecord, expected: readonly ClusterState[]): void {
  if (expected.includes(state)) return;
  throw invalidState(
    `Cluster ${id} is in unexpected state ${state.charAt(0)}${state.slice(1).toLowerCase()}.`,
  );
}

/** In the service's form: month and day, time of day, and letters and digits that nobody can guess. */
function newClusterId(now: Date): string {
  const digits = now.toISOString().replaceAll(/\D/g, "");
  return `${digits.slice(4, 8)}-${digits.slice(8, 14)}-${randomBytes(4).toString("hex")}`;
}
