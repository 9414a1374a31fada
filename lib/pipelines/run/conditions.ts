import { toBoolean, toText } from "../expressions/convert.ts";
import { evaluate, type Surroundings } from "../expressions/evaluate.ts";
import { commonFunctions, type ExpressionFunction, type Lazy } from "../expressions/functions.ts";
import { parseExpression } from "../expressions/parse.ts";
import { propertyOf, type ObjectValue, type Value } from "../expressions/value.ts";
import { isSuccess } from "./results.ts";
import type { RunResult } from "./run-types.ts";

/** What ran before something, as its condition asks about it. */
export interface Before {
  /** The results of everything that it waits for, by name, directly or through others. */
  readonly results: ReadonlyMap<string, RunResult>;
  readonly isCanceled: boolean;
}

/** `variables`, `dependencies` and what else expressions of a place may name. */
export type Contexts = ObjectValue;

/** Whether something runs; an expression that cannot be evaluated is an ExpressionError. */
export function isConditionMet(condition: string | undefined, before: Before, contexts: Contexts): boolean {
  const text = condition?.trim() ?? "";
  const tree = parseExpression(text === "" ? "succeeded()" : text, { functions: functionsFor(before) });
  if (tree === null) return true;
  return toBoolean(evaluate(tree, { functions: functionsFor(before), lookUp: lookUpIn(contexts) }));
}

const wholeRuntime = /^\s*\$\[(.*)\]\s*$/s;

/** The value of a variable that is written as `$[ … ]`; any other text is itself. */
export function evaluateRuntimeText(
  text: string,
  contexts: Contexts,
  counter: (prefix: string, seed: number) => number,
): string {
  const inner = wholeRuntime.exec(text)?.[1];
  if (inner === undefined) return text;
  const functions = new Map([...commonFunctions, ["counter", counterFunction(counter)] as const]);
  const tree = parseExpression(inner, { functions });
  if (tree === null) return "";
  return toText(evaluate(tree, { functions, lookUp: lookUpIn(contexts) })) ?? "";
}

function lookUpIn(contexts: Contexts): Surroundings["lookUp"] {
  return (name) => propertyOf(contexts, name);
}

function counterFunction(count: (prefix: string, seed: number) => number): ExpressionFunction {
  const call = ([prefix, seed]: readonly Lazy[]): Value =>
    count(toText(prefix?.() ?? "") ?? "", Number(toText(seed?.() ?? 0)) || 0);
  return { least: 0, most: 2, call };
}

function functionsFor(before: Before): ReadonlyMap<string, ExpressionFunction> {
  const status = (holds: (results: readonly RunResult[]) => boolean): ExpressionFunction => ({
    least: 0,
    most: Infinity,
    call: (given) => holds(resultsOf(given, before)),
  });
  const { isCanceled } = before;
  return new Map<string, ExpressionFunction>([
    ...commonFunctions,
    ["always", status(() => true)],
    ["canceled", status(() => isCanceled)],
    ["succeeded", status((results) => !isCanceled && results.every(isSuccess))],
    ["failed", status((results) => !isCanceled && results.includes("failed"))],
    ["succeededorfailed", status((results) => !isCanceled && results.every(hasRun))],
  ]);
}

function hasRun(result: RunResult): boolean {
  return isSuccess(result) || result === "failed";
}

/** Of the named ones, or of all where none is named; what does not exist counts as skipped. */
function resultsOf(given: readonly Lazy[], { results }: Before): readonly RunResult[] {
  if (given.length === 0) return [...results.values()];
  const byName = new Map([...results].map(([name, result]) => [name.toLowerCase(), result]));
  return given.map((name) => byName.get((toText(name()) ?? "").toLowerCase()) ?? "skipped");
}
