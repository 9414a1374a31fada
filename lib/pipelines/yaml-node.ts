import { toText } from "./expressions/convert.ts";
import { isList, isObject, type ObjectValue, type Value } from "./expressions/value.ts";
import type { Position } from "./problem.ts";

/** A scalar; the service reads every scalar as text. */
export interface ScalarNode {
  readonly kind: "scalar";
  readonly text: string;
  /** What the expression that the whole scalar was is worth, where it is no text. */
  readonly value?: Value;
  /** Whether it came out of an expression, so that nothing in it is one. */
  readonly isResult?: true;
  /** Whether it is YAML's null, which an object takes for nothing and a text for its letters. */
  readonly isNull?: true;
  /** Whether its text begins on the line after its place, behind `|` or `>`. */
  readonly isBlock?: true;
  readonly at: Position;
}

export interface ListNode {
  readonly kind: "list";
  readonly items: readonly YamlNode[];
  readonly at: Position;
}

export interface Entry {
  readonly key: ScalarNode;
  readonly value: YamlNode;
}

export interface MapNode {
  readonly kind: "map";
  readonly entries: readonly Entry[];
  readonly at: Position;
}

/** A YAML value with its place. */
export type YamlNode = ScalarNode | ListNode | MapNode;

/** The value of a key; undefined when it is not there. */
export function entryOf(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return node?.kind === "map" ? node.entries.find((entry) => entry.key.text === key)?.value : undefined;
}

/** The text of a key's scalar; undefined when there is none. */
export function textOf(node: YamlNode | undefined, key: string): string | undefined {
  const found = entryOf(node, key);
  return found?.kind === "scalar" ? found.text : undefined;
}

/** The items of a list; nothing else has items. */
export function itemsOf(node: YamlNode | undefined): readonly YamlNode[] {
  return node?.kind === "list" ? node.items : [];
}

/** The entries of a mapping; nothing else has entries. */
export function entriesOf(node: YamlNode | undefined): readonly Entry[] {
  return node?.kind === "map" ? node.entries : [];
}

export function scalar(text: string, at: Position): ScalarNode {
  return { kind: "scalar", text, at };
}

/** The place of a part of a text; exact to the line in a block, its beginning elsewhere. */
export function placeIn(
  { text, at, isBlock }: Pick<ScalarNode, "text" | "at" | "isBlock">,
  offset: number,
): Position {
  if (isBlock !== true) return at;
  const before = text.slice(0, Math.max(0, offset)).split("\n").length;
  return { file: at.file, line: at.line + before, column: 1 };
}

/** Plain JavaScript values, every scalar a text. */
export function toJson(node: YamlNode): unknown {
  if (node.kind === "scalar") return node.text;
  if (node.kind === "list") return node.items.map(toJson);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key.text, toJson(value)]));
}

/** Where the lists and mappings among values came from, for messages about what a parameter brings in. */
const origins = new WeakMap<object, ListNode | MapNode>();

/** The value as expressions see it. */
export function toValue(node: YamlNode): Value {
  if (node.kind === "scalar") return node.isNull === true ? null : (node.value ?? node.text);
  const value =
    node.kind === "list"
      ? node.items.map(toValue)
      : Object.fromEntries(node.entries.map(({ key, value }) => [key.text, toValue(value)]));
  origins.set(value, node);
  return value;
}

/** What is kept of where a value was written. */
interface Place {
  readonly at: Position;
  readonly isBlock?: true;
}

/** The value of an expression as YAML, at the place where it was written, or at the expression's; `spend` is told how much there is. */
export function fromValue(value: Value, place: Place, spend: (size: number) => void): YamlNode {
  spend(1);
  if (isList(value)) {
    const origin = origins.get(value) ?? place;
    const items = "kind" in origin ? itemsOf(origin) : [];
    return {
      kind: "list",
      items: value.map((item, index) => fromValue(item, placeOf(items[index], origin), spend)),
      at: origin.at,
    };
  }
  if (isObject(value)) return fromObject(value, place, spend);
  const text = toText(value) ?? "";
  spend(text.length);
  return {
    ...scalar(text, place.at),
    isResult: true,
    ...(place.isBlock === true ? { isBlock: true } : {}),
    ...(typeof value === "string" ? {} : { value }),
  };
}

function fromObject(value: ObjectValue, place: Place, spend: (size: number) => void): MapNode {
  const origin = origins.get(value) ?? place;
  const known = new Map("kind" in origin ? entriesOf(origin).map((entry) => [entry.key.text, entry]) : []);
  const entries = Object.entries(value).map(([key, entry]) => ({
    key: scalar(key, placeOf(known.get(key)?.key, origin).at),
    value: fromValue(entry, placeOf(known.get(key)?.value, origin), spend),
  }));
  return { kind: "map", entries, at: origin.at };
}

function placeOf(node: YamlNode | undefined, otherwise: Place): Place {
  if (node === undefined) return { at: otherwise.at };
  return { at: node.at, ...(node.kind === "scalar" && node.isBlock === true ? { isBlock: true } : {}) };
}
