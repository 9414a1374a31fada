import type { Problem } from "../../errors/eac-error.ts";
import { holdsOurMarkers, isSidecar } from "./leftover-markers.ts";
import { isReachable } from "./reachable.ts";
import { readEntry } from "./read-entry.ts";

/** Of the paths that an update left in conflict, those that nobody resolved: with our markers, or the template's copy still beside the file. */
export function findLeftoverConflicts(folder: string, paths: readonly string[]): readonly Problem[] {
  return paths.filter((path) => isReachable(folder, path)).flatMap((path) => leftoverAt(folder, path));
}

function leftoverAt(folder: string, path: string): readonly Problem[] {
  const entry = readEntry(folder, path);
  if (entry === undefined) return [];
  if (isSidecar(path)) {
    const message = "It is the template's side of a conflict: take from it what you need, then delete it.";
    return [{ path, rule: "conflict-left", message }];
  }
  if (!holdsOurMarkers(entry.bytes)) return [];
  return [
    { path, rule: "conflict-left", message: "It still holds the conflict markers of the last update." },
  ];
}
