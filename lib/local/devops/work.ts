import type { RunRecord } from "./runs/run-record.ts";
import type { Identity } from "./state/organization-state.ts";

/** What the organisation does by itself besides answering requests. */
export interface Work extends AsyncDisposable {
  /** Notes where the refs of a repository are before something moves them. */
  expectMoves(repositoryId: string): Promise<void>;
  /** Brings pull requests up to date after refs moved, and lets pipelines begin in the background. */
  refsMoved(repositoryId: string, by: Identity): Promise<void>;
  /** Queues the builds that a pull request needs now, and completes it where that was asked for and nothing is missing. */
  reviewChanged(pullRequestId: number): Promise<void>;
  /** Begins a run that was just recorded; where pipelines are switched off it stays queued. */
  begin(run: RunRecord): void;
  /** Ends a run; one that has ended is left as it is. */
  cancel(runId: number): void;
  /** Tells whoever waits for an approval that it was decided. */
  approvalDecided(approvalId: string): void;
}
