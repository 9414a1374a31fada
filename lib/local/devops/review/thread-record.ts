import type { JsonObject } from "../body.ts";
import type { Organization } from "../state/organization.ts";
import type { StoredRecord } from "../state/organization-state.ts";

export interface CommentRecord {
  readonly id: number;
  readonly parentId: number;
  readonly authorId: string;
  readonly content: string;
  readonly type: "text" | "system" | "codeChange";
  readonly publishedDate: string;
  readonly updatedDate: string;
  readonly isDeleted: boolean;
}

/** Comments of a pull request that belong together. */
export interface ThreadRecord extends StoredRecord {
  /** `<pull request>/<number>`. */
  readonly id: string;
  readonly pullRequestId: number;
  readonly number: number;
  /** Absent where there is nothing to resolve. */
  readonly threadStatus?: string;
  readonly threadContext: JsonObject | undefined;
  readonly publishedDate: string;
  readonly updatedDate: string;
  readonly comments: readonly CommentRecord[];
}

export const threadKind = "pull-request-thread";

/** The threads of a pull request in the order of their creation. */
export function threadsOf(organization: Organization, pullRequestId: number): readonly ThreadRecord[] {
  return organization.list(threadKind, isThread).filter((thread) => thread.pullRequestId === pullRequestId);
}

/** Whether a thread waits for somebody to resolve it. */
export function isUnresolved({ threadStatus, comments }: ThreadRecord): boolean {
  const isOpen = threadStatus === "active" || threadStatus === "pending";
  return isOpen && comments.some(({ isDeleted }) => !isDeleted);
}

function isThread(record: StoredRecord): record is ThreadRecord {
  return "threadContext" in record && "comments" in record;
}
