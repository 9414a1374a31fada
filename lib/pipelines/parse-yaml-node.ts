import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type ParsedNode,
  type Scalar,
  type YAMLError,
} from "yaml";
import { PipelineError, problemAt, type PipelineProblem, type Position } from "./problem.ts";
import { scalar, type Entry, type YamlNode } from "./yaml-node.ts";

const deepest = 100;

/** The YAML of one file as nodes with places; every mistake of its syntax is reported at once. */
export function parseYamlNode(text: string, file: string): YamlNode {
  const lines = new LineCounter();
  const reader = new Reader(file, lines);
  const document = reader.parse(text);
  const problems = document.errors.map((error) => reader.explain(error));
  const node = problems.length === 0 ? reader.read(document.contents) : scalar("", reader.at(0));
  const all = [...problems, ...reader.problems];
  if (all.length > 0) throw new PipelineError(all);
  return node;
}

class Reader {
  readonly problems: PipelineProblem[] = [];
  private readonly file: string;
  private readonly lines: LineCounter;

  constructor(file: string, lines: LineCounter) {
    this.file = file;
    this.lines = lines;
  }

  parse(text: string): Document.Parsed {
    try {
      const options = { schema: "failsafe", merge: true, uniqueKeys: false, prettyErrors: false } as const;
      return parseDocument(text, { ...options, lineCounter: this.lines });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw problemAt(this.at(0), `YAML may be nested ${deepest} deep at most.`);
    }
  }

  at(offset: number): Position {
    const { line, col } = this.lines.linePos(offset);
    return { file: this.file, line: Math.max(1, line), column: Math.max(1, col) };
  }

  explain(error: YAMLError): PipelineProblem {
    const [first = ""] = error.message.split("\n");
    const message = `This is not valid YAML: ${first.replace(/[.:]?\s*$/, "")}.`;
    return { at: this.at(error.pos[0]), message };
  }

  read(node: ParsedNode | null, depth = 0): YamlNode {
    if (node === null) return scalar("", this.at(0));
    const at = this.at(node.range[0]);
    if (depth > deepest) {
      this.problems.push({ at, message: `YAML may be nested ${deepest} deep at most.` });
      return scalar("", at);
    }
    if (isScalar(node)) return readScalar(node, at);
    if (isSeq(node)) return { kind: "list", items: node.items.map((item) => this.read(item, depth + 1)), at };
    if (isMap(node)) return { kind: "map", entries: this.readEntries(node.items, depth + 1), at };
    if (isAlias(node))
      this.problems.push({ at, message: "Anchors and aliases are not part of Azure Pipelines." });
    return scalar("", at);
  }

  private readEntries(
    items: readonly { readonly key: ParsedNode; readonly value: ParsedNode | null }[],
    depth: number,
  ): readonly Entry[] {
    const seen = new Set<string>();
    return items.map(({ key, value }) => {
      const read = this.read(key, depth);
      if (read.kind !== "scalar") {
        this.problems.push({ at: read.at, message: "A key must be a text." });
        return { key: scalar("", read.at), value: scalar("", read.at) };
      }
      if (seen.has(read.text) && !read.text.startsWith("${{")) {
        this.problems.push({ at: read.at, message: `The key '${read.text}' stands here twice.` });
      }
      seen.add(read.text);
      return { key: read, value: value === null ? scalar("", read.at) : this.read(value, depth) };
    });
  }
}

function readScalar({ value, type }: Scalar, at: Position): YamlNode {
  const read = scalar(typeof value === "string" ? value : "", at);
  if (type === "PLAIN" && /^(?:null|Null|NULL|~)$/.test(read.text)) return { ...read, isNull: true };
  return type?.startsWith("BLOCK") === true ? { ...read, isBlock: true } : read;
}
