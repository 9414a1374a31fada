import { expandEntries, expandNode } from "./expand-node.ts";
import type { ObjectValue } from "./expressions/value.ts";
import type { Scope } from "./scope.ts";
import { entriesOf, entryOf, itemsOf, textOf, type YamlNode } from "./yaml-node.ts";

/** Resources as the service expands them: containers as a whole, and the refs of repositories. */
export function expandResources(node: YamlNode, scope: Scope): YamlNode {
  if (node.kind !== "map") return node;
  const entries = node.entries.map(({ key, value }) => {
    if (key.text === "containers") return { key, value: expandNode(value, scope) };
    return { key, value: key.text === "repositories" ? expandRefs(value, scope) : value };
  });
  return { ...node, entries };
}

function expandRefs(node: YamlNode, scope: Scope): YamlNode {
  if (node.kind !== "list") return expandNode(node, scope);
  const items = node.items.map((item) => {
    if (item.kind !== "map") return expandNode(item, scope);
    if (entryOf(item, "repository") === undefined) return item;
    const entries = expandEntries(item, scope).map(({ node: { key, value }, scope: inner }) => ({
      key,
      value: key.text === "ref" ? expandNode(value, inner) : value,
    }));
    return { ...item, entries };
  });
  return { ...node, items };
}

/** The names under `resources.repositories`, which may stand behind the `@` of a template. */
export function repositoryAliases(resources: YamlNode | undefined): readonly string[] {
  return namesUnder(entryOf(resources, "repositories"));
}

/** What webhooks under `resources` bring: expressions read a payload as a parameter of its name, and none is here. */
export function payloadsOf(resources: YamlNode | undefined): ObjectValue {
  const names = itemsOf(entryOf(resources, "webhooks")).flatMap((item) => textOf(item, "webhook") ?? []);
  return Object.fromEntries(names.map((name) => [name, null]));
}

/** Also those inside directives. */
function namesUnder(node: YamlNode | undefined): readonly string[] {
  if (node?.kind === "list") return itemsOf(node).flatMap(namesUnder);
  const name = textOf(node, "repository");
  return name === undefined ? entriesOf(node).flatMap(({ value }) => namesUnder(value)) : [name];
}
