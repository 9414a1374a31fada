import { isObject, type JsonObject } from "../../devops/body.ts";
import { isRunState, type RunState } from "./run-state.ts";

/** One task of a run, with a run id of its own. */
export interface TaskRun {
  readonly runId: number;
  readonly key: string;
  readonly state: RunState;
  readonly startTime: number;
  /** When its code began to run. */
  readonly executionTime?: number;
  readonly endTime?: number;
  readonly clusterId?: string;
}

export interface RunRecord {
  /** The number as text. */
  readonly id: string;
  readonly runId: number;
  /** Of the job; the run's own number for a single run. */
  readonly jobId: number;
  readonly name: string;
  readonly type: "JOB_RUN" | "SUBMIT_RUN";
  /** The settings as they were when the run began. */
  readonly settings: JsonObject;
  /** What the caller gave for this run: `notebook_params`, `job_parameters` … */
  readonly overrides: JsonObject;
  readonly idempotencyToken?: string;
  readonly state: RunState;
  readonly tasks: readonly TaskRun[];
  readonly startTime: number;
  readonly endTime?: number;
}

/** The outline only. */
export function isRunRecord(value: unknown): value is RunRecord {
  return (
    isObject(value) &&
    typeof value["id"] === "string" &&
    typeof value["runId"] === "number" &&
    typeof value["jobId"] === "number" &&
    isObject(value["settings"]) &&
    isObject(value["overrides"]) &&
    isRunState(value["state"]) &&
    Array.isArray(value["tasks"]) &&
    value["tasks"].every((task: unknown) => isObject(task) && isRunState(task["state"]))
  );
}
