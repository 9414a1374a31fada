import { expect, test } from "@jest/globals";
import { combineResults } from "../../../../lib/pipelines/run/results.ts";
import type { RunResult } from "../../../../lib/pipelines/run/run-types.ts";

test.each<readonly [readonly RunResult[], RunResult]>([
  [[], "skipped"],
  [["skipped", "skipped"], "skipped"],
  [["skipped", "succeeded"], "succeeded"],
  [["succeeded", "succeededWithIssues"], "succeededWithIssues"],
  [["succeededWithIssues", "canceled"], "canceled"],
  [["canceled", "failed"], "failed"],
])("%j together are %s", (results, expected) => {
  expect(combineResults(results)).toBe(expected);
});
