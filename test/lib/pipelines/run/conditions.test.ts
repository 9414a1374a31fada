import { describe, expect, test } from "@jest/globals";
import { ExpressionError } from "../../../../lib/pipelines/expressions/expression-error.ts";
import { evaluateRuntimeText, isConditionMet } from "../../../../lib/pipelines/run/conditions.ts";
import type { RunResult } from "../../../../lib/pipelines/run/run-types.ts";

type Case = readonly [condition: string, results: Readonly<Record<string, RunResult>>, isMet: boolean];

const good = { A: "succeeded", B: "succeededWithIssues" } as const;
const bad = { A: "succeeded", B: "failed" } as const;
const gap = { A: "succeeded", B: "skipped" } as const;
const stopped = { A: "succeeded", B: "canceled" } as const;

const cases: readonly Case[] = [
  ["", good, true],
  ["", bad, false],
  ["", gap, false],
  ["", {}, true],
  ["succeeded()", good, true],
  ["succeeded('A')", bad, true],
  ["succeeded('a', 'B')", bad, false],
  ["succeeded('Nobody')", good, false],
  ["failed()", good, false],
  ["failed()", bad, true],
  ["failed()", gap, false],
  ["failed()", stopped, false],
  ["failed('A')", bad, false],
  ["failed('B')", bad, true],
  ["succeededOrFailed()", bad, true],
  ["succeededOrFailed()", gap, false],
  ["succeededOrFailed()", stopped, false],
  ["succeededOrFailed('A')", gap, true],
  ["always()", gap, true],
  ["canceled()", bad, false],
  ["and(succeeded(), eq(variables['Build.Reason'], 'Manual'))", good, true],
  ["and(succeeded(), eq(variables['Build.Reason'], 'PullRequest'))", good, false],
  ["or(failed(), eq(variables.flag, 'yes'))", good, true],
  ["not(failed())", gap, true],
  ["eq(dependencies.A.result, 'Succeeded')", good, true],
  ["in(dependencies.A.result, 'Succeeded', 'Skipped')", gap, true],
  ["eq(dependencies.A.outputs['step.name'], 'value')", good, true],
  ["eq(dependencies.Nobody.outputs['step.name'], '')", good, true],
  ["eq(variables.missing, '')", good, true],
];

const contexts = {
  variables: { "Build.Reason": "Manual", flag: "YES" },
  dependencies: { A: { result: "Succeeded", outputs: { "step.name": "value" } } },
};

describe("a condition", () => {
  test.each(cases)("%s after %j is %s", (condition, results, expected) => {
    const before = { results: new Map(Object.entries(results)), isCanceled: false };

    expect(isConditionMet(condition, before, contexts)).toBe(expected);
  });

  test.each([
    ["always()", true],
    ["canceled()", true],
    ["succeeded()", false],
    ["failed()", false],
    ["succeededOrFailed()", false],
    ["not(succeeded())", true],
  ])("%s is %s in a run that is canceled", (condition, expected) => {
    const before = { results: new Map([["A", "failed"] as const]), isCanceled: true };

    expect(isConditionMet(condition, before, contexts)).toBe(expected);
  });

  test.each(["eq(1", "nobody()", "eq(unknown.a, 1)", "gt(1, 'x')", "eq(1, 2, 3)"])(
    "%s is an error with a reason",
    (condition) => {
      const before = { results: new Map(), isCanceled: false };

      expect(() => isConditionMet(condition, before, contexts)).toThrow(ExpressionError);
    },
  );
});

const count = (): number => 5;

describe("a value at run time", () => {
  test.each([
    ["plain", "plain"],
    ["$[ variables.flag ]", "YES"],
    ["$[dependencies.A.outputs['step.name']]", "value"],
    ["$[ dependencies.A.outputs['step.missing'] ]", ""],
    ["$[ format('{0}-{1}', variables.flag, 1) ]", "YES-1"],
    ["$[ eq(variables.flag, 'yes') ]", "True"],
    ["$[ counter('x', 5) ]", "5"],
    ["a $[ variables.flag ]", "a $[ variables.flag ]"],
  ])("%s is %s", (text, expected) => {
    expect(evaluateRuntimeText(text, contexts, count)).toBe(expected);
  });
});
