import { expandEntries, expandNode } from "./expand-node.ts";
import type { Scope } from "./scope.ts";
import type { YamlNode } from "./yaml-node.ts";

/** The strategy of a job or a deployment; the hooks of a deployment hold steps, however deep they stand. */
export function expandStrategy(
  value: YamlNode,
  scope: Scope,
  expandSteps: (steps: YamlNode, scope: Scope) => YamlNode,
): YamlNode {
  if (value.kind !== "map") return expandNode(value, scope);
  const entries = expandEntries(value, scope).map(({ node: { key, value: inner }, scope: at }) => ({
    key,
    value: key.text === "steps" ? expandSteps(inner, at) : expandStrategy(inner, at, expandSteps),
  }));
  return { ...value, entries };
}
