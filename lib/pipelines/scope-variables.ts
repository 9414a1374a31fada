import { expandEntries, expandNode, type Scoped } from "./expand-node.ts";
import { toText } from "./expressions/convert.ts";
import { propertyOf } from "./expressions/value.ts";
import type { Scope } from "./scope.ts";
import { scalar, toValue, type MapNode, type YamlNode } from "./yaml-node.ts";

/** Variables written as a mapping, as the list that means the same, and the scope that knows them. */
export function expandVariableMap(map: MapNode, scope: Scope): Scoped<YamlNode> {
  let current = scope;
  const items: YamlNode[] = [];
  for (const { node, scope: inner } of expandEntries(map, scope)) {
    const value = expandNode(node.value, { ...inner, variables: current.variables });
    const entries = [
      { key: scalar("name", node.key.at), value: node.key },
      { key: scalar("value", value.at), value },
    ];
    items.push({ kind: "map", entries, at: node.key.at });
    current = withVariable(current, node.key.text, value);
  }
  return { node: { kind: "list", items, at: map.at }, scope: current };
}

/** The scope with one more variable, in place of one of that name. */
export function withVariable(scope: Scope, name: string, value: YamlNode | undefined): Scope {
  const text = value === undefined ? "" : (toText(toValue(value)) ?? "");
  if (Object.hasOwn(scope.variables, name) || propertyOf(scope.variables, name) === undefined) {
    return { ...scope, variables: { ...scope.variables, [name]: text } };
  }
  const others = Object.entries(scope.variables).filter(([key]) => key.toLowerCase() !== name.toLowerCase());
  return { ...scope, variables: { ...Object.fromEntries(others), [name]: text } };
}
