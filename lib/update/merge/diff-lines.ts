import { diffIndices } from "node-diff3";
import type { Range } from "./merge-lines.ts";
import { settleChanges } from "./settle-changes.ts";

/** A stretch of the old list and what stands in its place in the new one. */
export interface Change {
  readonly old: Range;
  readonly new: Range;
}

/** A part of both lists, from `start` up to `end`. */
interface Part {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

type Numbers = readonly number[];

/** A line that is there more often says nothing about where it belongs. */
const mostOccurrences = 64;
/** Where no line says where it belongs, and comparing all with all would take seconds, the whole part counts as changed. */
const mostComparisons = 4_000_000;

/**
 * What changed between two lists of lines, each given as a number: found as git's merges find it (histogram),
 * around the rarest lines that both have.
 */
export function diffLines(old: Numbers, changed: Numbers): readonly Change[] {
  const changes: Change[] = [];
  const parts: Part[] = [{ oldStart: 0, oldEnd: old.length, newStart: 0, newEnd: changed.length }];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const found = findAnchor(old, changed, part);
    if (found === "none") pushChange(changes, part);
    else if (found === "too-common") changes.push(...compareAll(old, changed, part));
    else parts.push(after(part, found), before(part, found));
  }
  return settleChanges(old, changed, changes);
}

function before(part: Part, anchor: Part): Part {
  return { ...part, oldEnd: anchor.oldStart, newEnd: anchor.newStart };
}

function after(part: Part, anchor: Part): Part {
  return { ...part, oldStart: anchor.oldEnd, newStart: anchor.newEnd };
}

function pushChange(changes: Change[], { oldStart, oldEnd, newStart, newEnd }: Part): void {
  if (oldStart === oldEnd && newStart === newEnd) return;
  changes.push({
    old: { start: oldStart, length: oldEnd - oldStart },
    new: { start: newStart, length: newEnd - newStart },
  });
}

function compareAll(old: Numbers, changed: Numbers, part: Part): readonly Change[] {
  const { oldStart, oldEnd, newStart, newEnd } = part;
  const whole = {
    old: { start: oldStart, length: oldEnd - oldStart },
    new: { start: newStart, length: newEnd - newStart },
  };
  if (whole.old.length * whole.new.length > mostComparisons) return [whole];
  return diffIndices(old.slice(oldStart, oldEnd), changed.slice(newStart, newEnd)).map(
    ({ buffer1, buffer2 }) => ({
      old: { start: buffer1[0] + oldStart, length: buffer1[1] },
      new: { start: buffer2[0] + newStart, length: buffer2[1] },
    }),
  );
}

/** A run of equal lines, and how often the rarest of them is there. */
interface Anchor extends Part {
  readonly rarity: number;
}

/** The run of equal lines around the rarest line that both parts have; of equally rare ones the longest, then the first. */
function findAnchor(old: Numbers, changed: Numbers, part: Part): Part | "none" | "too-common" {
  const places = occurrences(old, part);
  let best: Anchor | undefined;
  let hasCommon = false;
  let at = part.newStart;
  while (at < part.newEnd) {
    let next = at + 1;
    for (const run of runsAt({ old, changed, part, places, at }, best?.rarity)) {
      hasCommon = true;
      next = Math.max(next, run.newEnd);
      best = better(best, run);
    }
    hasCommon ||= places.has(changed[at] ?? -1);
    at = next;
  }
  return best ?? (hasCommon ? "too-common" : "none");
}

function better(best: Anchor | undefined, run: Anchor): Anchor {
  return best === undefined || lengthOf(best) < lengthOf(run) || run.rarity < best.rarity ? run : best;
}

interface Search {
  readonly old: Numbers;
  readonly changed: Numbers;
  readonly part: Part;
  readonly places: ReadonlyMap<number, readonly number[]>;
  readonly at: number;
}

/** The runs that one line of the new list can be part of, unless it is less rare than what is found already. */
function runsAt(search: Search, rarest = mostOccurrences): readonly Anchor[] {
  const candidates = search.places.get(search.changed[search.at] ?? -1) ?? [];
  if (candidates.length > rarest) return [];
  const runs: Anchor[] = [];
  for (const place of candidates) {
    if (place < (runs.at(-1)?.oldEnd ?? 0)) continue;
    const run = grow(search, place);
    runs.push({ ...run, rarity: rarestIn(search, run) });
  }
  return runs;
}

function occurrences(old: Numbers, { oldStart, oldEnd }: Part): ReadonlyMap<number, readonly number[]> {
  const places = new Map<number, number[]>();
  for (let index = oldStart; index < oldEnd; index += 1) {
    const line = old[index] ?? -1;
    const known = places.get(line);
    if (known === undefined) places.set(line, [index]);
    else known.push(index);
  }
  return places;
}

function grow({ old, changed, part, at }: Search, place: number): Part {
  let back = 0;
  const mostBack = Math.min(place - part.oldStart, at - part.newStart);
  while (back < mostBack && old[place - back - 1] === changed[at - back - 1]) back += 1;
  let on = 1;
  const mostOn = Math.min(part.oldEnd - place, part.newEnd - at);
  while (on < mostOn && old[place + on] === changed[at + on]) on += 1;
  return { oldStart: place - back, oldEnd: place + on, newStart: at - back, newEnd: at + on };
}

function rarestIn({ old, places }: Search, run: Part): number {
  let rarest = Infinity;
  for (let index = run.oldStart; index < run.oldEnd && rarest > 1; index += 1) {
    rarest = Math.min(rarest, places.get(old[index] ?? -1)?.length ?? Infinity);
  }
  return rarest;
}

function lengthOf({ oldStart, oldEnd }: Part): number {
  return oldEnd - oldStart;
}
