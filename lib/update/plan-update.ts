import { mergeText } from "./merge/merge-text.ts";
import type { Conflict, TreeEntry, UpdateEntry, UpdateInput, UpdatePlan } from "./update-plan.ts";

/** One file on the three sides. */
interface Versions {
  readonly path: string;
  readonly base: TreeEntry | undefined;
  readonly ours: TreeEntry | undefined;
  readonly theirs: TreeEntry | undefined;
}

/** Merges three trees: the same plan for the same input, and nothing of either side lost outside a conflict that it names. */
export function planUpdate(input: UpdateInput): UpdatePlan {
  const paths = new Set([...input.base.keys(), ...input.ours.keys(), ...input.theirs.keys()]);
  const entries = [...paths].toSorted(byCodeUnits).map((path) =>
    planPath(input, {
      path,
      base: input.base.get(path),
      ours: input.ours.get(path),
      theirs: input.theirs.get(path),
    }),
  );
  return { entries };
}

function byCodeUnits(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function planPath(input: UpdateInput, versions: Versions): UpdateEntry {
  const { path, base, ours, theirs } = versions;
  const entry = { path, before: ours };
  if (input.released.has(path)) {
    return { ...entry, verdict: "released", reason: "The team took it over.", after: ours };
  }
  if (input.ownerOf(path) === "team") return planTeam(versions);
  if (isSame(ours, theirs)) {
    return { ...entry, verdict: "same", reason: "It is as the template has it.", after: ours };
  }
  if (isSame(ours, base)) return takeTheirs(versions);
  if (isSame(theirs, base)) {
    return { ...entry, verdict: "keep", reason: "Only this repository changed it.", after: ours };
  }
  if (ours === undefined) {
    if (input.restored.has(path)) return takeTheirs(versions);
    const reason = "It was deleted here, and the template changed it.";
    return { ...entry, verdict: "stay-deleted", reason, after: undefined };
  }
  return mergeBoth(input, versions, ours);
}

function planTeam({ path, base, ours, theirs }: Versions): UpdateEntry {
  if (base === undefined && ours === undefined && theirs !== undefined) {
    return { path, verdict: "add", reason: "It is new in the template.", before: ours, after: theirs };
  }
  return { path, verdict: "team", reason: "It belongs to the team.", before: ours, after: ours };
}

function takeTheirs({ path, ours, theirs }: Versions): UpdateEntry {
  const verdict = theirs === undefined ? "delete" : ours === undefined ? "add" : "update";
  return { path, verdict, reason: "Only the template changed it.", before: ours, after: theirs };
}

function mergeBoth({ labels }: UpdateInput, { path, base, theirs }: Versions, ours: TreeEntry): UpdateEntry {
  const conflict = (kind: Conflict["kind"], after: TreeEntry, reason: string): UpdateEntry => ({
    path,
    verdict: "conflict",
    reason,
    before: ours,
    after,
    conflict: { kind, base, ours, theirs },
  });
  if (theirs === undefined) {
    return conflict("modify-delete", ours, "It was changed here, and the template deleted it.");
  }
  const nothing = new Uint8Array();
  const merged = mergeText({
    base: base?.bytes ?? nothing,
    ours: ours.bytes,
    theirs: theirs.bytes,
    path,
    labels,
  });
  if (merged === undefined) return conflict("binary", ours, "Both sides changed it, and it is not text.");
  const after = { path, mode: ours.mode === base?.mode ? theirs.mode : ours.mode, bytes: merged.bytes };
  if (merged.conflict) {
    return conflict(base ? merged.conflict : "add-add", after, "Both sides changed the same lines.");
  }
  return {
    path,
    verdict: "merge",
    reason: "Both sides changed it, in different places.",
    before: ours,
    after,
  };
}

function isSame(left: TreeEntry | undefined, right: TreeEntry | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return left.mode === right.mode && Buffer.compare(left.bytes, right.bytes) === 0;
}
