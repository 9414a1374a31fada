import { LineCounter, isAlias, isNode, parseAllDocuments, visit, type Document } from "yaml";

/** What keeps a text from being read, and where. */
export interface YamlFault {
  readonly message: string;
  /** Counted from 1; absent where it is the whole text. */
  readonly at?: { readonly line: number; readonly column: number };
}

export type ParsedYaml =
  | { readonly ok: true; readonly content: unknown }
  | { readonly ok: false; readonly faults: readonly YamlFault[] };

const mostAliases = 100;
const mostFaults = 20;

/** Reads one YAML or JSON document as plain data (null where it is empty), or says what keeps it from that; runs nothing, knows no tags. */
export function parseYaml(text: string): ParsedYaml {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter,
    uniqueKeys: true,
    schema: "core",
    prettyErrors: false,
    logLevel: "silent",
  });
  const [document, second] = documents;
  if (document === undefined) return { ok: true, content: null };
  if (second !== undefined) return refused([{ message: "holds more than one document." }]);
  const faults = faultsOf(document).map(({ message, offset }) => {
    const { line, col } = lineCounter.linePos(offset);
    return { message, at: { line, column: col } };
  });
  return faults.length > 0 ? refused(faults.slice(0, mostFaults)) : contentOf(document);
}

function refused(faults: readonly YamlFault[]): ParsedYaml {
  return { ok: false, faults };
}

/** When nesting exhausted the parser, what it says after that is noise. */
function faultsOf(document: Document): readonly { readonly message: string; readonly offset: number }[] {
  const exhausted = document.errors.find(({ code }) => code === "RESOURCE_EXHAUSTION");
  if (exhausted !== undefined) return [{ message: "nests too deep.", offset: exhausted.pos[0] }];
  if (document.errors.length === 0) return nodeFaults(document);
  return document.errors.map(({ message, pos: [offset] }) => ({
    message: `${message.replace(/\.$/, "")}.`,
    offset,
  }));
}

/** Tags make other things than data, and an anchor that holds an alias of itself has no end. */
function nodeFaults(document: Document): readonly { readonly message: string; readonly offset: number }[] {
  const faults: { readonly message: string; readonly offset: number }[] = [];
  let aliases = 0;
  visit(document, (_key, node, ancestors) => {
    if (!isNode(node)) return undefined;
    const offset = node.range?.[0] ?? 0;
    if (isAlias(node)) {
      aliases += 1;
      if (aliases > mostAliases) return visit.BREAK;
      const target = node.resolve(document);
      if (target === undefined) faults.push({ message: `*${node.source} is an alias of nothing.`, offset });
      else if (ancestors.includes(target))
        faults.push({ message: `*${node.source} is an alias of what it stands in.`, offset });
    } else if (node.tag !== undefined) {
      faults.push({ message: `${node.tag} is a tag, and answers have none.`, offset });
    }
    return undefined;
  });
  return faults;
}

function contentOf(document: Document): ParsedYaml {
  try {
    return { ok: true, content: document.toJS({ maxAliasCount: mostAliases }) };
  } catch (error) {
    if (error instanceof ReferenceError) return refused([{ message: "repeats its anchors too often." }]);
    if (error instanceof RangeError) return refused([{ message: "nests too deep." }]);
    throw error;
  }
}
