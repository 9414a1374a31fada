import { randomUUID } from "node:crypto";
import { updateUnfinished } from "../../errors/catalogue/update.ts";
import { headCommit, type IndexEntry } from "../../git/read-index.ts";
import type { RenderedTree } from "../../template/rendered-tree.ts";
import type { UpdatePlan } from "../update-plan.ts";
import { allDone } from "./all-done.ts";
import type { Change } from "./changes.ts";
import { checkedChanges } from "./checked-changes.ts";
import { indexLines } from "./index-lines.ts";
import { readIndexSince, type IndexSnapshot } from "./index-snapshot.ts";
import { journalPlaces, markOf, writeJournal, type Journal } from "./journal.ts";
import type { UpdateLock } from "./lock.ts";
import type { ModelRepository } from "./model-repository.ts";
import { asWriteError, goBack, goForward, isUnfinished, tidy } from "./directions.ts";
import { stageChanges } from "./stage-changes.ts";

export interface Update {
  readonly plan: UpdatePlan;
  /** The files under `.eac-model/` as they are after the update. */
  readonly stateFiles: RenderedTree;
  /** The index that the plan was made with; it is not read again where it is still the same. */
  readonly tree?: IndexSnapshot;
}

/** What an update did to the work tree. */
export interface AppliedUpdate {
  readonly written: readonly string[];
  readonly deleted: readonly string[];
  /** Paths that git shows as unmerged. */
  readonly conflicts: readonly string[];
}

/**
 * Brings the work tree to what the plan says: wholly, or not at all where anything refuses.
 * Killed in the middle, `recoverUpdate` finishes it. Nothing is written outside the model's folder, nor through a link.
 */
export async function applyUpdate(lock: UpdateLock, update: Update): Promise<AppliedUpdate> {
  const { repository } = lock;
  if (isUnfinished(repository)) throw updateUnfinished();
  const changes = checkedChanges(repository, update);
  const conflicts = update.plan.entries
    .filter(({ conflict }) => conflict !== undefined)
    .map(({ path }) => path);
  if (changes.length > 0 || conflicts.length > 0) await write(repository, { update, changes, conflicts });
  return {
    written: changes.filter(({ after }) => after !== undefined).map(({ path }) => path),
    deleted: changes.filter(({ after }) => after === undefined).map(({ path }) => path),
    conflicts,
  };
}

interface Work {
  readonly update: Update;
  readonly changes: readonly Change[];
  readonly conflicts: readonly string[];
}

async function write(repository: ModelRepository, work: Work): Promise<void> {
  const journal = await prepare(repository, work);
  try {
    await writeJournal(repository, journal);
    await goForward(repository, journal);
  } catch (error) {
    throw await goBack(repository, journal, error);
  }
  await tidy(repository);
}

/** Everything that takes room on the disk happens here, before the first file of the tree changes. */
async function prepare(repository: ModelRepository, { update, changes, conflicts }: Work): Promise<Journal> {
  const { folder } = journalPlaces(repository);
  try {
    await repository.disk.removeTree(folder);
    await repository.disk.makeFolder(folder);
    const [{ head, entries }] = await together(
      readGit(repository, update.tree),
      stageChanges(repository, changes),
    );
    const index = await indexLines(repository, { entries, plan: update.plan, changes });
    return {
      token: randomUUID(),
      head,
      steps: changes.map(({ path, before, after }) => ({
        path,
        before: before && markOf(before),
        after: after && markOf(after),
      })),
      conflicts,
      indexBefore: index.before,
      indexAfter: index.after,
    };
  } catch (error) {
    throw asWriteError(error);
  }
}

interface GitState {
  readonly head: string;
  readonly entries: readonly IndexEntry[];
}

async function readGit(repository: ModelRepository, known: IndexSnapshot | undefined): Promise<GitState> {
  const [entries, head] = await together(readIndexSince(repository, known), headCommit(repository.folder));
  return { entries, head: head ?? "" };
}

/** Both at the same time; where one fails, the other one is waited for first. */
async function together<A, B>(first: Promise<A>, second: Promise<B>): Promise<readonly [A, B]> {
  await allDone([first, second]);
  return [await first, await second];
}
