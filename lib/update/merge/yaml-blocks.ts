import { nameItems, noKeys, type Block } from "./blocks.ts";

/** A mapping key or a list item of a YAML text. */
export interface YamlBlock extends Block {
  readonly parent: YamlBlock | undefined;
  /** Where the key, or the dash of the item, stands in its line. */
  readonly column: number;
}

const dash = /^( *)- +/;
const keyAndText = /^( *)("[^"]*"|'[^']*'|[^\s#'"][^#]*?)\s*:(?:\s+(.*))?$/;
const blockScalar = /(?::|-)\s+[|>][-+0-9]*\s*(?:#.*)?$/;
const insignificant = /^\s*(?:#.*)?$/;

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
    this.#open(line);
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

  #open(line: string): void {
    let rest = line;
    for (let match = dash.exec(rest); match !== null; match = dash.exec(rest)) {
      const column = match[1]?.length ?? 0;
      this.#enter({ column, isItem: true, name: "" });
      rest = rest.replace("-", " ");
    }
    const key = keyAndText.exec(rest);
    if (key === null) this.#leave(rest.search(/\S/), false);
    else this.#enter({ column: key[1]?.length ?? 0, isItem: false, name: key[2] ?? "" });
    this.#describeItem(rest.trim(), key);
  }

  #enter(block: Pick<YamlBlock, "column" | "isItem" | "name">): void {
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
