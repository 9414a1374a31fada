/** A mapping key or a list item of a YAML text, with what distinguishes it from its neighbours. */
export interface YamlBlock {
  readonly parent: YamlBlock | undefined;
  /** Where the key, or the dash of the item, stands in its line. */
  readonly column: number;
  readonly isItem: boolean;
  /** The index of its first line. */
  readonly line: number;
  /** The key; for an item, what names it among the items around it. */
  name: string;
  /** Of an item: its own keys with their texts, the first one first. */
  readonly keys: Map<string, string>;
}

const dash = /^( *)- +/;
const keyAndText = /^( *)("[^"]*"|'[^']*'|[^\s#'"][^#]*?)\s*:(?:\s+(.*))?$/;
const blockScalar = /(?::|-)\s+[|>][-+0-9]*\s*(?:#.*)?$/;
const insignificant = /^\s*(?:#.*)?$/;

/** Of what is no item; a map for every line would cost more than all else here. */
const noKeys = new Map<string, string>();

/** What names an item best, in this order; where none is there, its first key with its text. */
const namingKeys = ["stage", "job", "deployment", "displayName", "name"];

/**
 * For each line of a YAML text the innermost block that it stands in, undefined for the text itself.
 * It reads indentation only, so it knows lines that no parser keeps (comments, blank lines), and a text with mistakes too.
 * A comment or a blank line belongs to the block of the line that follows.
 */
export function yamlBlocks(lines: readonly string[]): readonly (YamlBlock | undefined)[] {
  const scanner = new Scanner();
  for (const [index, line] of lines.entries()) scanner.read(line.trimEnd(), index);
  nameItems(scanner.items);
  return scanner.finish();
}

class Scanner {
  readonly items: YamlBlock[] = [];
  readonly #blocks: (YamlBlock | undefined)[] = [];
  #innermost: YamlBlock | undefined;
  /** The column that text of a block scalar stands to the right of. */
  #scalarColumn: number | undefined;

  read(line: string, index: number): void {
    if (this.#isScalarText(line)) {
      this.#assign(index, this.#innermost);
      return;
    }
    if (insignificant.test(line)) return;
    this.#open(line, index);
    this.#assign(index, this.#innermost);
    this.#scalarColumn = blockScalar.test(line) ? this.#innermost?.column : undefined;
  }

  finish(): readonly (YamlBlock | undefined)[] {
    return this.#blocks;
  }

  #isScalarText(line: string): boolean {
    if (this.#scalarColumn === undefined) return false;
    return line === "" || line.search(/\S/) > this.#scalarColumn;
  }

  /** Also the comments and blank lines before it. */
  #assign(index: number, block: YamlBlock | undefined): void {
    while (this.#blocks.length <= index) this.#blocks.push(block);
  }

  #open(line: string, index: number): void {
    let rest = line;
    for (let match = dash.exec(rest); match !== null; match = dash.exec(rest)) {
      const column = match[1]?.length ?? 0;
      this.#enter({ column, isItem: true, line: index, name: "" });
      rest = rest.replace("-", " ");
    }
    const key = keyAndText.exec(rest);
    if (key === null) this.#leave(rest.search(/\S/), false);
    else this.#enter({ column: key[1]?.length ?? 0, isItem: false, line: index, name: key[2] ?? "" });
    this.#describeItem(rest.trim(), key);
  }

  #enter(block: Pick<YamlBlock, "column" | "isItem" | "line" | "name">): void {
    this.#leave(block.column, block.isItem);
    const keys = block.isItem ? new Map<string, string>() : noKeys;
    const entered = { ...block, parent: this.#innermost, keys };
    if (block.isItem) this.items.push(entered);
    this.#innermost = entered;
  }

  /** Leaves the blocks that end here; the items of a list may stand in the column of its key. */
  #leave(column: number, isItem: boolean): void {
    const stays = (block: YamlBlock): boolean =>
      block.column < column || (block.column === column && isItem && !block.isItem);
    let block = this.#innermost;
    while (block !== undefined && !stays(block)) block = block.parent;
    this.#innermost = block;
  }

  #describeItem(text: string, key: RegExpExecArray | null): void {
    const item = key === null ? this.#innermost : this.#innermost?.parent;
    if (item?.isItem === true) item.keys.set(key?.[2] ?? "", key === null ? text : (key[3] ?? ""));
  }
}

/** Items of one list that would have the same name are told apart by a text below them, and in the end by counting. */
function nameItems(items: readonly YamlBlock[]): void {
  const taken = new Map<YamlBlock | undefined, Map<string, number>>();
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
