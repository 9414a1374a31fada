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
  /** Installs a library on a cluster; answers why it could not. */
  readonly install: (
    clusterId: string,
    library: JsonObject,
    signal: AbortSignal,
  ) => Promise<string | undefined>;
}

/** The libraries of all clusters. They are installed one after the other, while their cluster runs. */
export interface Libraries {
  of(clusterId: string): readonly LibraryRecord[];
  all(): readonly ClusterLibraries[];
  /** Takes libraries on; those that failed are tried again. */
  add(clusterId: string, libraries: readonly JsonObject[]): void;
  /** Lets libraries go: at once where they are not installed, at the next start of the cluster otherwise. */
  drop(clusterId: string, libraries: readonly JsonObject[]): void;
  /** Begins anew on a cluster on which nothing is installed any more. */
  startOver(clusterId: string): void;
  forget(clusterId: string): void;
  /** Goes on installing what is not installed. */
  work(clusterId: string): void;
  /** Resolves when none of the libraries is waiting or being installed; answers them. */
  untilSettled(
    clusterId: string,
    libraries: readonly JsonObject[],
    signal: AbortSignal,
  ): Promise<readonly LibraryRecord[]>;
  close(): Promise<void>;
}

const unsettled: readonly LibraryState[] = ["PENDING", "INSTALLING"];

/** Opens the libraries of all clusters. */
export function openLibraries({ records, isRunning, install }: LibrariesOptions): Libraries {
  const closing = new AbortController();
  const changes = new EventEmitter().setMaxListeners(0);
  const working = new Map<string, Promise<void>>();
  const of = (id: string): readonly LibraryRecord[] => records.get(id)?.libraries ?? [];
  const put = (id: string, libraries: readonly LibraryRecord[]): void => {
    records.put({ id, libraries });
    changes.emit("change");
  };
  const set = (id: string, { library }: LibraryRecord, change: Partial<LibraryRecord>): void =>
    put(
      id,
      of(id).map((entry) => (isSameLibrary(entry.library, library) ? { ...entry, ...change } : entry)),
    );
  const next = (id: string): LibraryRecord | undefined =>
    isRunning(id) && !closing.signal.aborted ? of(id).find(({ state }) => state === "PENDING") : undefined;
  const installAll = async (id: string): Promise<void> => {
    for (let entry = next(id); entry !== undefined; entry = next(id)) {
      set(id, entry, { state: "INSTALLING", messages: [] });
      const failure = await install(id, entry.library, closing.signal);
      const isStale = closing.signal.aborted || !isRunning(id);
      if (isStale) set(id, entry, { state: "PENDING" });
      else if (failure === undefined) set(id, entry, { state: "INSTALLED" });
      else set(id, entry, { state: "FAILED", messages: [failure] });
    }
  };
  const work = (id: string): void => {
    if (working.has(id)) return;
    const done = installAll(id).finally(() => working.delete(id));
    working.set(id, done);
  };
  return {
    of,
    all: () => records.list(),
    add: (id, libraries) => {
      put(id, libraries.reduce(added, of(id)));
      work(id);
    },
    drop: (id, libraries) =>
      put(
        id,
        of(id).flatMap((entry) => dropped(entry, libraries)),
      ),
    startOver: (id) => {
      const kept = of(id).filter(({ state }) => state !== "UNINSTALL_ON_RESTART");
      put(
        id,
        kept.map(({ library }) => ({ library, state: "PENDING", messages: [] })),
      );
    },
    forget: (id) => records.remove(id),
    work,
    untilSettled: async (id, libraries, signal) => {
      for (;;) {
        const wanted = of(id).filter(({ library }) =>
          libraries.some((other) => isSameLibrary(library, other)),
        );
        if (!wanted.some(({ state }) => unsettled.includes(state))) return wanted;
        await once(changes, "change", { signal });
      }
    },
    close: async () => {
      closing.abort();
      await Promise.allSettled(working.values());
    },
  };
}

function added(entries: readonly LibraryRecord[], library: JsonObject): readonly LibraryRecord[] {
  const known = entries.find((entry) => isSameLibrary(entry.library, library));
  if (known === undefined) return [...entries, { library, state: "PENDING", messages: [] }];
  const again: Partial<Record<LibraryState, LibraryState>> = {
    FAILED: "PENDING",
    UNINSTALL_ON_RESTART: "INSTALLED",
  };
  return entries.map((entry) =>
    entry === known ? { ...entry, state: again[entry.state] ?? entry.state } : entry,
  );
}

function dropped(entry: LibraryRecord, libraries: readonly JsonObject[]): readonly LibraryRecord[] {
  if (!libraries.some((library) => isSameLibrary(library, entry.library))) return [entry];
  const isInstalled = ["INSTALLED", "INSTALLING", "UNINSTALL_ON_RESTART"].includes(entry.state);
  return isInstalled ? [{ ...entry, state: "UNINSTALL_ON_RESTART" }] : [];
}
