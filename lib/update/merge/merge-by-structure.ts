import { mergeLines, take, type Range, type Region, type Sides } from "./merge-lines.ts";
import type { Structure } from "./structure.ts";

type Lines = readonly string[];

export interface StructuredMerge {
  readonly regions: readonly Region[];
  /** Why a person must decide; absent for a clean merge. */
  readonly conflict?: "content" | "structure";
}

/** Each doubles the orders to try. */
const mostInsertions = 3;

/**
 * Merges by lines as git does. Where that is no sound file, or a conflict, it merges again with each line known by its place;
 * what is not sound even then is a conflict in each change.
 */
export function mergeByStructure(sides: Sides<Lines>, structure: Structure | undefined): StructuredMerge {
  const plain = mergeLines(sides);
  if (structure === undefined)
    return hasConflict(plain) ? { regions: plain, conflict: "content" } : { regions: plain };
  if (!hasConflict(plain) && structure.isSound(sides, plain)) return { regions: plain };

  const placed = mergeLines(structure.placed(sides));
  if (!hasConflict(placed) && structure.isSound(sides, placed)) return { regions: placed };
  const ordered = orderInsertions(sides, placed, structure);
  if (ordered !== undefined) return { regions: ordered };
  if (hasConflict(placed)) return { regions: placed, conflict: hasConflict(plain) ? "content" : "structure" };
  return { regions: placed.map((region) => asConflict(region)), conflict: "structure" };
}

function hasConflict(regions: readonly Region[]): boolean {
  return regions.some(({ changed }) => changed === "both");
}

/**
 * Where both sides only added lines at the same place, and one order alone leaves all of them in their blocks, it is that one:
 * a key of the last step comes before the next step.
 */
function orderInsertions(
  sides: Sides<Lines>,
  regions: readonly Region[],
  structure: Structure,
): readonly Region[] | undefined {
  const conflicts = regions.filter(({ changed }) => changed === "both");
  const areInsertions = conflicts.every((region) => region.base.length === 0 && hasWholeLines(region, sides));
  if (!areInsertions || conflicts.length === 0 || conflicts.length > mostInsertions) return undefined;
  const orders = inEachOrder(regions).filter((ordered) => structure.isSound(sides, ordered));
  return orders.length === 1 ? orders[0] : undefined;
}

/** A last line without its end can have nothing after it. */
function hasWholeLines(region: Region, { ours, theirs }: Sides<Lines>): boolean {
  return [...take(ours, region.ours), ...take(theirs, region.theirs)].every((line) => line.endsWith("\n"));
}

function inEachOrder(regions: readonly Region[]): readonly (readonly Region[])[] {
  let orders: readonly (readonly Region[])[] = [[]];
  for (const region of regions) {
    const choices = region.changed === "both" ? oneAfterTheOther(region) : [[region]];
    orders = orders.flatMap((order) => choices.map((choice) => [...order, ...choice]));
  }
  return orders;
}

/** An insertion of one side, seen from the other one, is where that side has nothing. */
function oneAfterTheOther(region: Region): readonly (readonly Region[])[] {
  const ours: Region = { ...region, changed: "ours", theirs: nothing(region.theirs) };
  const theirs: Region = { ...region, changed: "theirs", ours: nothing(region.ours) };
  return [
    [ours, theirs],
    [theirs, ours],
  ];
}

function nothing({ start }: Range): Range {
  return { start, length: 0 };
}

function asConflict(region: Region): Region {
  return region.changed === "neither" ? region : { ...region, changed: "both" };
}
