import type { TaskOutline } from "./plan-tasks.ts";
import { succeeded, type Result, type RunState } from "./run-state.ts";

type EndedTask = Pick<TaskOutline, "key" | "dependsOn" | "state">;

const fine: readonly (Result | undefined)[] = ["SUCCESS", "EXCLUDED"];

/**
 * How a run ended whose tasks have all ended. As in the service, the tasks that no other follows decide, and a failed task makes the
 * run's older state INTERNAL_ERROR although the task's own is TERMINATED.
 */
export function rollUp(tasks: readonly EndedTask[]): RunState {
  const bad = tasks.filter(({ state }) => !fine.includes(state.result));
  const first = bad.find(({ state }) => state.lifeCycle !== "SKIPPED");
  if (first === undefined) return succeeded;
  const isLeaf = ({ key }: EndedTask): boolean => !tasks.some(({ dependsOn }) => dependsOn.includes(key));
  if (!bad.some((task) => isLeaf(task)))
    return { ...succeeded, result: "SUCCESS_WITH_FAILURES", code: "SUCCESS_WITH_FAILURES" };
  const skipped = bad.some(({ state }) => state.lifeCycle === "SKIPPED");
  const words = first.state.message.replace(/\.$/, "");
  const consequence = skipped ? " This caused all downstream tasks to get skipped." : "";
  return {
    lifeCycle: "INTERNAL_ERROR",
    result: "FAILED",
    code: first.state.code ?? "RUN_EXECUTION_ERROR",
    message: `Task ${first.key} failed with message: ${words}.${consequence}`,
  };
}
