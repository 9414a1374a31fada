import { isOver, type Result, type RunState } from "./run-state.ts";

/** A task as far as the order of tasks depends on it. */
export interface TaskOutline {
  readonly key: string;
  readonly dependsOn: readonly string[];
  /** Such as `ALL_SUCCESS`. */
  readonly runIf: string;
  readonly state: RunState;
  /** Somebody is at it. */
  readonly isStarted: boolean;
}

export interface TaskPlan {
  /** Tasks that can begin now. */
  readonly ready: readonly string[];
  /** Tasks that will not run, and as what they count. */
  readonly skipped: readonly { readonly key: string; readonly state: RunState }[];
}

/** Decides which tasks begin and which are left out, from how those before them ended. */
export function planTasks(tasks: readonly TaskOutline[]): TaskPlan {
  const waiting = tasks.filter(({ state, isStarted }) => !isStarted && !isOver(state));
  const due = waiting.flatMap((task) => {
    const before = tasks.filter(({ key }) => task.dependsOn.includes(key));
    if (!before.every(({ state }) => isOver(state))) return [];
    const results = before.flatMap(({ state }) => (state.result === undefined ? [] : [state.result]));
    return [{ key: task.key, result: leaveOut(task.runIf, results) }];
  });
  return {
    ready: due.flatMap(({ key, result }) => (result === undefined ? [key] : [])),
    skipped: due.flatMap(({ key, result }) =>
      result === undefined ? [] : [{ key, state: skipped(result) }],
    ),
  };
}

/** As what a task counts that does not run after these results; undefined where it runs. */
function leaveOut(runIf: string, results: readonly Result[]): Result | undefined {
  if (results.length === 0) return undefined;
  const isFailed = results.some((result) => failures.includes(result));
  const isCanceled = results.some((result) => cancellations.includes(result));
  switch (runIf) {
    case "ALL_DONE":
      return undefined;
    case "AT_LEAST_ONE_SUCCESS":
      return results.some((result) => successes.includes(result))
        ? undefined
        : upstream(isFailed, isCanceled);
    case "NONE_FAILED":
      return isFailed || isCanceled ? upstream(isFailed, isCanceled) : undefined;
    case "ALL_FAILED":
      return results.every((result) => failures.includes(result)) ? undefined : "EXCLUDED";
    case "AT_LEAST_ONE_FAILED":
      return isFailed ? undefined : "EXCLUDED";
    default:
      return results.every((result) => successes.includes(result))
        ? undefined
        : upstream(isFailed, isCanceled);
  }
}

const successes: readonly Result[] = ["SUCCESS", "SUCCESS_WITH_FAILURES"];
const failures: readonly Result[] = ["FAILED", "TIMEDOUT", "UPSTREAM_FAILED"];
const cancellations: readonly Result[] = ["CANCELED", "UPSTREAM_CANCELED"];

function upstream(isFailed: boolean, isCanceled: boolean): Result {
  if (isFailed) return "UPSTREAM_FAILED";
  return isCanceled ? "UPSTREAM_CANCELED" : "EXCLUDED";
}

function skipped(result: Result): RunState {
  const message = {
    UPSTREAM_FAILED: "An upstream task failed.",
    UPSTREAM_CANCELED: "An upstream task was canceled.",
  };
  const reason = result === "UPSTREAM_FAILED" || result === "UPSTREAM_CANCELED" ? message[result] : undefined;
  return {
    lifeCycle: "SKIPPED",
    result,
    code: "SKIPPED",
    message: reason ?? "The condition for the task to run was not met.",
  };
}
