import { toBoolean, toText } from "./expressions/convert.ts";
import { isList, isObject, kindOf, type Value } from "./expressions/value.ts";
import { problemAt } from "./problem.ts";
import { evaluateIn, explained, spend, withLoop, type Scope } from "./scope.ts";
import { directiveIn, splitTemplateText, type Directive } from "./template-text.ts";
import {
  fromValue,
  placeIn,
  scalar,
  type Entry,
  type ListNode,
  type MapNode,
  type ScalarNode,
  type YamlNode,
} from "./yaml-node.ts";

/** A node together with what its expressions see. */
export interface Scoped<T> {
  readonly node: T;
  readonly scope: Scope;
}

/** The node with every expression and directive in it replaced by its value. */
export function expandNode(node: YamlNode, scope: Scope): YamlNode {
  spend(scope, node.kind === "scalar" ? node.text.length + 1 : 1, node.at);
  if (node.kind === "scalar") return expandScalar(node, scope);
  if (node.kind === "list") {
    const items = expandItems(node, scope).map((item) => expandNode(item.node, item.scope));
    return { ...node, items };
  }
  const replaced = replacementOf(node, scope);
  if (replaced !== undefined) return expandNode(replaced.node, replaced.scope);
  const entries = expandEntries(node, scope).map(({ node: entry, scope: inner }) => ({
    key: entry.key,
    value: expandNode(entry.value, inner),
  }));
  return { ...node, entries };
}

/** A scalar with its expressions replaced; one that is a single expression keeps the kind of its value. */
export function expandScalar(node: ScalarNode, scope: Scope): YamlNode {
  if (node.isResult === true || !node.text.includes("${{")) return node;
  const parts = explained(node.at, () => splitTemplateText(node.text));
  const [first] = parts;
  if (parts.length === 1 && first?.kind === "expression") {
    const value = evaluateIn(first.text, scope, node.at);
    return fromValue(value, { at: node.at }, (size) => spend(scope, size, node.at));
  }
  if (parts.every((part) => part.kind === "text")) return node;
  const texts = parts.map((part) => (part.kind === "text" ? part.text : expandToText(part, scope, node)));
  return {
    ...scalar(texts.join(""), node.at),
    isResult: true,
    ...(node.isBlock === true ? { isBlock: true } : {}),
  };
}

function expandToText(
  part: { readonly text: string; readonly offset: number },
  scope: Scope,
  node: ScalarNode,
): string {
  const at = placeIn(node, part.offset);
  const value = evaluateIn(part.text, scope, at);
  const result = toText(value);
  if (result === undefined) throw problemAt(at, `${sentence(kindOf(value))} cannot be part of a text.`);
  spend(scope, result.length, at);
  return result;
}

/** The items of a list after its directives: what is spliced in, repeated or left out. */
export function expandItems(list: ListNode, scope: Scope): readonly Scoped<YamlNode>[] {
  const chain = new Chain();
  return list.items.flatMap((item) => expandItem(item, scope, chain));
}

/** The same one after the other, for lists in which an item decides what later ones see. */
export function visitItems(list: ListNode, scope: Scope, visit: (item: Scoped<YamlNode>) => Scope): Scope {
  const chain = new Chain();
  let { variables } = scope;
  for (const item of list.items) {
    for (const found of expandItem(item, { ...scope, variables }, chain)) {
      ({ variables } = visit({ ...found, scope: { ...found.scope, variables } }));
    }
  }
  return { ...scope, variables };
}

function expandItem(item: YamlNode, scope: Scope, chain: Chain): readonly Scoped<YamlNode>[] {
  const directive = directiveOf(item);
  if (directive === undefined) {
    chain.end();
    return item.kind === "scalar" ? insertScalar(item, scope) : [{ node: item, scope }];
  }
  if (item.kind === "map" && isEachOfKeys(directive)) {
    chain.end();
    return expandEntries(item, scope).length === 0 ? [] : [{ node: item, scope }];
  }
  return chosen(directive, scope, chain).flatMap((inner) => splice(directive, inner));
}

/** A mapping behind each gives keys to one item; only a list behind it gives items. */
function isEachOfKeys({ directive, value }: DirectiveEntry): boolean {
  return directive.kind === "each" && value.kind === "map";
}

/** `- ${{ expression }}`: a list is flattened, anything else is one item. */
function insertScalar(item: ScalarNode, scope: Scope): readonly Scoped<YamlNode>[] {
  if (explained(item.at, () => directiveIn(item.text)) !== undefined) {
    throw problemAt(item.at, `${item.text} needs a colon after it.`);
  }
  const node = expandScalar(item, scope);
  const isWhole = item.text.trim().startsWith("${{");
  if (isWhole && node.kind === "list") return node.items.map((inner) => ({ node: inner, scope }));
  return [{ node, scope }];
}

function splice({ value }: DirectiveEntry, scope: Scope): readonly Scoped<YamlNode>[] {
  if (value.kind === "list") return expandItems(value, scope);
  if (value.kind === "scalar") {
    if (value.text === "") return [];
    const node = expandScalar(value, scope);
    if (node.kind === "list") return node.items.map((inner) => ({ node: inner, scope }));
    if (node.kind === "scalar" && node.text === "") return [];
    return [{ node, scope }];
  }
  return [{ node: value, scope }];
}

