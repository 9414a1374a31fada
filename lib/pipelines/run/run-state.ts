import { availableParallelism } from "node:os";
import { join } from "node:path";
import { SecretMasker } from "./masker.ts";
import { RunReport } from "./run-report.ts";
import type { RunRequest, RunResult } from "./run-types.ts";
import { Limit } from "./schedule.ts";
import type { Variable } from "./variables.ts";

/** How a job ended, as others ask about it. */
export interface EndedJob {
  readonly result: RunResult;
  /** By `step.variable`; of a deployment with its own name before it. */
  readonly outputs: ReadonlyMap<string, Variable>;
}

/** What all stages and jobs of a run share. */
export interface RunState {
  readonly request: RunRequest;
  readonly masker: SecretMasker;
  readonly report: RunReport;
  /** Begins a job when an agent would be free. */
  readonly runOnAgent: <T>(job: () => Promise<T>) => Promise<T>;
  /** Jobs that have ended, by the names of their stage and their own. */
  readonly ended: Map<string, Map<string, EndedJob>>;
  readonly artifacts: Map<string, string>;
  readonly tags: Set<string>;
  readonly counters: Map<string, number>;
  readonly startTime: Date;
  number: string;
}

const mostJobs = 4;

/** As many jobs as this machine runs well at a time. */
export function machineLimit(): Limit {
  return new Limit(Math.min(mostJobs, Math.max(2, availableParallelism())));
}

export function createRunState(request: RunRequest): RunState {
  const masker = new SecretMasker();
  for (const group of Object.values(request.groups)) {
    for (const { value, isSecret } of Object.values(group)) if (isSecret) masker.add(value);
  }
  for (const name of ["System.AccessToken", ...(request.secretNames ?? [])]) {
    const secret = request.variables[name];
    if (secret !== undefined) masker.add(secret);
  }
  const startTime = new Date();
  const { agents = machineLimit() } = request;
  return {
    request,
    masker,
    report: new RunReport({ masker, tell: request.report, logs: join(request.folder, "logs") }),
    runOnAgent: (job) => agents.run(job, request.signal),
    ended: new Map(),
    artifacts: new Map(),
    tags: new Set(),
    counters: new Map(),
    startTime,
    number:
      request.variables["Build.BuildNumber"] ??
      `${startTime.toISOString().slice(0, 10).replaceAll("-", "")}.1`,
  };
}
