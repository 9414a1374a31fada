import type { JobModel } from "../pipeline-model.ts";
import type { JobIdentity } from "./job-variables.ts";
import type { Programs } from "./programs.ts";
import type { RunState } from "./run-state.ts";
import type { RunPlace, RunResult } from "./run-types.ts";
import type { Variable, Variables } from "./variables.ts";

/** One job while it runs. */
export interface JobState {
  readonly run: RunState;
  readonly model: JobModel;
  readonly identity: JobIdentity;
  readonly at: RunPlace;
  readonly variables: Variables;
  /** What steps set for other jobs, by `step.variable`. */
  readonly outputs: Map<string, Variable>;
  /** Folders before those of PATH, the last one first. */
  readonly paths: string[];
  readonly programs: Programs;
  /** Aborted when the job is canceled or runs too long. */
  readonly signal: AbortSignal;
  /** Aborted when the time of the steps that run after that is over. */
  readonly afterwards: AbortSignal;
  /** What is left to do after the last step of a job that has succeeded. */
  readonly atEnd: (() => Promise<void>)[];
  /** What came of the steps so far. */
  result: RunResult;
}
