import { parseDocument } from "yaml";
import { blockPaths } from "./blocks.ts";
import { contradicts } from "./contradicts.ts";
import { isInPlace } from "./in-place.ts";
import { jsonBlocks } from "./json-blocks.ts";
import { take, type Region, type Sides } from "./merge-lines.ts";
import { yamlPaths } from "./yaml-paths.ts";

type Lines = readonly string[];

/** What is known about a kind of file beyond its lines. */
export interface Structure {
  /** The lines with the places that they stand in, so that the same line in another block is another line. */
  placed(sides: Sides<Lines>): Sides<Lines>;
  /** Whether a merge of sound files is a sound file again, with every line in its place. */
  isSound(sides: Sides<Lines>, regions: readonly Region[]): boolean;
}

interface Notation {
  /** For each line the blocks that it stands in. */
  readonly paths: (lines: Lines) => readonly string[];
  /** What of a line means something wherever the line stands in its block. */
  readonly meaning: (line: string) => string;
}

const yaml = structureIn({ paths: yamlPaths, meaning: (line) => line.trim() });
/** The comma after a value says only that it is not the last one. */
const json = structureIn({
  paths: (lines) => blockPaths(jsonBlocks(lines)),
  meaning: (line) => line.trim().replace(/,$/, ""),
});

/** The structure of a file by its name; undefined for text of which only the lines count. */
export function structureOf(path: string): Structure | undefined {
  if (/\.ya?ml$/i.test(path)) return yaml;
  return /\.json$/i.test(path) ? json : undefined;
}

function structureIn(notation: Notation): Structure {
  const placed = (lines: Lines): Lines => {
    const paths = notation.paths(lines);
    return lines.map((line, index) => `${paths[index]}\n${line}`);
  };
  return {
    placed: ({ base, ours, theirs }) => ({ base: placed(base), ours: placed(ours), theirs: placed(theirs) }),
    isSound: (sides, regions) => {
      const merged = mergedLines(sides, regions);
      return isEveryLineInPlace(sides, merged, notation) && staysReadable(sides, merged);
    },
  };
}

function mergedLines(sides: Sides<Lines>, regions: readonly Region[]): Lines {
  return regions.flatMap((region) => {
    const side = region.changed === "theirs" ? "theirs" : "ours";
    return take(sides[side], region[side]);
  });
}

function isEveryLineInPlace(
  { base, ours, theirs }: Sides<Lines>,
  merged: Lines,
  notation: Notation,
): boolean {
  const of = (lines: Lines): Lines => significant(lines, notation);
  const sides = { base: of(base), ours: of(ours), theirs: of(theirs) };
  return !contradicts(sides) && isInPlace(sides, of(merged));
}

/** Blank lines mean nothing, and what indentation means is in the place. */
function significant(lines: Lines, { paths, meaning }: Notation): Lines {
  const places = paths(lines);
  return lines.flatMap((line, index) => (line.trim() === "" ? [] : [`${places[index]}\n${meaning(line)}`]));
}

/** A file that nobody could read before is left to the person who wrote it. */
function staysReadable({ ours, theirs }: Sides<Lines>, merged: Lines): boolean {
  return isReadable(merged) || !isReadable(ours) || !isReadable(theirs);
}

/** JSON is YAML too, and this parser refuses a key that is there twice. */
function isReadable(lines: Lines): boolean {
  return parseDocument(lines.join(""), { prettyErrors: false, logLevel: "silent" }).errors.length === 0;
}
