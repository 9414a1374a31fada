import { describe, expect, test } from "@jest/globals";
import { rollUp } from "../../../../../lib/local/databricks/jobs/roll-up.ts";
import { succeeded, type RunState } from "../../../../../lib/local/databricks/jobs/run-state.ts";

const failed: RunState = {
  lifeCycle: "TERMINATED",
  result: "FAILED",
  code: "RUN_EXECUTION_ERROR",
  message: "Workload failed",
};
const skipped: RunState = {
  lifeCycle: "SKIPPED",
  result: "UPSTREAM_FAILED",
  message: "An upstream task failed.",
};

function task(key: string, state: RunState, dependsOn: readonly string[] = []) {
  return { key, state, dependsOn };
}

describe("rollUp", () => {
  test("is a success when every task is one, or was left out on purpose", () => {
    const excluded: RunState = { ...skipped, result: "EXCLUDED" };

    expect(rollUp([])).toEqual(succeeded);
    expect(rollUp([task("a", succeeded), task("b", excluded, ["a"])])).toEqual(succeeded);
  });

  test("names the task that failed, and says that others did not run", () => {
    const alone = rollUp([task("a", failed)]);
    const first = rollUp([task("a", failed), task("b", skipped, ["a"])]);

    expect(alone).toEqual({
      lifeCycle: "INTERNAL_ERROR",
      result: "FAILED",
      code: "RUN_EXECUTION_ERROR",
      message: "Task a failed with message: Workload failed.",
    });
    expect(first.message).toBe(
      "Task a failed with message: Workload failed. This caused all downstream tasks to get skipped.",
    );
  });

  test("is a success with failures when what failed was made good by a task after it", () => {
    const state = rollUp([task("a", failed), task("b", succeeded, ["a"])]);

    expect(state).toMatchObject({ lifeCycle: "TERMINATED", result: "SUCCESS_WITH_FAILURES" });
  });
});
