import { parseDocument } from "yaml";
import { contradicts } from "./contradicts.ts";
import { isInPlace } from "./in-place.ts";
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

const yaml: Structure = {
  placed: ({ base, ours, theirs }) => ({ base: placed(base), ours: placed(ours), theirs: placed(theirs) }),
  isSound: (sides, regions) => {
    const merged = mergedLines(sides, regions);
    return isYamlInPlace(sides, merged) && staysReadable(sides, merged);
  },
};

const json: Structure = {
  placed: (sides) => sides,
  isSound: (sides, regions) => staysReadable(sides, mergedLines(sides, regions)),
};

/** The structure of a file by its name; undefined for text of which only the lines count. */
export function structureOf(path: string): Structure | undefined {
  if (/\.ya?ml$/i.test(path)) return yaml;
  return /\.json$/i.test(path) ? json : undefined;
}

function placed(lines: Lines): Lines {
  const paths = yamlPaths(lines);
  return lines.map((line, index) => `${paths[index]}\n${line}`);
}

function mergedLines(sides: Sides<Lines>, regions: readonly Region[]): Lines {
  return regions.flatMap((region) => {
    const side = region.changed === "theirs" ? "theirs" : "ours";
    return take(sides[side], region[side]);
  });
}

function isYamlInPlace({ base, ours, theirs }: Sides<Lines>, merged: Lines): boolean {
  const sides = { base: significant(base), ours: significant(ours), theirs: significant(theirs) };
  return !contradicts(sides) && isInPlace(sides, significant(merged));
}

/** Blank lines mean nothing, and what indentation means is in the place. */
function significant(lines: Lines): Lines {
  const paths = yamlPaths(lines);
  return lines.flatMap((line, index) => (line.trim() === "" ? [] : [`${paths[index]}\n${line.trim()}`]));
}

/** A file that nobody could read before is left to the person who wrote it. */
function staysReadable({ ours, theirs }: Sides<Lines>, merged: Lines): boolean {
  return isReadable(merged) || !isReadable(ours) || !isReadable(theirs);
}

/** JSON is YAML too, and this parser refuses a key that is there twice. */
function isReadable(lines: Lines): boolean {
  return parseDocument(lines.join(""), { prettyErrors: false, logLevel: "silent" }).errors.length === 0;
}
