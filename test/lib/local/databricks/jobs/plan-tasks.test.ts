import { describe, expect, test } from "@jest/globals";
import { planTasks, type TaskOutline } from "../../../../../lib/local/databricks/jobs/plan-tasks.ts";
import { pending, succeeded, type Result } from "../../../../../lib/local/databricks/jobs/run-state.ts";

function task(key: string, differences: Partial<TaskOutline> = {}): TaskOutline {
  return { key, dependsOn: [], runIf: "ALL_SUCCESS", state: pending, isStarted: false, ...differences };
}

function ended(key: string, result: Result): TaskOutline {
  return task(key, { state: { ...succeeded, result } });
}

describe("planTasks", () => {
  test("begins what waits for nothing, and nothing twice", () => {
    const plan = planTasks([task("a"), task("b", { isStarted: true }), task("c", { dependsOn: ["a", "b"] })]);

    expect(plan).toEqual({ ready: ["a"], skipped: [] });
  });

  test("waits until all that a task depends on has ended, even if one has failed", () => {
    const plan = planTasks([
      ended("a", "FAILED"),
      task("b", { isStarted: true }),
      task("c", { dependsOn: ["a", "b"] }),
    ]);

    expect(plan).toEqual({ ready: [], skipped: [] });
  });

  test.each<{ runIf: string; results: Result[]; outcome: Result | "runs" }>([
    { runIf: "ALL_SUCCESS", results: ["SUCCESS", "SUCCESS"], outcome: "runs" },
    { runIf: "ALL_SUCCESS", results: ["SUCCESS", "FAILED"], outcome: "UPSTREAM_FAILED" },
    { runIf: "ALL_SUCCESS", results: ["TIMEDOUT"], outcome: "UPSTREAM_FAILED" },
    { runIf: "ALL_SUCCESS", results: ["UPSTREAM_FAILED"], outcome: "UPSTREAM_FAILED" },
    { runIf: "ALL_SUCCESS", results: ["CANCELED"], outcome: "UPSTREAM_CANCELED" },
    { runIf: "ALL_SUCCESS", results: ["EXCLUDED"], outcome: "EXCLUDED" },
    { runIf: "ALL_DONE", results: ["FAILED"], outcome: "runs" },
    { runIf: "NONE_FAILED", results: ["SUCCESS", "EXCLUDED"], outcome: "runs" },
    { runIf: "NONE_FAILED", results: ["FAILED"], outcome: "UPSTREAM_FAILED" },
    { runIf: "AT_LEAST_ONE_SUCCESS", results: ["SUCCESS", "FAILED"], outcome: "runs" },
    { runIf: "AT_LEAST_ONE_SUCCESS", results: ["FAILED", "FAILED"], outcome: "UPSTREAM_FAILED" },
    { runIf: "AT_LEAST_ONE_FAILED", results: ["SUCCESS", "FAILED"], outcome: "runs" },
    { runIf: "AT_LEAST_ONE_FAILED", results: ["SUCCESS"], outcome: "EXCLUDED" },
    { runIf: "ALL_FAILED", results: ["SUCCESS", "FAILED"], outcome: "EXCLUDED" },
    { runIf: "ALL_FAILED", results: ["FAILED"], outcome: "runs" },
  ])("$runIf after $results: $outcome", ({ runIf, results, outcome }) => {
    const before = results.map((result, index) => ended(String(index), result));
    const last = task("last", { runIf, dependsOn: before.map(({ key }) => key) });

    const { ready, skipped } = planTasks([...before, last]);

    const found = skipped.map(({ state }) => state.result);
    expect(ready.length > 0 ? ["runs"] : found).toEqual([outcome]);
  });
});
