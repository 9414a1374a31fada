import { ExpressionError } from "../expressions/expression-error.ts";
import { parseExpression } from "../expressions/parse.ts";
import { conditionFunctions } from "../expressions/runtime-functions.ts";
import type { PipelineProblem } from "../problem.ts";
import { entryOf, placeIn, type MapNode, type ScalarNode, type YamlNode } from "../yaml-node.ts";
import { stepKeys } from "./shapes.ts";

const conditional: readonly string[] = ["stage", "job", "deployment", ...Object.keys(stepKeys)];

/**
 * Conditions as the files write them, also where nothing uses them: in the steps of a parameter that is not inserted, or behind an `if` that
 * does not hold. Only their form is judged; the service would say nothing of them, so this is advice.
 */
export function checkWrittenConditions(sources: readonly MapNode[]): readonly PipelineProblem[] {
  return sources.flatMap(conditionsUnder).flatMap(check);
}

function conditionsUnder(node: YamlNode): readonly ScalarNode[] {
  if (node.kind === "scalar") return [];
  if (node.kind === "list") return node.items.flatMap(conditionsUnder);
  const condition = entryOf(node, "condition");
  const isOwn =
    condition?.kind === "scalar" && node.entries.some(({ key }) => conditional.includes(key.text));
  const others = node.entries.flatMap(({ value }) => conditionsUnder(value));
  return isOwn ? [condition, ...others] : others;
}

function check(condition: ScalarNode): readonly PipelineProblem[] {
  if (condition.text.trim() === "" || condition.text.includes("${{")) return [];
  try {
    parseExpression(condition.text, { functions: conditionFunctions });
    return [];
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return [{ at: placeIn(condition, error.offset), message: error.message, isAdvice: true }];
  }
}
