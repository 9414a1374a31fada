import { EventEmitter, once } from "node:events";
import type { JsonObject } from "../../devops/body.ts";
import type { Collection } from "../state/store.ts";
import {
  isSameLibrary,
  type ClusterLibraries,
  type LibraryRecord,
  type LibraryState,
} from "./library-record.ts";

export interface LibrariesOptions {
  readonly records: Collection<ClusterLibraries>;
  /** Whether the cluster runs: only then something can be installed. */
  readonly isRunning: (clusterId: string) => boolean;
  /** Installs libraries on a cluster at once; answers why it could not. */
  readonly install: (
    clusterId: string,
    libraries: readonly JsonObject[],
    signal: AbortSignal,
  ) => Promise<string | undefined>;
}

const unsettled: readonly LibraryState[] = ["PENDING", "INSTALLING"];

/** The libraries of all clusters. They are installed while their cluster runs: together, and where that fails one after the other. */
export class Libraries {
  readonly #options: LibrariesOptions;
  readonly #closing = new AbortController();
  readonly #changes = new EventEmitter().setMaxListeners(0);
  readonly #working = new Map<string, Promise<void>>();
  readonly #installing = new Map<string, AbortController>();

  constructor(options: LibrariesOptions) {
    this.#options = options;
  }

  of(clusterId: string): readonly LibraryRecord[] {
    return this.#options.records.get(clusterId)?.libraries ?? [];
  }

  all(): readonly ClusterLibraries[] {
    return this.#options.records.list();
  }

  /** Takes libraries on; those that failed are tried again. */
  add(clusterId: string, libraries: readonly JsonObject[]): void {
    this.#put(clusterId, libraries.reduce(withLibrary, this.of(clusterId)));
    this.work(clusterId);
  }

  /** Lets libraries go: at once where they are not installed, at the next start of the cluster otherwise. */
  drop(clusterId: string, libraries: readonly JsonObject[]): void {
    this.#put(
      clusterId,
      this.of(clusterId).flatMap((entry) => withoutLibraries(entry, libraries)),
    );
  }

  /** Begins anew on a cluster on which nothing is installed any more. */
  startOver(clusterId: string): void {
    this.#installing.get(clusterId)?.abort();
    const kept = this.of(clusterId).filter(({ state }) => state !== "UNINSTALL_ON_RESTART");
    this.#put(
      clusterId,
      kept.map(({ library }) => ({ library, state: "PENDING", messages: [] })),
    );
  }

  forget(clusterId: string): void {
    this.#installing.get(clusterId)?.abort();
    this.#options.records.remove(clusterId);
  }

  /** Goes on installing what is not installed. */
  work(clusterId: string): void {
    if (this.#working.has(clusterId)) return;
    const done = this.#installAll(clusterId).finally(() => this.#working.delete(clusterId));
    this.#working.set(clusterId, done);
  }

  /** Resolves when none of the libraries is waiting or being installed; answers them. */
  async untilSettled(
    clusterId: string,
    libraries: readonly JsonObject[],
    signal: AbortSignal,
  ): Promise<readonly LibraryRecord[]> {
    for (;;) {
      const wanted = this.of(clusterId).filter(({ library }) =>
        libraries.some((other) => isSameLibrary(library, other)),
      );
      if (!wanted.some(({ state }) => unsettled.includes(state))) return wanted;
      await once(this.#changes, "change", { signal });
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#working.values());
  }

  async #installAll(id: string): Promise<void> {
    for (let entries = this.#pending(id); entries.length > 0; entries = this.#pending(id)) {
      const failure = await this.#install(id, entries);
      if (failure === undefined || entries.length === 1) continue;
      for (const entry of entries) {
        if (this.#pending(id).some(({ library }) => isSameLibrary(library, entry.library)))
          await this.#install(id, [entry]);
      }
    }
  }

  /** Settles what it could install, and what it could not where that is one library; several that fail wait again. */
  async #install(id: string, entries: readonly LibraryRecord[]): Promise<string | undefined> {
    this.#set(id, entries, { state: "INSTALLING", messages: [] });
    const stopping = new AbortController();
    this.#installing.set(id, stopping);
    const signal = AbortSignal.any([this.#closing.signal, stopping.signal]);
    const wanted = entries.map(({ library }) => library);
    const failure = await this.#options.install(id, wanted, signal).catch(String);
    if (failure === undefined && !signal.aborted) this.#set(id, entries, { state: "INSTALLED" });
    else if (failure === undefined || signal.aborted || entries.length > 1)
      this.#set(id, entries, { state: "PENDING" });
    else this.#set(id, entries, { state: "FAILED", messages: [failure] });
    return failure;
  }

  #pending(id: string): readonly LibraryRecord[] {
    if (this.#closing.signal.aborted || !this.#options.isRunning(id)) return [];
    return this.of(id).filter(({ state }) => state === "PENDING");
  }

  /** One that was let go meanwhile stays so. */
  #set(id: string, entries: readonly LibraryRecord[], change: Partial<LibraryRecord>): void {
    const isMeant = ({ library, state }: LibraryRecord): boolean =>
      unsettled.includes(state) && entries.some((entry) => isSameLibrary(entry.library, library));
    this.#put(
      id,
      this.of(id).map((entry) => (isMeant(entry) ? { ...entry, ...change } : entry)),
    );
  }

  #put(id: string, libraries: readonly LibraryRecord[]): void {
    this.#options.records.put({ id, libraries });
    this.#changes.emit("change");
  }
}

const again: Partial<Record<LibraryState, LibraryState>> = {
  FAILED: "PENDING",
  UNINSTALL_ON_RESTART: "INSTALLED",
};

function withLibrary(entries: readonly LibraryRecord[], library: JsonObject): readonly LibraryRecord[] {
  const known = entries.find((entry) => isSameLibrary(entry.library, library));
  if (known === undefined) return [...entries, { library, state: "PENDING", messages: [] }];
  return entries.map((entry) =>
    entry === known ? { ...entry, state: again[entry.state] ?? entry.state } : entry,
  );
}

function withoutLibraries(entry: LibraryRecord, libraries: readonly JsonObject[]): readonly LibraryRecord[] {
  if (!libraries.some((library) => isSameLibrary(library, entry.library))) return [entry];
  const isInstalled = ["INSTALLED", "INSTALLING", "UNINSTALL_ON_RESTART"].includes(entry.state);
  return isInstalled ? [{ ...entry, state: "UNINSTALL_ON_RESTART" }] : [];
}