/** The entries of a mapping after its directives, keys expanded and values not. */
export function expandEntries(map: MapNode, scope: Scope): readonly Scoped<Entry>[] {
  const chain = new Chain();
  const entries = map.entries.flatMap((entry) => expandEntry(entry, scope, chain));
  const seen = new Map<string, Entry>();
  for (const { node } of entries) {
    if (seen.has(node.key.text)) {
      throw problemAt(node.key.at, `The key '${node.key.text}' stands here twice after expansion.`);
    }
    seen.set(node.key.text, node);
  }
  return entries;
}

/** The entries one after the other, for mappings in which an entry decides what later ones see. */
export function visitEntries(map: MapNode, scope: Scope, visit: (entry: Scoped<Entry>) => Scope): Scope {
  const chain = new Chain();
  let { variables } = scope;
  for (const entry of map.entries) {
    const now = { ...scope, variables };
    const directive = asDirective(entry);
    if (directive === undefined) {
      for (const found of expandEntry(entry, now, chain)) ({ variables } = visit(found));
      continue;
    }
    for (const inner of chosen(directive, now, chain)) {
      const at = { ...inner, variables };
      ({ variables } = visitEntries(bodyOf(directive, at) ?? { ...map, entries: [] }, at, visit));
    }
  }
  return { ...scope, variables };
}

function expandEntry(entry: Entry, scope: Scope, chain: Chain): readonly Scoped<Entry>[] {
  const directive = asDirective(entry);
  if (directive === undefined) {
    chain.end();
    const key = expandScalar(entry.key, scope);
    if (key.kind !== "scalar") throw problemAt(entry.key.at, "A key must be a text.");
    return [{ node: { key, value: entry.value }, scope }];
  }
  return chosen(directive, scope, chain).flatMap((inner) => merge(directive, inner));
}

function merge(directive: DirectiveEntry, scope: Scope): readonly Scoped<Entry>[] {
  const body = bodyOf(directive, scope);
  return body === undefined ? [] : expandEntries(body, scope);
}

/** The mapping behind a directive; undefined where there is none. */
function bodyOf({ key, value }: DirectiveEntry, scope: Scope): MapNode | undefined {
  const node = value.kind === "scalar" ? expandScalar(value, scope) : value;
  if (node.kind === "map") return node;
  if (node.kind === "scalar" && node.text === "") return undefined;
  throw problemAt(key.at, `${key.text} needs a mapping here.`);
}

/** A mapping of conditions only, whose chosen value is a list or a scalar, stands for that value. */
function replacementOf(map: MapNode, scope: Scope): Scoped<YamlNode> | undefined {
  const directives = map.entries.map(asDirective);
  if (directives.length === 0 || !directives.every(isBranch)) return undefined;
  const chain = new Chain();
  const found = directives.flatMap((directive) =>
    directive === undefined
      ? []
      : chosen(directive, scope, chain).map((inner) => ({ node: directive.value, scope: inner })),
  )[0];
  if (found === undefined || found.node.kind === "map") return undefined;
  const isEmpty = found.node.kind === "scalar" && found.node.text === "";
  return isEmpty ? undefined : found;
}

function isBranch(entry: DirectiveEntry | undefined): boolean {
  return entry !== undefined && ["if", "elseif", "else"].includes(entry.directive.kind);
}

interface DirectiveEntry {
  readonly directive: Directive;
  readonly key: ScalarNode;
  readonly value: YamlNode;
}

function asDirective({ key, value }: Entry): DirectiveEntry | undefined {
  const directive = explained(key.at, () => directiveIn(key.text));
  return directive === undefined ? undefined : { directive, key, value };
}

/** The directive that an item of a list is: a mapping with that one key. */
function directiveOf(item: YamlNode): DirectiveEntry | undefined {
  const [first] = item.kind === "map" ? item.entries : [];
  if (item.kind !== "map" || first === undefined || item.entries.length !== 1) return undefined;
  return asDirective(first);
}

/** The scopes in which the value of a directive counts: none, one, or one for each item of a collection. */
function chosen(entry: DirectiveEntry, scope: Scope, chain: Chain): readonly Scope[] {
  const { directive, key } = entry;
  switch (directive.kind) {
    case "insert":
      chain.end();
      return [scope];
    case "each":
      chain.end();
      return repeat(evaluateIn(directive.collection, scope, key.at), directive.name, scope);
    case "if":
      return chain.begin(toBoolean(evaluateIn(directive.condition, scope, key.at))) ? [scope] : [];
    case "elseif":
      return chain.next(key, () => toBoolean(evaluateIn(directive.condition, scope, key.at))) ? [scope] : [];
    case "else":
      return chain.last(key) ? [scope] : [];
  }
}

function repeat(collection: Value, name: string, scope: Scope): readonly Scope[] {
  if (isList(collection)) return collection.map((item) => withLoop(scope, name, item));
  if (!isObject(collection)) return [];
  return Object.entries(collection).map(([key, value]) => withLoop(scope, name, { key, value }));
}

/** Which branch of if, elseif and else was taken; they must follow each other directly. */
class Chain {
  private state: "none" | "open" | "taken" = "none";

  begin(holds: boolean): boolean {
    this.state = holds ? "taken" : "open";
    return holds;
  }

  next(key: ScalarNode, holds: () => boolean): boolean {
    this.requireOpen(key, "elseif");
    const result = holds();
    if (this.state === "taken") return false;
    if (result) this.state = "taken";
    return result;
  }

  last(key: ScalarNode): boolean {
    this.requireOpen(key, "else");
    const result = this.state === "open";
    this.state = "none";
    return result;
  }

  end(): void {
    this.state = "none";
  }

  private requireOpen(key: ScalarNode, word: string): void {
    if (this.state === "none") throw problemAt(key.at, `\${{ ${word} }} must follow directly after its if.`);
  }
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
