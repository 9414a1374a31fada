import { describe, expect, test } from "@jest/globals";
import { answerProblems, hasApiDescriptions } from "./api-description.ts";

const describeWithDescriptions = hasApiDescriptions ? describe : describe.skip;

describeWithDescriptions("the check of answers, skipped where ../shared is absent", () => {
  test("finds wrong types and properties that no description names", () => {
    const path = "AnalyticsOps/_apis/policy/configurations";

    expect(answerProblems("GET", path, { count: 1, value: [{ id: 1, isEnabled: true }] })).toEqual([]);
    expect(answerProblems("GET", path, { count: 1, value: [{ id: "1", enabled: true }] })).toEqual([
      "$[0].id is no integer",
      "$[0].enabled is not described",
    ]);
    expect(answerProblems("GET", "AnalyticsOps/_apis/nothing", {})).toBeUndefined();
  });
});
