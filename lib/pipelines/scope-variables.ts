import { expandNode, visitEntries, type Scoped } from "./expand-node.ts";
import { propertyOf } from "./expressions/value.ts";
import { problemAt } from "./problem.ts";
import type { Scope } from "./scope.ts";
import { scalar, type MapNode, type YamlNode } from "./yaml-node.ts";

/** Variables written as a mapping, as the list that means the same, and the scope that knows them. */
export function expandVariableMap(map: MapNode, scope: Scope): Scoped<YamlNode> {
  const items: YamlNode[] = [];
  const seen = new Set<string>();
  const last = visitEntries(map, scope, ({ node: { key, value: written }, scope: inner }) => {
    if (seen.has(key.text))
      throw problemAt(key.at, `The key '${key.text}' stands here twice after expansion.`);
    seen.add(key.text);
    const value = expandNode(written, inner);
    const entries = [
      { key: scalar("name", key.at), value: key },
      { key: scalar("value", value.at), value },
    ];
    items.push({ kind: "map", entries, at: key.at });
    return withVariable(inner, key.text, value);
  });
  return { node: { kind: "list", items, at: map.at }, scope: last };
}

/** The scope with one more variable, in place of one of that name. */
export function withVariable(scope: Scope, name: string, value: YamlNode | undefined): Scope {
  const text = value?.kind === "scalar" ? value.text : "";
  if (Object.hasOwn(scope.variables, name) || propertyOf(scope.variables, name) === undefined) {
    return { ...scope, variables: { ...scope.variables, [name]: text } };
  }
  const others = Object.entries(scope.variables).filter(([key]) => key.toLowerCase() !== name.toLowerCase());
  return { ...scope, variables: { ...Object.fromEntries(others), [name]: text } };
}
