import { isRepository, repositoryKind } from "../routes/repository-record.ts";
import { ServiceError } from "../service-error.ts";
import type { Organization } from "../state/organization.ts";
import type { StoredRecord } from "../state/organization-state.ts";

export type MergeStrategy = "noFastForward" | "squash" | "rebase" | "rebaseMerge";

export interface CompletionOptions {
  readonly mergeStrategy?: MergeStrategy;
  readonly mergeCommitMessage?: string;
  readonly deleteSourceBranch?: boolean;
  readonly bypassPolicy?: boolean;
  readonly bypassReason?: string;
  readonly transitionWorkItems?: boolean;
  readonly autoCompleteIgnoreConfigIds?: readonly number[];
}

export interface Reviewer {
  readonly id: string;
  /** 10 approved, 5 approved with suggestions, 0 none, -5 waits for the author, -10 rejected. */
  readonly vote: number;
  readonly isRequired: boolean;
  readonly isFlagged: boolean;
  readonly hasDeclined: boolean;
}

/** One state of the source branch that a pull request has had. */
export interface Iteration {
  readonly id: number;
  readonly createdDate: string;
  readonly sourceCommit: string;
  readonly targetCommit: string;
  readonly reason: "create" | "push";
}

/** How the branches merge now. */
export type MergeState =
  | { readonly status: "succeeded"; readonly commit: string }
  | { readonly status: "conflicts" | "failure"; readonly message?: string };

export interface PullRequestRecord extends StoredRecord {
  readonly id: number;
  readonly projectId: string;
  readonly repositoryId: string;
  readonly title: string;
  readonly description: string | undefined;
  /** Full refs. */
  readonly sourceRef: string;
  readonly targetRef: string;
  readonly status: "active" | "abandoned" | "completed";
  readonly isDraft: boolean;
  readonly createdById: string;
  readonly creationDate: string;
  readonly closedDate?: string;
  readonly closedById?: string;
  readonly mergeId: string;
  readonly sourceCommit: string;
  readonly targetCommit: string;
  /** Absent once it is abandoned. */
  readonly merge?: MergeState;
  readonly reviewers: readonly Reviewer[];
  readonly autoCompleteById?: string;
  readonly completionOptions?: CompletionOptions;
  readonly completionQueueTime?: string;
  readonly iterations: readonly Iteration[];
  readonly labels: readonly string[];
  readonly workItemIds: readonly string[];
}

export const pullRequestKind = "pull-request";

/** Whether a record is a pull request. */
export function isPullRequest(record: StoredRecord): record is PullRequestRecord {
  return "sourceRef" in record && "reviewers" in record;
}

/** The pull requests of all repositories that are there and enabled, in the order of their creation. */
export function pullRequestsOf(organization: Organization): readonly PullRequestRecord[] {
  const living = organization
    .list(repositoryKind, isRepository)
    .filter(({ deletedDate, isDisabled }) => deletedDate === undefined && !isDisabled);
  const ids = new Set(living.map(({ id }) => id));
  return organization
    .list(pullRequestKind, isPullRequest)
    .filter(({ repositoryId }) => ids.has(repositoryId));
}

/** A pull request by its number, of a repository where one is named; throws the service's 404. */
export function findPullRequest(
  organization: Organization,
  number: string | number,
  repositoryId?: string,
): PullRequestRecord {
  const found = pullRequestsOf(organization).find(
    ({ id, repositoryId: own }) => String(id) === String(number) && (repositoryId ?? own) === own,
  );
  if (found !== undefined) return found;
  throw new ServiceError(
    404,
    "GitPullRequestNotFoundException",
    `TF401180: The requested pull request was not found.`,
  );
}

/** Changes a pull request as it is now, which may be newer than what the caller has read. */
export function changePullRequest(
  organization: Organization,
  id: number,
  change: (now: PullRequestRecord) => PullRequestRecord,
): PullRequestRecord {
  const changed = change(findPullRequest(organization, id));
  organization.put(pullRequestKind, changed);
  return changed;
}
