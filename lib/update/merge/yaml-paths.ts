import { yamlBlocks, type YamlBlock } from "./yaml-blocks.ts";

/** For each line of a YAML text the names of the blocks that it stands in, the outermost first, one a line. */
export function yamlPaths(lines: readonly string[]): readonly string[] {
  const blocks = yamlBlocks(lines);
  const written = new Map<YamlBlock, string>();
  const write = (block: YamlBlock | undefined): string => {
    if (block === undefined) return "";
    const path = written.get(block) ?? `${write(block.parent)}\n${block.name}`;
    written.set(block, path);
    return path;
  };
  return lines.map((_line, index) => write(blocks[index]));
}
