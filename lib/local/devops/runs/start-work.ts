import { valueIn } from "../body.ts";
import { RefWatch, type RefMove } from "../git/ref-watch.ts";
import { completePullRequest, evaluate } from "../review/complete-pull-request.ts";
import { blockingOnes, policyTypeIds, type Evaluation } from "../review/policy-evaluation.ts";
import { findPullRequest, pullRequestsOf, type PullRequestRecord } from "../review/pull-request-record.ts";
import { latestValidation } from "../review/build-validation.ts";
import { refreshPullRequests } from "../review/refresh-pull-requests.ts";
import type { OpenOrganization } from "../state/open-organization.ts";
import type { Identity } from "../state/organization-state.ts";
import { ownerIdentity } from "../state/well-known-identities.ts";
import type { Work } from "../work.ts";
import { queueValidation } from "./queue-run.ts";
import { runsOf, type RunRecord } from "./run-record.ts";
import { noRunner, type Runner } from "./runner.ts";

export interface WorkOptions {
  readonly organization: OpenOrganization;
  /** Absent: pipelines are switched off, and only pull requests are looked after. */
  readonly runner?: Runner;
  /** Told about errors that are our own bugs. */
  readonly log: (text: string) => void;
}

/** Looks after pull requests, and lets pipelines run. */
export function startWork(options: WorkOptions): Work {
  return new OrganizationWork(options);
}

class OrganizationWork implements Work {
  readonly #organization: OpenOrganization;
  readonly #runner: Runner;
  readonly #log: (text: string) => void;
  readonly #watch: RefWatch;
  readonly #background = new Set<Promise<void>>();
  readonly #completing = new Set<number>();

  constructor({ organization, runner = noRunner, log }: WorkOptions) {
    this.#organization = organization;
    this.#runner = runner;
    this.#log = log;
    this.#watch = new RefWatch(organization);
    runner.onEnd((run) => this.#runEnded(run));
  }

  expectMoves(repositoryId: string): Promise<void> {
    return this.#watch.look(repositoryId);
  }

  async refsMoved(repositoryId: string, by: Identity): Promise<void> {
    const moves = await this.#watch.moves(repositoryId);
    const changed = await refreshPullRequests(this.#organization, repositoryId);
    for (const { id } of changed) await this.reviewChanged(id);
    if (this.#runner.isOn && moves.length > 0) this.#inBackground(this.#pushed(repositoryId, moves, by.id));
  }

  async reviewChanged(pullRequestId: number): Promise<void> {
    const request = findPullRequest(this.#organization, pullRequestId);
    if (request.status !== "active") return;
    if (this.#runner.isOn) await this.#queueValidations(request);
    await this.#completeWhereAsked(findPullRequest(this.#organization, pullRequestId));
  }

  begin(run: RunRecord): void {
    this.#runner.begin(run);
  }

  cancel(runId: number): void {
    this.#runner.cancel(runId);
  }

  approvalDecided(approvalId: string): void {
    this.#runner.approvalDecided(approvalId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#runner[Symbol.asyncDispose]();
    await Promise.all(this.#background);
  }

  async #pushed(repositoryId: string, moves: readonly RefMove[], byId: string): Promise<void> {
    for (const move of moves) await this.#runner.pushed(repositoryId, move, byId);
  }

  async #queueValidations(request: PullRequestRecord): Promise<void> {
    this.#cancelOutdated(request);
    for (const { policy } of (await evaluate(this.#organization, request)).filter(isUnasked)) {
      // Looked at again: another request may have queued it while git worked.
      if (latestValidation(this.#organization, request, policy) !== undefined) continue;
      const run = queueValidation(this.#organization, request, policy);
      if (run !== undefined) this.#runner.begin(run);
    }
  }

  #cancelOutdated({ id, projectId, sourceCommit }: PullRequestRecord): void {
    for (const run of runsOf(this.#organization, projectId)) {
      const isOld = run.pullRequest?.id === id && run.pullRequest.sourceCommit !== sourceCommit;
      if (isOld && run.runState !== "completed") this.#runner.cancel(run.id);
    }
  }

  async #completeWhereAsked(request: PullRequestRecord): Promise<void> {
    const { id, autoCompleteById, isDraft, merge, repositoryId } = request;
    const isAsked = autoCompleteById !== undefined && !isDraft && merge?.status === "succeeded";
    if (!isAsked || this.#completing.has(id)) return;
    this.#completing.add(id);
    try {
      if (blockingOnes(await evaluate(this.#organization, request)).length > 0) return;
      const by = this.#organization.identity(autoCompleteById) ?? ownerIdentity(this.#organization);
      await this.#watch.look(repositoryId);
      const isDone = await completePullRequest(this.#organization, request, by);
      if (isDone) await this.refsMoved(repositoryId, by);
    } finally {
      this.#completing.delete(id);
    }
  }

  #runEnded({ pullRequest }: RunRecord): void {
    if (pullRequest === undefined) return;
    const { id } = pullRequest;
    const isThere = pullRequestsOf(this.#organization).some((request) => request.id === id);
    if (isThere) this.#inBackground(this.reviewChanged(id));
  }

  #inBackground(job: Promise<void>): void {
    const done = job
      .catch((error: unknown) =>
        this.#log(error instanceof Error ? (error.stack ?? error.message) : String(error)),
      )
      .finally(() => {
        this.#organization.save();
        this.#background.delete(done);
      });
    this.#background.add(done);
  }
}

/** A build validation that begins by itself and has not been asked for in this state. */
function isUnasked({ policy, status, run }: Evaluation): boolean {
  return (
    policy.typeId === policyTypeIds.build &&
    status === "queued" &&
    run === undefined &&
    valueIn(policy.settings, "manualQueueOnly") !== true
  );
}
