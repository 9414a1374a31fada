import { toNumber, toText } from "./convert.ts";
import { ExpressionError } from "./expression-error.ts";
import type { ExpressionFunction } from "./functions.ts";
import type { Node } from "./parse.ts";
import { isList, isObject, propertyOf, type Value } from "./value.ts";

/** What the names and functions of an expression stand for. */
export interface Surroundings {
  readonly functions: ReadonlyMap<string, ExpressionFunction>;
  /** The value of a name in any letter case; undefined for one that does not exist. */
  readonly lookUp: (name: string) => Value | undefined;
  /** Names whose missing properties are an error, such as `parameters`. */
  readonly strict?: ReadonlySet<string>;
  /** Told each property that a name does not have. */
  readonly onMissing?: (owner: string, key: string) => void;
}

/** The value of a tree; what goes wrong is an ExpressionError with its place. */
export function evaluate(node: Node, surroundings: Surroundings): Value {
  switch (node.kind) {
    case "literal":
      return node.value;
    case "name":
      return evaluateName(node.name, node.offset, surroundings);
    case "call":
      return evaluateCall(node, surroundings);
    case "index":
      return evaluateIndex(node, surroundings);
    case "all":
      return allOf(evaluate(node.of, surroundings), isFiltered(node.of));
  }
}

function evaluateName(name: string, offset: number, { lookUp }: Surroundings): Value {
  const value = lookUp(name);
  if (value === undefined) throw new ExpressionError(`Unrecognized value: '${name}'.`, offset);
  return value;
}

function evaluateCall(node: Extract<Node, { kind: "call" }>, surroundings: Surroundings): Value {
  const called = surroundings.functions.get(node.name);
  if (called === undefined) throw new ExpressionError(`Unrecognized value: '${node.name}'.`, node.offset);
  try {
    return called.call(node.arguments.map((argument) => () => evaluate(argument, surroundings)));
  } catch (error) {
    if (error instanceof ExpressionError && error.offset < 0) {
      throw new ExpressionError(error.message, node.offset);
    }
    throw error;
  }
}

function evaluateIndex(node: Extract<Node, { kind: "index" }>, surroundings: Surroundings): Value {
  const value = evaluate(node.of, surroundings);
  const key = evaluate(node.key, surroundings);
  if (isFiltered(node.of) && isList(value)) {
    return value.map((item) => readProperty(item, key)).filter((item) => item !== undefined);
  }
  const found = readProperty(value, key);
  if (found !== undefined) return found;
  if (node.of.kind === "name")
    reportMissing(node.of.name, { key: toText(key) ?? "", offset: node.offset }, surroundings);
  return null;
}

function reportMissing(
  name: string,
  { key, offset }: { readonly key: string; readonly offset: number },
  { strict, onMissing }: Surroundings,
): void {
  const owner = name.toLowerCase();
  if (strict?.has(owner) === true) throw new ExpressionError(`There is no ${owner}.${key}.`, offset);
  onMissing?.(owner, key);
}

/** Behind a star every further property is read of each item. */
function isFiltered(node: Node): boolean {
  return node.kind === "all" || (node.kind === "index" && isFiltered(node.of));
}

function readProperty(value: Value, key: Value): Value | undefined {
  if (isList(value)) {
    const index = toNumber(key);
    return index === undefined ? undefined : value[Math.floor(index)];
  }
  const name = toText(key);
  return isObject(value) && name !== undefined ? propertyOf(value, name) : undefined;
}

/** Behind another star, what all items hold, as one list. */
function allOf(value: Value, ofEachItem = false): readonly Value[] {
  if (ofEachItem) return isList(value) ? value.flatMap((item) => allOf(item)) : [];
  if (isList(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}
