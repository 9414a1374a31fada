import { ServiceError } from "../service-error.ts";
import type { Organization } from "../state/organization.ts";
import type { StoredRecord } from "../state/organization-state.ts";

export type RunReason =
  | "manual"
  | "individualCI"
  | "batchedCI"
  | "pullRequest"
  | "resourceTrigger"
  | "schedule";

/** A variable that was given when the run was queued. */
export interface QueuedVariable {
  readonly value: string;
  readonly isSecret: boolean;
}

/** What a pull request was when its validation was queued. */
export interface RunPullRequest {
  readonly id: number;
  /** The policy that asked for the run. */
  readonly policyId: number;
  readonly sourceCommit: string;
  readonly targetCommit: string;
}

export interface RunIssue {
  readonly kind: "error" | "warning";
  readonly message: string;
}

export interface RunRecord extends StoredRecord {
  readonly id: number;
  readonly projectId: string;
  readonly pipelineId: number;
  /** `20260131.2`, or what the pipeline's `name` makes of it. */
  readonly runNumber: string;
  readonly runState: "notStarted" | "inProgress" | "cancelling" | "completed";
  /** There once it is completed. */
  readonly result?: "succeeded" | "partiallySucceeded" | "failed" | "canceled";
  readonly reason: RunReason;
  readonly repositoryId: string;
  /** Full ref. */
  readonly branch: string;
  readonly commit: string;
  readonly requestedForId: string;
  readonly requestedById: string;
  readonly queuedOn: string;
  readonly startedOn?: string;
  readonly finishedOn?: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly variables: Readonly<Record<string, QueuedVariable>>;
  readonly stagesToSkip: readonly string[];
  readonly pullRequest?: RunPullRequest;
  /** The runs that its pipeline resources stand for, by alias. */
  readonly pipelineRuns: Readonly<Record<string, number>>;
  readonly triggeredById?: number;
  /** Folders by the names of the artifacts. */
  readonly artifacts: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
  /** What is to say about the run as a whole, such as why its YAML cannot be used. */
  readonly issues: readonly RunIssue[];
}

export const runKind = "run";

/** Whether a record is a run. */
export function isRun(record: StoredRecord): record is RunRecord {
  return "runState" in record && "pipelineId" in record;
}

/** The runs of a project, oldest first. */
export function runsOf(organization: Organization, projectId: string): readonly RunRecord[] {
  return organization.list(runKind, isRun).filter((run) => run.projectId === projectId);
}

/** A run of a project by its number, of a pipeline where one is named; throws the service's 404. */
export function findRun(
  organization: Organization,
  projectId: string,
  number: string | undefined,
): RunRecord {
  const run = runsOf(organization, projectId).find(({ id }) => String(id) === number);
  if (run !== undefined) return run;
  throw new ServiceError(
    404,
    "BuildNotFoundException",
    `The requested build ${number ?? ""} could not be found.`,
  );
}

/** Changes a run as it is now; one that is gone with its project stays so. */
export function changeRun(
  organization: Organization,
  id: number,
  change: (now: RunRecord) => Partial<RunRecord>,
): void {
  const now = organization.list(runKind, isRun).find((run) => run.id === id);
  if (now !== undefined) {
    const changed: RunRecord = { ...now, ...change(now) };
    organization.put(runKind, changed);
  }
}
