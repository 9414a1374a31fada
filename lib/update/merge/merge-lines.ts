import { diffLines } from "./diff-lines.ts";

export interface Sides<T> {
  readonly base: T;
  readonly ours: T;
  readonly theirs: T;
}

export interface Range {
  readonly start: number;
  readonly length: number;
}

/** A stretch of the merged text: where it is on each side, and which sides changed it; `alike` when both did the same. */
export interface Region extends Sides<Range> {
  readonly changed: "neither" | "ours" | "theirs" | "alike" | "both";
}

/** One side's change of a stretch of the base. */
interface Hunk {
  readonly side: "ours" | "theirs";
  readonly base: Range;
  readonly changed: Range;
}

/**
 * The three-way merge of three lists of lines, given as what makes a line the same as another.
 * The regions follow each other without a gap on all three sides. Changes that overlap or touch are one region.
 */
export function mergeLines(sides: Sides<readonly string[]>): readonly Region[] {
  const numbers = numberLines(sides);
  const hunks = [
    ...diff(numbers.base, numbers.ours, "ours"),
    ...diff(numbers.base, numbers.theirs, "theirs"),
  ].toSorted((left, right) => left.base.start - right.base.start);
  const regions: Region[] = [];
  let at: Sides<number> = { base: 0, ours: 0, theirs: 0 };
  for (const group of touching(hunks)) {
    at = push(regions, unchangedUntil(at, startOf(group)));
    for (const region of withoutAlikeEdges(changedRegion(at, group, numbers), numbers)) {
      at = push(regions, region);
    }
  }
  push(regions, unchangedUntil(at, numbers.base.length));
  return regions;
}

/** Numbers compare faster than lines, and are no names of properties. */
function numberLines({ base, ours, theirs }: Sides<readonly string[]>): Sides<number[]> {
  const known = new Map<string, number>();
  const number = (line: string): number => {
    const found = known.get(line);
    if (found !== undefined) return found;
    known.set(line, known.size);
    return known.size - 1;
  };
  const all = (lines: readonly string[]): number[] => lines.map((line) => number(line));
  return { base: all(base), ours: all(ours), theirs: all(theirs) };
}

function diff(base: readonly number[], changed: readonly number[], side: Hunk["side"]): readonly Hunk[] {
  return diffLines(base, changed).map((change) => ({ side, base: change.old, changed: change.new }));
}

function touching(hunks: readonly Hunk[]): readonly (readonly Hunk[])[] {
  const groups: Hunk[][] = [];
  let end = -1;
  for (const hunk of hunks) {
    const group = groups.at(-1);
    if (group !== undefined && hunk.base.start <= end) group.push(hunk);
    else groups.push([hunk]);
    end = Math.max(end, hunk.base.start + hunk.base.length);
  }
  return groups;
}

function startOf(group: readonly Hunk[]): number {
  return group[0]?.base.start ?? 0;
}

function unchangedUntil(at: Sides<number>, end: number): Region {
  const length = end - at.base;
  return {
    changed: "neither",
    base: { start: at.base, length },
    ours: { start: at.ours, length },
    theirs: { start: at.theirs, length },
  };
}

function changedRegion(at: Sides<number>, group: readonly Hunk[], numbers: Sides<readonly number[]>): Region {
  const end = Math.max(...group.map(({ base }) => base.start + base.length));
  const length = end - at.base;
  const on = (side: Hunk["side"]): Range => {
    const grown = group
      .filter((hunk) => hunk.side === side)
      .reduce((sum, { base, changed }) => sum + changed.length - base.length, 0);
    return { start: at[side], length: length + grown };
  };
  const ours = on("ours");
  const theirs = on("theirs");
  return {
    changed: changedBy(group, { ours, theirs }, numbers),
    base: { start: at.base, length },
    ours,
    theirs,
  };
}

/** Where both sides only added lines, what they begin and end with alike is no conflict. */
function withoutAlikeEdges(region: Region, { ours, theirs }: Sides<readonly number[]>): readonly Region[] {
  if (region.changed !== "both" || region.base.length > 0) return [region];
  const [left, right] = [take(ours, region.ours), take(theirs, region.theirs)];
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && left[start] === right[start]) start += 1;
  let end = 0;
  while (end < shorter - start && left.at(-1 - end) === right.at(-1 - end)) end += 1;
  return [
    { ...region, changed: "alike", ours: part(region.ours, 0, start), theirs: part(region.theirs, 0, start) },
    {
      ...region,
      ours: part(region.ours, start, left.length - start - end),
      theirs: part(region.theirs, start, right.length - start - end),
    },
    {
      ...region,
      changed: "alike",
      ours: part(region.ours, left.length - end, end),
      theirs: part(region.theirs, right.length - end, end),
    },
  ];
}

function part({ start }: Range, from: number, length: number): Range {
  return { start: start + from, length };
}

function changedBy(
  group: readonly Hunk[],
  ranges: Pick<Region, "ours" | "theirs">,
  numbers: Sides<readonly number[]>,
): Region["changed"] {
  const first = group[0]?.side ?? "ours";
  if (group.every(({ side }) => side === first)) return first;
  const theirs = take(numbers.theirs, ranges.theirs);
  const isAlike =
    ranges.ours.length === ranges.theirs.length &&
    take(numbers.ours, ranges.ours).every((line, index) => line === theirs[index]);
  return isAlike ? "alike" : "both";
}

/** The part of a list that a range names. */
export function take<T>(list: readonly T[], { start, length }: Range): readonly T[] {
  return list.slice(start, start + length);
}

/** Adds a region that is not empty, and says where the next one begins. */
function push(regions: Region[], region: Region): Sides<number> {
  const { base, ours, theirs } = region;
  if (base.length + ours.length + theirs.length > 0) regions.push(region);
  return {
    base: base.start + base.length,
    ours: ours.start + ours.length,
    theirs: theirs.start + theirs.length,
  };
}
