import type { Value } from "./expressions/value.ts";
import { sectionOfType } from "./parameter-types.ts";
import { parseYamlNode } from "./parse-yaml-node.ts";
import { PipelineError } from "./problem.ts";
import { toValue } from "./yaml-node.ts";

/** Types whose values are more than one text. */
const structured = new Set(["object", "stringList", "container", "containerList", "pool"]);

/** A value, or why a text is none. */
export interface ReadValue {
  readonly value: Value;
  readonly problem?: string;
}

/** What somebody outside the files gives for a parameter: of types with more than one text, a text is read as YAML, as in the service. */
export function readGiven(value: Value, type: string): ReadValue {
  const isText = typeof value === "string" && value.trim() !== "";
  if (!isText || !(structured.has(type) || Object.hasOwn(sectionOfType, type))) return { value };
  try {
    return { value: toValue(parseYamlNode(value, "value")) };
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return { value, problem: error.problems[0]?.message ?? "" };
  }
}
