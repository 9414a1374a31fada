import { isObject, type JsonObject } from "../../devops/body.ts";

export const libraryStates = [
  "PENDING",
  "INSTALLING",
  "INSTALLED",
  "FAILED",
  "UNINSTALL_ON_RESTART",
] as const;
export type LibraryState = (typeof libraryStates)[number];

/** A library of a cluster, as the client named it, and what became of it. */
export interface LibraryRecord {
  readonly library: JsonObject;
  readonly state: LibraryState;
  readonly messages: readonly string[];
}

/** The libraries of one cluster; `id` is the cluster's. */
export interface ClusterLibraries {
  readonly id: string;
  readonly libraries: readonly LibraryRecord[];
}

/** Whether a value read from a file has the shape. */
export function isClusterLibraries(value: unknown): value is ClusterLibraries {
  return (
    isObject(value) &&
    typeof value["id"] === "string" &&
    Array.isArray(value["libraries"]) &&
    value["libraries"].every(
      (entry: unknown) =>
        isObject(entry) &&
        isObject(entry["library"]) &&
        libraryStates.some((state) => state === entry["state"]),
    )
  );
}

/** Two libraries are the same when they say the same, in any order of names. */
export function isSameLibrary(left: JsonObject, right: JsonObject): boolean {
  return sorted(left) === sorted(right);
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}
