import { mergeText } from "./merge/merge-text.ts";
import { isSameBytes, kindOf } from "./tree-entries.ts";
import type { ConflictKind, EntryMode, Labels, TreeEntry } from "./update-plan.ts";

export interface EntriesToMerge {
  readonly base: TreeEntry | undefined;
  readonly ours: TreeEntry;
  readonly theirs: TreeEntry;
  /** Where the merged file will be; decides what is known of its structure. */
  readonly path: string;
  readonly labels: Labels;
}

export interface MergedEntry {
  readonly entry: TreeEntry;
  readonly conflict?: { readonly kind: ConflictKind; readonly reason: string };
}

interface MergedBytes {
  readonly bytes: Uint8Array;
  readonly conflict?: NonNullable<MergedEntry["conflict"]>;
}

const nothing = new Uint8Array();

/** Merges two versions of a file; a conflict keeps ours, with markers where it is text. */
export function mergeEntries(entries: EntriesToMerge): MergedEntry {
  const { base, ours, theirs, path } = entries;
  const kind = kindOf(ours.mode);
  if (kind !== kindOf(theirs.mode)) {
    const reason = `It is a ${kind} here and a ${kindOf(theirs.mode)} in the template.`;
    return { entry: { ...ours, path }, conflict: { kind: "type", reason } };
  }
  const { bytes, conflict } = mergeBytes(entries);
  const mode = mergeMode(base?.mode, ours.mode, theirs.mode);
  const entry = { path, mode: mode ?? ours.mode, bytes };
  if (conflict !== undefined) return { entry, conflict };
  const reason = "It is executable on one side only.";
  return mode === undefined ? { entry, conflict: { kind: "mode", reason } } : { entry };
}

/** Undefined where both sides changed it, and differently. */
function mergeMode(base: EntryMode | undefined, ours: EntryMode, theirs: EntryMode): EntryMode | undefined {
  if (ours === theirs || theirs === base) return ours;
  return ours === base ? theirs : undefined;
}

function mergeBytes(entries: EntriesToMerge): MergedBytes {
  const { base, ours, theirs } = entries;
  if (isSameBytes(ours, theirs) || (base !== undefined && isSameBytes(base, theirs))) return ours;
  if (base !== undefined && isSameBytes(base, ours)) return theirs;
  const kind = kindOf(ours.mode);
  if (kind !== "file") return binaryConflict(ours, `Both sides changed where the ${kind} leads.`);
  return mergeFiles(entries);
}

function mergeFiles({ base, ours, theirs, path, labels }: EntriesToMerge): MergedBytes {
  const fileBase = base !== undefined && kindOf(base.mode) === "file" ? base : undefined;
  const sides = { base: fileBase?.bytes ?? nothing, ours: ours.bytes, theirs: theirs.bytes };
  const merged = mergeText({ ...sides, path, labels });
  if (merged === undefined) {
    return binaryConflict(ours, "Both sides changed it, and it is not text in one encoding.");
  }
  const { bytes, conflict } = merged;
  return conflict === undefined
    ? { bytes }
    : { bytes, conflict: textConflict(fileBase ? conflict : "add-add") };
}

function binaryConflict({ bytes }: TreeEntry, reason: string): MergedBytes {
  return { bytes, conflict: { kind: "binary", reason } };
}

const textReasons = {
  content: "Both sides changed the same lines.",
  structure: "Both sides changed it in different lines, which together make no sound file.",
  "add-add": "Both sides added it, with different content.",
} as const;

function textConflict(kind: keyof typeof textReasons): NonNullable<MergedEntry["conflict"]> {
  return { kind, reason: textReasons[kind] };
}
