import { basename } from "node:path/posix";
import { kindOf, textOf } from "./tree-entries.ts";
import type { Rename, TreeEntry } from "./update-plan.ts";

const leastSimilarity = 0.6;
/** Of two that are equally similar, the one that kept its name. */
const sameNameBonus = 1e-6;
/** With more pairs than this only files with the same bytes are found; a template renames a few files at a time. */
const mostPairs = 40_000;

/**
 * Which files that are gone are probably which files that are new: first those with the same bytes,
 * then those that share at least 60 % of their lines. Each is in one pair at most; where two would fit equally well, none is.
 */
export function findRenames(gone: readonly TreeEntry[], added: readonly TreeEntry[]): readonly Rename[] {
  const from = gone.filter((entry) => isComparable(entry));
  const to = added.filter((entry) => isComparable(entry));
  const exact = pairBest(from, to, exactness());
  const isLeft = ({ path }: TreeEntry): boolean =>
    !exact.some((rename) => rename.from === path || rename.to === path);
  const fromLeft = from.filter((entry) => isLeft(entry));
  const toLeft = to.filter((entry) => isLeft(entry));
  if (fromLeft.length * toLeft.length > mostPairs) return exact;
  return [...exact, ...pairBest(fromLeft, toLeft, similarity())];
}

/** Empty files say nothing about where they come from. */
function isComparable({ mode, bytes }: TreeEntry): boolean {
  return kindOf(mode) === "file" && bytes.length > 0;
}

/** From 0 to 1. */
type Score = (left: TreeEntry, right: TreeEntry) => number;

function exactness(): Score {
  const texts = new Map<TreeEntry, string>();
  return (left, right) => (remember(texts, left, textOf) === remember(texts, right, textOf) ? 1 : 0);
}

function similarity(): Score {
  const counts = new Map<TreeEntry, Lines>();
  return (left, right) => {
    const [linesLeft, linesRight] = [remember(counts, left, countLines), remember(counts, right, countLines)];
    const larger = Math.max(linesLeft.length, linesRight.length);
    if (Math.min(linesLeft.length, linesRight.length) < leastSimilarity * larger) return 0;
    return sharedLength(linesLeft.counts, linesRight.counts) / larger;
  };
}

/** How often each line is there, and how long the text is. */
interface Lines {
  readonly length: number;
  readonly counts: ReadonlyMap<string, number>;
}

function remember<T>(known: Map<TreeEntry, T>, entry: TreeEntry, compute: (entry: TreeEntry) => T): T {
  const value = known.get(entry) ?? compute(entry);
  known.set(entry, value);
  return value;
}

function countLines(entry: TreeEntry): Lines {
  const text = textOf(entry);
  const counts = new Map<string, number>();
  for (const line of text.split(/(?<=\n)/)) counts.set(line, (counts.get(line) ?? 0) + 1);
  return { length: text.length, counts };
}

function sharedLength(left: Lines["counts"], right: Lines["counts"]): number {
  let shared = 0;
  for (const [line, count] of left) shared += line.length * Math.min(count, right.get(line) ?? 0);
  return shared;
}

/** The pairs in which each is the one best match of the other. */
function pairBest(from: readonly TreeEntry[], to: readonly TreeEntry[], score: Score): readonly Rename[] {
  const bestFrom = new Map<TreeEntry, Best>();
  const bestTo = new Map<TreeEntry, Best>();
  for (const left of from) {
    for (const right of to) {
      const similar = score(left, right);
      if (similar < leastSimilarity) continue;
      const value = similar + (basename(left.path) === basename(right.path) ? sameNameBonus : 0);
      offer(bestFrom, left, { value, match: right });
      offer(bestTo, right, { value, match: left });
    }
  }
  return from.flatMap((left) => {
    const right = bestFrom.get(left)?.match;
    return right !== undefined && bestTo.get(right)?.match === left
      ? [{ from: left.path, to: right.path }]
      : [];
  });
}

interface Best {
  readonly value: number;
  /** Undefined where several are equally good. */
  readonly match: TreeEntry | undefined;
}

function offer(best: Map<TreeEntry, Best>, entry: TreeEntry, offered: Best): void {
  const known = best.get(entry)?.value ?? 0;
  if (offered.value > known) best.set(entry, offered);
  else if (offered.value === known) best.set(entry, { value: known, match: undefined });
}
