import { diff3MergeRegions } from "node-diff3";

/** Lines with their ends, as they stand in a text. */
export type Lines = readonly string[];

export interface Sides<T> {
  readonly base: T;
  readonly ours: T;
  readonly theirs: T;
}

/** A stretch of the merged text: unchanged, changed on one side (or alike on both), or changed differently on both. */
export type Stretch =
  | { readonly from: "base" | "ours" | "theirs"; readonly start: number; readonly length: number }
  | { readonly from: "conflict"; readonly sides: Sides<Range> };

export interface Range {
  readonly start: number;
  readonly length: number;
}

/**
 * The three-way merge of three lists of lines. Changes that overlap or touch conflict unless they are alike.
 * `tokenOf` says which lines count as the same.
 */
export function mergeLines(sides: Sides<Lines>, tokenOf: (line: string) => string): readonly Stretch[] {
  const numbers = new Map<string, number>();
  const number = (line: string): number => {
    const token = tokenOf(line);
    const known = numbers.get(token) ?? numbers.size;
    numbers.set(token, known);
    return known;
  };
  return mergeNumbers({
    base: sides.base.map((line) => number(line)),
    ours: sides.ours.map((line) => number(line)),
    theirs: sides.theirs.map((line) => number(line)),
  });
}

function mergeNumbers({ base, ours, theirs }: Sides<number[]>): readonly Stretch[] {
  return diff3MergeRegions(ours, base, theirs).map((region): Stretch => {
    if (region.stable) {
      return { from: sideOf[region.buffer], start: region.bufferStart, length: region.bufferLength };
    }
    const range = { start: region.aStart, length: region.aLength };
    if (isEqual(region.aContent, region.bContent)) return { from: "ours", ...range };
    return {
      from: "conflict",
      sides: {
        base: { start: region.oStart, length: region.oLength },
        ours: range,
        theirs: { start: region.bStart, length: region.bLength },
      },
    };
  });
}

const sideOf = { a: "ours", o: "base", b: "theirs" } as const;

function isEqual(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((value, index) => value === right[index]);
}
