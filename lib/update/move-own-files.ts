import { byPath } from "../template/by-path.ts";
import type { Rename, Tree, TreeEntry, UpdateEntry, UpdatePlan } from "./update-plan.ts";

export interface OwnFiles {
  /** Folders that have another name after the update, each with a slash at the end. */
  readonly folders: readonly Rename[];
  /** Files below these folders that no templates made. */
  readonly own: Tree;
}

/** Lets the team's own files move along with their folder; one whose new name is taken stays where it is and is named. */
export function moveOwnFiles(plan: UpdatePlan, { folders, own }: OwnFiles): UpdatePlan {
  if (folders.length === 0) return plan;
  const busy = new Set(plan.entries.filter((entry) => entry.before !== entry.after).flatMap(placesOf));
  const taken = new Set(plan.entries.flatMap(({ path, after }) => (after === undefined ? [] : [path])));
  const moves = [...own.values()]
    .filter(({ path, mode }) => mode !== "160000" && !busy.has(path))
    .flatMap((entry) => moveOf(entry, folders, taken));
  const moved = new Set(moves.map(({ before }) => before?.path));
  const others = plan.entries.filter(({ path }) => !moved.has(path));
  return {
    entries: [...others, ...moves].toSorted(byPath),
  };
}

function placesOf({ path, movedFrom }: UpdateEntry): readonly string[] {
  return movedFrom === undefined ? [path] : [path, movedFrom];
}

function moveOf(
  entry: TreeEntry,
  folders: readonly Rename[],
  taken: ReadonlySet<string>,
): readonly UpdateEntry[] {
  const folder = folders.find(({ from, to }) => entry.path.startsWith(from) && !entry.path.startsWith(to));
  if (folder === undefined) return [];
  const path = folder.to + entry.path.slice(folder.from.length);
  if (taken.has(path)) {
    const reason = `It is the team's own, and ${path} is another file.`;
    return [{ path: entry.path, verdict: "keep", reason, before: entry, after: entry }];
  }
  const reason = "It is the team's own, and its folder has another name.";
  return [{ path, movedFrom: entry.path, verdict: "move", reason, before: entry, after: { ...entry, path } }];
}
