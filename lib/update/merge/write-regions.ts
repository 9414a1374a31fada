import type { Labels } from "../update-plan.ts";
import { take, type Region, type Sides } from "./merge-lines.ts";

type Lines = readonly string[];

export interface MarkerStyle {
  readonly labels: Labels;
  readonly lineEnding: string;
}

/** The lines of a merge; where both sides changed the same, all three stand between markers as git writes them. */
export function writeRegions(regions: readonly Region[], sides: Sides<Lines>, style: MarkerStyle): Lines {
  return regions.flatMap((region) => {
    if (region.changed === "both") return markConflict(region, sides, style);
    const side = region.changed === "theirs" ? "theirs" : "ours";
    return take(sides[side], region[side]);
  });
}

function markConflict(region: Region, sides: Sides<Lines>, { labels, lineEnding }: MarkerStyle): Lines {
  const lines = (side: keyof Sides<unknown>): Lines =>
    take(sides[side], region[side]).map((line) => (line.endsWith("\n") ? line : `${line}${lineEnding}`));
  return [
    `<<<<<<< ${labels.ours}${lineEnding}`,
    ...lines("ours"),
    `||||||| ${labels.base}${lineEnding}`,
    ...lines("base"),
    `=======${lineEnding}`,
    ...lines("theirs"),
    `>>>>>>> ${labels.theirs}${lineEnding}`,
  ];
}
