import type { Sides } from "./merge-lines.ts";

type Lines = readonly string[];

/**
 * Whether one side removed an item of a list and the other one changed something in it.
 * Each line is given with the blocks that it stands in before it, one a line.
 */
export function contradicts({ base, ours, theirs }: Sides<Lines>): boolean {
  return removesChanged(base, ours, theirs) || removesChanged(base, theirs, ours);
}

function removesChanged(base: Lines, remover: Lines, other: Lines): boolean {
  const left = itemsOf(remover);
  const removed = [...itemsOf(base)].filter((item) => !left.has(item));
  if (removed.length === 0) return false;
  const present = itemsOf(other);
  return removed.some((item) => present.has(item) && below(item, base) !== below(item, other));
}

/** Each item of a list with the blocks around it. */
function itemsOf(lines: Lines): ReadonlySet<string> {
  const items = new Set<string>();
  for (const line of lines) {
    const blocks = line.split("\n").slice(0, -1);
    for (const [index, block] of blocks.entries()) {
      if (block.startsWith("- ")) items.add(blocks.slice(0, index + 1).join("\n"));
    }
  }
  return items;
}

function below(item: string, lines: Lines): string {
  return lines.filter((line) => line.startsWith(`${item}\n`)).join("\n\n");
}
