import type { UpdateEntry, Verdict } from "./update-plan.ts";

/** How many paths got which verdict; verdicts that no path got are absent. */
export type VerdictCounts = Readonly<Partial<Record<Verdict, number>>>;

/** In the order in which a person wants to see them: what needs a decision comes first. */
export const verdictsByWeight: readonly Verdict[] = [
  "conflict",
  "stay-deleted",
  "delete",
  "move",
  "merge",
  "regenerate",
  "add",
  "update",
  "keep",
  "released",
  "team",
  "same",
];

const words: Readonly<Record<Verdict, string>> = {
  conflict: "in conflict",
  "stay-deleted": "deleted here and changed in the templates",
  delete: "deleted",
  move: "moved",
  merge: "merged with your changes",
  regenerate: "to regenerate",
  add: "added",
  update: "updated",
  keep: "kept as changed here",
  released: "released",
  team: "of the team, not touched",
  same: "unchanged",
};

/** Counts the verdicts of a plan. */
export function countVerdicts(entries: readonly UpdateEntry[]): VerdictCounts {
  const counts = new Map<Verdict, number>();
  for (const { verdict } of entries) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/** The counts as part of a sentence: `2 in conflict, 12 updated, 40 unchanged`. */
export function countsSentence(counts: VerdictCounts): string {
  return verdictsByWeight
    .filter((verdict) => (counts[verdict] ?? 0) > 0)
    .map((verdict) => `${counts[verdict]} ${words[verdict]}`)
    .join(", ");
}
