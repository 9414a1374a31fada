import { problemAt } from "./problem.ts";
import type { Entry, MapNode } from "./yaml-node.ts";

/** A pipeline and the file that it extends as one; what both define is an error. */
export function mergeExtended(root: MapNode, { value }: Entry): MapNode {
  const own = root.entries.filter(({ key }) => key.text !== "extends");
  for (const { key } of own) {
    if (["stages", "jobs", "steps"].includes(key.text)) {
      throw problemAt(key.at, `A pipeline that extends a template has no ${key.text} of its own.`);
    }
  }
  if (value.kind !== "map") throw problemAt(value.at, "extends needs a template.");
  const target = value.entries.filter(({ key }) => !own.some((entry) => entry.key.text === key.text));
  const twice = value.entries.find(({ key }) => own.some((entry) => entry.key.text === key.text));
  if (twice !== undefined)
    throw problemAt(
      twice.key.at,
      `'${twice.key.text}' is already defined by the pipeline that extends this file.`,
    );
  return { ...root, entries: [...own, ...target] };
}
