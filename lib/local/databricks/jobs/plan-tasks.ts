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

const successes: readonly Result[] = ["SUCCESS", "SUCCESS_WITH_FAILURES"];
const failures: readonly Result[] = ["FAILED", "TIMEDOUT", "UPSTREAM_FAILED"];
const cancellations: readonly Result[] = ["CANCELED", "UPSTREAM_CANCELED"];

/** As what a task counts that does not run after these results; undefined where it runs. */
function leaveOut(runIf: string, results: readonly Result[]): Result | undefined {
  const isGood = conditions[runIf] ?? allSucceeded;
  if (results.length === 0 || isGood(results)) return undefined;
  if (runIf === "ALL_FAILED" || runIf === "AT_LEAST_ONE_FAILED") return "EXCLUDED";
  if (hasAny(results, failures)) return "UPSTREAM_FAILED";
  return hasAny(results, cancellations) ? "UPSTREAM_CANCELED" : "EXCLUDED";
}

type Condition = (results: readonly Result[]) => boolean;

const conditions: Readonly<Record<string, Condition>> = {
  ALL_DONE: () => true,
  AT_LEAST_ONE_SUCCESS: (results) => hasAny(results, successes),
  NONE_FAILED: (results) => !hasAny(results, failures) && !hasAny(results, cancellations),
  ALL_FAILED: (results) => results.every((result) => failures.includes(result)),
  AT_LEAST_ONE_FAILED: (results) => hasAny(results, failures),
};

function allSucceeded(results: readonly Result[]): boolean {
  return results.every((result) => successes.includes(result));
}

function hasAny(results: readonly Result[], wanted: readonly Result[]): boolean {
  return results.some((result) => wanted.includes(result));
}

function skipped(result: Result): RunState {
  return { lifeCycle: "SKIPPED", result, code: "SKIPPED", message: messages[result] ?? conditionNotMet };
}

const conditionNotMet = "The condition for the task to run was not met.";
const messages: Partial<Record<Result, string>> = {
  UPSTREAM_FAILED: "An upstream task failed.",
  UPSTREAM_CANCELED: "An upstream task was canceled.",
};
