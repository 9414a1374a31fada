import type { Sides } from "./merge-lines.ts";

/**
 * Whether a merged text holds what the two sides made of the base, line by line in its place:
 * as often as the base has it, plus what each side added, minus what it took away.
 * Each line is given with the place it stands in; where the same change was made on both sides it counts once.
 */
export function isInPlace(sides: Sides<readonly string[]>, merged: readonly string[]): boolean {
  const counts = {
    base: count(sides.base),
    ours: count(sides.ours),
    theirs: count(sides.theirs),
    merged: count(merged),
  };
  const lines = new Set(Object.values(counts).flatMap((side) => [...side.keys()]));
  return [...lines].every((line) => {
    const of = (side: keyof typeof counts): number => counts[side].get(line) ?? 0;
    return of("merged") === expectedCount({ base: of("base"), ours: of("ours"), theirs: of("theirs") });
  });
}

function expectedCount({ base, ours, theirs }: Sides<number>): number {
  return ours === theirs ? ours : ours + theirs - base;
}

function count(lines: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}
