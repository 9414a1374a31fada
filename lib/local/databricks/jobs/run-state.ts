import { isObject } from "../../devops/body.ts";

export const lifeCycles = [
  "QUEUED",
  "PENDING",
  "BLOCKED",
  "RUNNING",
  "TERMINATING",
  "TERMINATED",
  "SKIPPED",
  "INTERNAL_ERROR",
] as const;
export type LifeCycle = (typeof lifeCycles)[number];

export type Result =
  | "SUCCESS"
  | "SUCCESS_WITH_FAILURES"
  | "FAILED"
  | "TIMEDOUT"
  | "CANCELED"
  | "EXCLUDED"
  | "UPSTREAM_FAILED"
  | "UPSTREAM_CANCELED"
  | "MAXIMUM_CONCURRENT_RUNS_REACHED";

/** Why a run or task ended, in the words of the newer form of the state. */
export type TerminationCode =
  | "SUCCESS"
  | "SUCCESS_WITH_FAILURES"
  | "RUN_EXECUTION_ERROR"
  | "CLUSTER_ERROR"
  | "LIBRARY_INSTALLATION_ERROR"
  | "RESOURCE_NOT_FOUND"
  | "INVALID_RUN_CONFIGURATION"
  | "USER_CANCELED"
  | "CANCELED"
  | "SKIPPED"
  | "MAX_CONCURRENT_RUNS_EXCEEDED"
  | "INTERNAL_ERROR";

/** Where a run or a task of a run is in its life. */
export interface RunState {
  readonly lifeCycle: LifeCycle;
  /** Of what has ended. */
  readonly result?: Result;
  readonly code?: TerminationCode;
  readonly message: string;
}

export const pending: RunState = { lifeCycle: "PENDING", message: "" };
export const succeeded: RunState = {
  lifeCycle: "TERMINATED",
  result: "SUCCESS",
  code: "SUCCESS",
  message: "",
};
export const canceled: RunState = {
  lifeCycle: "TERMINATED",
  result: "CANCELED",
  code: "USER_CANCELED",
  message: "Run cancelled.",
};
export const timedOut: RunState = {
  lifeCycle: "TERMINATED",
  result: "TIMEDOUT",
  code: "CANCELED",
  message: "Run timed out.",
};

/** The task never came to run its code. */
export function notRun(code: TerminationCode, message: string): RunState {
  return { lifeCycle: "INTERNAL_ERROR", result: "FAILED", code, message };
}

/** Whether it has ended and will not change any more. */
export function isOver({ lifeCycle }: RunState): boolean {
  return lifeCycle === "TERMINATED" || lifeCycle === "SKIPPED" || lifeCycle === "INTERNAL_ERROR";
}

/** The state in both forms that the service gives. */
export function stateBody(state: RunState): object {
  const { lifeCycle, result, code = "SUCCESS", message } = state;
  const wasStopped = result === "CANCELED" || result === "TIMEDOUT";
  return {
    state: {
      life_cycle_state: lifeCycle,
      ...(result === undefined ? {} : { result_state: result }),
      state_message: message,
      user_cancelled_or_timedout: wasStopped,
    },
    status: isOver(state)
      ? { state: "TERMINATED", termination_details: { code, type: typeOf(code), message } }
      : { state: lifeCycle },
  };
}

/** The outline only. */
export function isRunState(value: unknown): value is RunState {
  return (
    isObject(value) &&
    lifeCycles.some((lifeCycle) => lifeCycle === value["lifeCycle"]) &&
    typeof value["message"] === "string"
  );
}

function typeOf(code: TerminationCode): string {
  if (code === "SUCCESS" || code === "SUCCESS_WITH_FAILURES") return "SUCCESS";
  return code === "INTERNAL_ERROR" ? "INTERNAL_ERROR" : "CLIENT_ERROR";
}
