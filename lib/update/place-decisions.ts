import { changeSource } from "./change-source.ts";
import type { Decision } from "./decision.ts";
import { OccupiedPaths, type Obstacle } from "./occupied-paths.ts";
import { byPath } from "../template/by-path.ts";
import type { ConflictKind, TreeEntry, UpdateEntry } from "./update-plan.ts";
import type { Versions } from "./versions.ts";

/** A file with what was decided about it. */
export interface Decided {
  readonly versions: Versions;
  readonly decision: Decision;
}

/**
 * Brings the decisions about single files together in one tree: a new file that another one stands in the way of is a conflict,
 * and a template's version that its file cannot show lies beside it under a free name.
 */
export function placeDecisions(decided: readonly Decided[]): readonly UpdateEntry[] {
  const placed = refuseObstructed(decided);
  const occupied = occupiedBy(placed);
  for (const { versions } of decided) if (versions.ours !== undefined) occupied.add(versions.ours.path);
  const entries = placed.map((item) => toEntry(item, occupied));
  return separateTakenOver(entries).toSorted(byPath);
}

/** What stays where it is comes first; of the rest, what is refused keeps its old place, which may refuse another one. */
function refuseObstructed(decided: readonly Decided[]): readonly Decided[] {
  let current = decided;
  for (;;) {
    const occupied = occupiedBy(current.filter((item) => !isNewcomer(item)));
    const refused = new Map<Decided, Decided>();
    for (const item of current.filter((candidate) => isNewcomer(candidate))) {
      const path = item.decision.after?.path ?? "";
      const obstacle = occupied.obstacleAt(path);
      if (obstacle === undefined) occupied.add(path);
      else refused.set(item, { ...item, decision: refuse(item, obstacle) });
    }
    if (refused.size === 0) return current;
    current = current.map((item) => refused.get(item) ?? item);
  }
}

function occupiedBy(decided: readonly Decided[]): OccupiedPaths {
  const occupied = new OccupiedPaths();
  for (const { decision } of decided) if (decision.after !== undefined) occupied.add(decision.after.path);
  return occupied;
}

function isNewcomer({ versions, decision }: Decided): boolean {
  return decision.after !== undefined && decision.after.path !== versions.ours?.path;
}

const obstacles: Readonly<Record<Obstacle, string>> = {
  twin: "a file of that name, letter case apart, is there",
  file: "a file is where it needs a folder",
  folder: "a folder is there",
};

function refuse({ versions, decision }: Decided, obstacle: Obstacle): Decision {
  const verb = versions.ours === undefined ? "added" : "moved";
  return {
    verdict: "conflict",
    conflict: obstacle === "twin" ? "path" : "type",
    reason: `The ${changeSource(versions)} ${verb} it to ${decision.after?.path}, but ${obstacles[obstacle]}.`,
    after: versions.ours,
  };
}

const kindsWithSidecar: readonly ConflictKind[] = ["binary", "type", "path"];

function toEntry({ versions, decision }: Decided, occupied: OccupiedPaths): UpdateEntry {
  const { base, ours, theirs } = versions;
  const { verdict, reason, after, conflict: kind } = decision;
  const path = pathOf(versions, after);
  const entry = { path, verdict, reason, before: ours, after };
  const moved = ours !== undefined && ours.path !== path ? { ...entry, movedFrom: ours.path } : entry;
  if (kind === undefined) return moved;
  const conflict = { kind, base, ours, theirs };
  if (theirs === undefined || !kindsWithSidecar.includes(kind)) return { ...moved, conflict };
  return { ...moved, conflict: { ...conflict, sidecar: sidecarFor(path, theirs, occupied) } };
}

function pathOf({ base, ours, theirs }: Versions, after: TreeEntry | undefined): string {
  return (after ?? ours ?? theirs ?? base)?.path ?? "";
}

function sidecarFor(path: string, theirs: TreeEntry, occupied: OccupiedPaths): TreeEntry {
  const stem = `${besideFile(path, occupied)}.eac-new`;
  let name = stem;
  for (let number = 2; occupied.obstacleAt(name) !== undefined; number += 1) name = `${stem}-${number}`;
  occupied.add(name);
  return { ...theirs, path: name };
}

/** A folder that is a file can hold nothing: `a/b` lies beside `a`. */
function besideFile(path: string, occupied: OccupiedPaths): string {
  const file = occupied.fileAbove(path);
  return file === undefined ? path : `${file}-${path.slice(file.length + 1).replaceAll("/", "-")}`;
}

/** Where a file takes the place of one that goes, the two are told as a change of that place and the end of the other one. */
function separateTakenOver(entries: readonly UpdateEntry[]): readonly UpdateEntry[] {
  const gone = new Map(
    entries.filter(({ after }) => after === undefined).map((entry) => [entry.path, entry]),
  );
  const taken = new Set(
    entries.flatMap(({ after }) => (after !== undefined && gone.has(after.path) ? [after.path] : [])),
  );
  if (taken.size === 0) return entries;
  return entries
    .filter(({ path, after }) => after !== undefined || !taken.has(path))
    .flatMap((entry) => {
      const replaced = entry.after === undefined ? undefined : gone.get(entry.path)?.before;
      return replaced === undefined ? [entry] : takeOver(entry, replaced);
    });
}

function takeOver(entry: UpdateEntry, replaced: TreeEntry): readonly UpdateEntry[] {
  const { movedFrom, before, ...rest } = entry;
  const change: UpdateEntry = { ...rest, before: replaced };
  if (movedFrom === undefined) return [change];
  const reason = `It is at ${entry.path} now.`;
  return [change, { path: movedFrom, verdict: "delete", reason, before, after: undefined }];
}
