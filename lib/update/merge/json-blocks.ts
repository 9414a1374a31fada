import { nameItems, noKeys, type Block } from "./blocks.ts";

const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+|"/g;

/** An object or a list that is not closed yet. */
interface Container {
  readonly block: Block | undefined;
  readonly isList: boolean;
}

/**
 * For each line of a JSON text the block that it begins with: a key, or an object of a list; undefined for the text itself.
 * It reads brackets and quotes only, so it says something of a text with mistakes too. A closing bracket belongs to what it closes.
 */
export function jsonBlocks(lines: readonly string[]): readonly (Block | undefined)[] {
  const scanner = new Scanner();
  const blocks = lines.map((line) => scanner.read(line));
  nameItems(scanner.items);
  return blocks;
}

class Scanner {
  readonly items: Block[] = [];
  readonly #open: Container[] = [];
  /** The key whose value comes next. */
  #key: Block | undefined;

  /** The block of the first token of a line. */
  read(line: string): Block | undefined {
    const blocks = Array.from(line.matchAll(token), ([text]) => this.#take(text));
    return blocks.length > 0 ? blocks[0] : this.#innermost();
  }

  #take(text: string): Block | undefined {
    if (text === "{" || text === "[") return this.#enter(text === "[");
    if (text === "}" || text === "]") return this.#leave();
    if (text === ":") return this.#key;
    if (text === ",") {
      this.#key = undefined;
      return this.#innermost();
    }
    return this.#takeText(text);
  }

  #enter(isList: boolean): Block | undefined {
    const block = this.#open.at(-1)?.isList === true ? this.#beginItem() : (this.#key ?? this.#innermost());
    this.#open.push({ block, isList });
    this.#key = undefined;
    return block;
  }

  #beginItem(): Block {
    const item = { parent: this.#innermost(), isItem: true, name: "", keys: new Map<string, string>() };
    this.items.push(item);
    return item;
  }

  #leave(): Block | undefined {
    this.#key = undefined;
    return this.#open.pop()?.block;
  }

  /** A key, or a value that is neither an object nor a list. */
  #takeText(text: string): Block | undefined {
    const container = this.#open.at(-1);
    const item = container?.block?.isItem === true ? container.block : undefined;
    if (container === undefined || container.isList) return container?.block;
    if (this.#key !== undefined) {
      item?.keys.set(this.#key.name, text);
      return this.#key;
    }
    const name = text.replaceAll('"', "");
    item?.keys.set(name, "");
    this.#key = { parent: container.block, isItem: false, name, keys: noKeys };
    return this.#key;
  }

  #innermost(): Block | undefined {
    return this.#open.at(-1)?.block;
  }
}
