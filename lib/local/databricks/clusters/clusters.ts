import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { JsonObject } from "../../devops/body.ts";
import type { Collection } from "../state/store.ts";
import { invalidParameter, invalidState } from "../workspace-error.ts";
import { ClusterLife, type ClusterLifeOptions } from "./cluster-life.ts";
import type { ClusterRecord, ClusterState } from "./cluster-record.ts";

/** The cluster will not run, and why. */
export class ClusterUnavailable extends Error {
  override readonly name = "ClusterUnavailable";
}

/** The clusters of a workspace; starting and ending take time. */
export class Clusters {
  readonly #records: Collection<ClusterRecord>;
  readonly #life: ClusterLife;

  constructor(options: ClusterLifeOptions) {
    this.#records = options.records;
    this.#life = new ClusterLife(options);
  }

  /** Newest first. */
  list(): readonly ClusterRecord[] {
    return this.#records.list().toReversed();
  }

  get(id: string): ClusterRecord {
    const cluster = this.#records.get(id);
    if (cluster === undefined) throw invalidParameter(`Cluster ${id} does not exist`);
    return cluster;
  }

  isRunning(id: string): boolean {
    return this.#records.get(id)?.state === "RUNNING";
  }

  create(spec: JsonObject, source: ClusterRecord["source"]): ClusterRecord {
    const createdTime = Date.now();
    const id = newClusterId(new Date(createdTime));
    const cluster: ClusterRecord = { id, spec, source, state: "PENDING", stateMessage: "", createdTime };
    this.#life.begin(cluster, "PENDING");
    return cluster;
  }

  start(id: string): void {
    this.#life.begin(this.#require(id, ["TERMINATED", "ERROR"]), "PENDING");
  }

  restart(id: string): void {
    this.#life.begin(this.#require(id, ["RUNNING"]), "RESTARTING");
  }

  terminate(id: string): void {
    this.#life.terminate(this.get(id));
  }

  /** Gives a cluster another specification; one that runs starts again with it. */
  edit(id: string, spec: JsonObject): void {
    const { state } = this.#require(id, ["RUNNING", "TERMINATED"]);
    this.#records.put({ ...this.get(id), spec });
    if (state === "RUNNING") this.restart(id);
  }

  remove(id: string): void {
    this.#life.end({ ...this.get(id), state: "TERMINATED" });
    this.#records.remove(id);
  }

  /** Resolves when the cluster runs, starting it where it does not; rejects with ClusterUnavailable where it will not run. */
  async untilRunning(id: string, signal: AbortSignal): Promise<void> {
    let isStarted = false;
    for (;;) {
      const { state, stateMessage } = this.get(id);
      if (state === "RUNNING") return;
      if (state === "ERROR" || (isStarted && state === "TERMINATED")) {
        const message = `Unexpected failure while waiting for the cluster (${id}) to be ready: ${stateMessage}`;
        throw new ClusterUnavailable(message);
      }
      if (state === "TERMINATED") this.start(id);
      isStarted ||= state === "TERMINATED" || state === "PENDING";
      await once(this.#life.changes, "change", { signal });
    }
  }

  /** Goes on with what was under way when the workspace stopped. */
  resume(): void {
    this.#life.resume();
  }

  close(): void {
    this.#life.close();
  }

  #require(id: string, expected: readonly ClusterState[]): ClusterRecord {
    const cluster = this.get(id);
    const { state } = cluster;
    if (expected.includes(state)) return cluster;
    const word = `${state.charAt(0)}${state.slice(1).toLowerCase()}`;
    throw invalidState(`Cluster ${id} is in unexpected state ${word}.`);
  }
}

/** In the service's form: month and day, time of day, and letters and digits that nobody can guess. */
function newClusterId(now: Date): string {
  const digits = now.toISOString().replaceAll(/\D/g, "");
  return `${digits.slice(4, 8)}-${digits.slice(8, 14)}-${randomBytes(4).toString("hex")}`;
}
