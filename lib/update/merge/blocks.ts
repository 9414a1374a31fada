/** A key or an item of a list in a text of nested values, with what distinguishes it from its neighbours. */
export interface Block {
  readonly parent: Block | undefined;
  readonly isItem: boolean;
  /** The key; for an item, what names it among the items around it. */
  name: string;
  /** Of an item: its own keys with their texts, the first one first. */
  readonly keys: Map<string, string>;
}

/** Of what is no item; a map for every line would cost more than all else here. */
export const noKeys: Map<string, string> = new Map<string, string>();

/** What names an item best, in this order; where none is there, its first key with its text. */
const namingKeys = ["stage", "job", "deployment", "displayName", "name", "task_key", "id", "key"];

/** Items of one list that would have the same name are told apart by a text below them, and in the end by counting. */
export function nameItems(items: readonly Block[]): void {
  const taken = new Map<Block | undefined, Map<string, number>>();
  for (const item of items) {
    const names = taken.get(item.parent) ?? new Map<string, number>();
    taken.set(item.parent, names);
    const name = ownName(item.keys);
    const count = names.get(name) ?? 0;
    names.set(name, count + 1);
    item.name = count === 0 ? `- ${name}` : `- ${name} #${count}`;
  }
}

function ownName(keys: ReadonlyMap<string, string>): string {
  const naming = namingKeys.find((key) => keys.has(key));
  const [key, text] =
    naming === undefined ? (keys.entries().next().value ?? ["", ""]) : [naming, keys.get(naming)];
  return `${key}: ${text}`;
}

/** For each line the names of the blocks that it stands in, the outermost first, one a line. */
export function blockPaths(blocks: readonly (Block | undefined)[]): readonly string[] {
  const written = new Map<Block, string>();
  const write = (block: Block | undefined): string => {
    if (block === undefined) return "";
    const path = written.get(block) ?? `${write(block.parent)}\n${block.name}`;
    written.set(block, path);
    return path;
  };
  return blocks.map((block) => write(block));
}
