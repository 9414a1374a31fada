import { blockPaths } from "./blocks.ts";
import { yamlBlocks } from "./yaml-blocks.ts";

/** For each line of a YAML text the names of the blocks that it stands in, the outermost first, one a line. */
export function yamlPaths(lines: readonly string[]): readonly string[] {
  const blocks = yamlBlocks(lines);
  return blockPaths(lines.map((_line, index) => blocks[index]));
}
