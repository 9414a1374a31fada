import { expandEntries, expandNode, type Scoped } from "./expand-node.ts";
import { displayName } from "./load-template.ts";
import { problemAt } from "./problem.ts";
import type { FileLocation, Scope } from "./scope.ts";
import { entryOf, type ListNode, type MapNode, type ScalarNode, type YamlNode } from "./yaml-node.ts";

/** The parts of a pipeline that a template can hold. */
export type Section = "stages" | "jobs" | "steps" | "variables";

const sections: readonly Section[] = ["stages", "jobs", "steps", "variables"];

/** A use of a template: its name, expanded, and its parameters, not yet.  */
export interface Call {
  readonly name: ScalarNode;
  readonly parameters: Scoped<YamlNode> | undefined;
}

/** The template that a mapping calls. */
export function readCall(call: MapNode, scope: Scope): Call {
  let name: ScalarNode | undefined;
  let parameters: Scoped<YamlNode> | undefined;
  for (const { node, scope: inner } of expandEntries(call, scope)) {
    if (node.key.text === "template") name = asScalar(expandNode(node.value, inner));
    else if (node.key.text === "parameters") parameters = { node: node.value, scope: inner };
    else throw problemAt(node.key.at, `'${node.key.text}' cannot stand beside template.`);
  }
  if (name === undefined || name.text === "")
    throw problemAt(call.at, "The name of the template is missing.");
  return { name, parameters };
}

/** The part of a template that is wanted; a template holds one kind of part only. */
export function bodyOf(root: MapNode, section: Section, location: FileLocation): YamlNode {
  const body = entryOf(root, section);
  const other = root.entries.find(
    ({ key }) => key.text !== section && key.text !== "parameters" && !key.text.startsWith("${{"),
  );
  if (other !== undefined) {
    const what = sections.some((name) => name === other.key.text)
      ? `is a template of ${other.key.text}`
      : `may not hold '${other.key.text}'`;
    throw problemAt(other.key.at, `${displayName(location)} ${what}; ${section} are wanted here.`);
  }
  if (body === undefined) throw problemAt(root.at, `${displayName(location)} holds no ${section}.`);
  return body;
}

/** The list of a section; nothing is an empty one. */
export function asList(node: YamlNode, section: string): ListNode {
  if (node.kind === "list") return node;
  if (node.kind === "scalar" && node.text === "") return { kind: "list", items: [], at: node.at };
  throw problemAt(node.at, `${section} must be a list.`);
}

function asScalar(node: YamlNode): ScalarNode {
  if (node.kind === "scalar") return node;
  throw problemAt(node.at, "The name of a template must be a text.");
}
