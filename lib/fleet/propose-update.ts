import { createHash } from "node:crypto";
import type { PullRequest, PullRequestContent, PullRequestHealth } from "../devops/pull-requests.ts";
import { writeCommit } from "../git/write-commit.ts";
import type { CentralTemplates } from "../update/central-templates.ts";
import type { PlannedCommit } from "../update/plan-commit.ts";
import { countsSentence, countVerdicts } from "../update/count-verdicts.ts";
import type { FleetOutcome } from "./fleet-row.ts";
import type { OpenRepository } from "./open-repository.ts";
import { pullRequestContent, updateMarker } from "./proposal-text.ts";
import { readTrailers, updateBranch, updateMessage, type UpdateTrailers } from "./update-branch.ts";

/** The pull requests from a repository's branch of updates to its default branch. */
export interface PullRequestService {
  /** Newest first, open or closed. */
  list(): Promise<readonly PullRequest[]>;
  open(content: PullRequestContent): Promise<PullRequest>;
  change(id: number, content: PullRequestContent): Promise<PullRequest>;
  health(id: number): Promise<PullRequestHealth>;
  /** Refuses where the platform's repository of templates is not there, or lacks the tag. */
  requireTemplates(wanted: CentralTemplates): Promise<void>;
}

export interface ProposalOptions {
  /** Absent: only the branch is written. */
  readonly service: PullRequestService | undefined;
  /** Looks, and writes nothing. */
  readonly isDryRun: boolean;
  /** Who signs: `Name <mail>`. */
  readonly signature: string;
  /** The change log from the old version to the new one. */
  readonly changes: string;
  /** Below the root of the repository: empty, or with a slash at the end. */
  readonly prefix: string;
  /** Takes one of the pull requests that may still be opened; false where none is left. */
  readonly takeSlot: () => boolean;
}

export interface Proposal {
  readonly outcome: FleetOutcome;
  readonly pullRequest?: { readonly id: number; readonly url: string };
  readonly reason?: string;
}

/**
 * Brings a planned update before the owners of a repository: a commit on the branch of updates, and a pull request for it.
 * The same update is never proposed twice, one that an owner closed not again, and a branch that people work on is theirs.
 */
export async function proposeUpdate(
  repository: OpenRepository,
  planned: PlannedCommit,
  options: ProposalOptions,
): Promise<Proposal> {
  if (planned.changes.length === 0) return { outcome: "current" };
  const found = await readSituation(repository, options);
  const key = updateKey(planned);
  const left = reasonToLeave(found, planned) ?? alreadyProposed(found, key, options);
  if (left !== undefined) return left;
  await requireTemplates(planned, options);
  if (options.isDryRun) return { outcome: "planned", ...linkOf(found.open) };
  if (found.open === undefined && options.service !== undefined && !options.takeSlot())
    return { outcome: "postponed", reason: "As many updates are open as --max-open-prs allows." };
  if (found.trailers?.key !== key) await push(repository, planned, { key, ...options });
  return await openOrChange(planned, found.open, options);
}

/** No pipeline of the pull request could run without them. */
async function requireTemplates(
  { centralTemplates }: PlannedCommit,
  { service }: ProposalOptions,
): Promise<void> {
  if (centralTemplates !== undefined) await service?.requireTemplates(centralTemplates);
}

/** What of earlier updates there is. */
interface Situation {
  readonly requests: readonly PullRequest[];
  readonly open: PullRequest | undefined;
  /** Of the newest commit of the branch, where it is ours. */
  readonly trailers: UpdateTrailers | undefined;
  /** Somebody else made the newest commit of the branch, and it is not merged. */
  readonly isTakenOver: boolean;
}

async function readSituation(
  { reader, current }: OpenRepository,
  { service }: ProposalOptions,
): Promise<Situation> {
  const requests = (await service?.list()) ?? [];
  const open = requests.find(({ status }) => status === "active");
  if (current === undefined) return { requests, open, trailers: undefined, isTakenOver: false };
  const trailers = readTrailers((await reader.read(current))?.bytes ?? new Uint8Array());
  const isMerged = requests.some(
    ({ status, sourceCommit }) => status === "completed" && sourceCommit === current,
  );
  return { requests, open, trailers, isTakenOver: trailers === undefined && !isMerged };
}

function reasonToLeave(
  { requests, open, isTakenOver }: Situation,
  planned: PlannedCommit,
): Proposal | undefined {
  if (isTakenOver)
    return {
      outcome: "taken-over",
      ...linkOf(open),
      reason: `People have committed on the branch ${updateBranch}; merge it, or delete it.`,
    };
  const marker = updateMarker(planned);
  const declined = requests.find(
    ({ status, description }) => status === "abandoned" && description.startsWith(marker),
  );
  if (open !== undefined || declined === undefined) return undefined;
  return { outcome: "declined", ...linkOf(declined), reason: "The owner closed this update." };
}

function alreadyProposed(
  { trailers, open }: Situation,
  key: string,
  { service }: ProposalOptions,
): Proposal | undefined {
  if (trailers?.key !== key || (service !== undefined && open === undefined)) return undefined;
  return { outcome: "waiting", ...linkOf(open) };
}

function linkOf(request: PullRequest | undefined): Pick<Proposal, "pullRequest"> {
  return request === undefined ? {} : { pullRequest: { id: request.id, url: request.url } };
}

/** The same for the same changes of the same files, whatever else the default branch has by now. */
function updateKey({ to, targetSha256, changes }: PlannedCommit): string {
  const hash = createHash("sha256").update(`${to} ${targetSha256}\n`);
  for (const { path, before, after } of changes) {
    hash.update(`${path}\0`);
    for (const entry of [before, after]) {
      hash.update(`${entry?.mode ?? ""} ${entry?.bytes.length ?? ""}\0`);
      if (entry !== undefined) hash.update(entry.bytes);
    }
  }
  return hash.digest("hex");
}

async function push(
  repository: OpenRepository,
  planned: PlannedCommit,
  { key, signature, prefix }: ProposalOptions & { readonly key: string },
): Promise<void> {
  const { to, plan, changes } = planned;
  const files = `Files: ${countsSentence(countVerdicts(plan.entries))}.`;
  const { title } = contentOf(planned, "");
  const commit = await writeCommit(repository.gitFolder, {
    ref: repository.draftRef,
    parent: repository.head,
    message: updateMessage(title, files, { version: to, key }),
    signature,
    date: new Date(),
    deleted: changes.flatMap(({ path, after }) => (after === undefined ? [prefix + path] : [])),
    written: changes.flatMap(({ path, after }) =>
      after === undefined ? [] : [{ ...after, path: prefix + path }],
    ),
  });
  await repository.publish(commit);
}

async function openOrChange(
  planned: PlannedCommit,
  open: PullRequest | undefined,
  { service, changes }: ProposalOptions,
): Promise<Proposal> {
  if (service === undefined) return { outcome: "proposed" };
  const content = contentOf(planned, changes);
  const { id, url } =
    open === undefined ? await service.open(content) : await service.change(open.id, content);
  return { outcome: open === undefined ? "proposed" : "renewed", pullRequest: { id, url } };
}

function contentOf({ plan, ...planned }: PlannedCommit, changes: string): PullRequestContent {
  return pullRequestContent({ ...planned, entries: plan.entries, changes });
}
