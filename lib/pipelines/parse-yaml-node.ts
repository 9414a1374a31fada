import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type ParsedNode,
  type YAMLError,
} from "yaml";
import { PipelineError, type PipelineProblem, type Position } from "./problem.ts";
import { scalar, type Entry, type YamlNode } from "./yaml-node.ts";

/** The YAML of one file as nodes with places; every mistake of its syntax is reported at once. */
export function parseYamlNode(text: string, file: string): YamlNode {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: "failsafe",
    merge: true,
    uniqueKeys: false,
    lineCounter: lines,
    prettyErrors: false,
  });
  const reader = new Reader(file, lines);
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

  at(offset: number): Position {
    const { line, col } = this.lines.linePos(offset);
    return { file: this.file, line: Math.max(1, line), column: Math.max(1, col) };
  }

  explain(error: YAMLError): PipelineProblem {
    const [first = ""] = error.message.split("\n");
    const message = `This is not valid YAML: ${first.replace(/[.:]?\s*$/, "")}.`;
    return { at: this.at(error.pos[0]), message };
  }

  read(node: ParsedNode | null): YamlNode {
    if (node === null) return scalar("", this.at(0));
    const at = this.at(node.range[0]);
    if (isScalar(node)) return scalar(typeof node.value === "string" ? node.value : "", at);
    if (isSeq(node)) return { kind: "list", items: node.items.map((item) => this.read(item)), at };
    if (isMap(node)) return { kind: "map", entries: this.readEntries(node.items), at };
    if (isAlias(node))
      this.problems.push({ at, message: "Anchors and aliases are not part of Azure Pipelines." });
    return scalar("", at);
  }

  private readEntries(
    items: readonly { readonly key: ParsedNode; readonly value: ParsedNode | null }[],
  ): readonly Entry[] {
    const seen = new Set<string>();
    return items.map(({ key, value }) => {
      const read = this.read(key);
      if (read.kind !== "scalar") {
        this.problems.push({ at: read.at, message: "A key must be a text." });
        return { key: scalar("", read.at), value: scalar("", read.at) };
      }
      if (seen.has(read.text) && !read.text.startsWith("${{")) {
        this.problems.push({ at: read.at, message: `The key '${read.text}' stands here twice.` });
      }
      seen.add(read.text);
      return { key: read, value: value === null ? scalar("", read.at) : this.read(value) };
    });
  }
}
