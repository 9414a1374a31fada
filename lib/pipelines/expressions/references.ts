import type { Node } from "./parse.ts";

/** A chain such as `dependencies.Train.outputs['gate.verdict']`, as far as its keys are written out. */
export interface Reference {
  readonly path: readonly string[];
  readonly offset: number;
}

/** Every name that an expression reads, with the keys after it; the longest chains only. */
export function referencesIn(node: Node): readonly Reference[] {
  const chain = chainOf(node);
  if (chain !== undefined) return [chain];
  switch (node.kind) {
    case "call":
      return node.arguments.flatMap(referencesIn);
    case "index":
      return [...referencesIn(node.of), ...referencesIn(node.key)];
    case "all":
      return referencesIn(node.of);
    case "literal":
    case "name":
      return [];
  }
}

/** The functions that an expression calls, in lower case. */
export function callsIn(node: Node): readonly string[] {
  switch (node.kind) {
    case "call":
      return [node.name, ...node.arguments.flatMap(callsIn)];
    case "index":
      return [...callsIn(node.of), ...callsIn(node.key)];
    case "all":
      return callsIn(node.of);
    case "literal":
    case "name":
      return [];
  }
}

function chainOf(node: Node): Reference | undefined {
  if (node.kind === "name") return { path: [node.name], offset: node.offset };
  if (node.kind !== "index" || node.key.kind !== "literal") return undefined;
  const of = chainOf(node.of);
  const { value } = node.key;
  if (of === undefined || typeof value !== "string") return undefined;
  return { path: [...of.path, value], offset: of.offset };
}
