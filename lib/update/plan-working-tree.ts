import { untrackedPaths, type IndexEntry } from "../git/read-index.ts";
import { findDrift, type Drift } from "./find-drift.ts";
import { moveOwnFiles } from "./move-own-files.ts";
import { planUpdate } from "./plan-update.ts";
import type { PreparedUpdate } from "./prepare-update.ts";
import type { RepositoryState } from "./read-state.ts";
import { refusePresent } from "./released-paths.ts";
import type { RenderedTree } from "../template/rendered-tree.ts";
import type { EntryMode, Rename, Tree, UpdateEntry, UpdatePlan } from "./update-plan.ts";
import { checkPreconditions } from "./working-tree/check-preconditions.ts";
import { checkedChanges } from "./working-tree/checked-changes.ts";
import type { IndexSnapshot } from "./working-tree/index-snapshot.ts";
import type { ModelRepository } from "./working-tree/model-repository.ts";
import { isReachable } from "./working-tree/reachable.ts";
import { readEntry } from "./working-tree/read-entry.ts";
import { readWorkingTree, type WorkingTree } from "./working-tree/read-working-tree.ts";

/** An update of a work tree: what it will do, and what it starts from. */
export interface PlannedUpdate {
  readonly plan: UpdatePlan;
  readonly stateFiles: RenderedTree;
  readonly tree: WorkingTree;
  readonly drift: readonly Drift[];
  /** Files that git does not know in a folder that gets another name: they stay there. */
  readonly leftBehind: readonly string[];
}

/** Reads the work tree and plans the update of it; changes nothing and refuses nothing. */
export async function planWorkingTree(
  repository: ModelRepository,
  { input, movedFolders, stateAfter }: PreparedUpdate,
  reading: { readonly snapshot?: Promise<IndexSnapshot> } = {},
): Promise<PlannedUpdate> {
  const { base, theirs, theirsBefore } = input;
  const trees = [base, theirs, theirsBefore];
  const tree = await readWorkingTree(repository, { base, others: trees.slice(1), ...reading });
  const own = readOwnFiles(repository, { tree, trees, folders: movedFolders });
  const plan = moveOwnFiles(planUpdate({ ...input, ours: tree.entries }), { folders: movedFolders, own });
  const drift = findDrift(input, tree.entries);
  const leftBehind = await findLeftBehind(repository, { folders: movedFolders, plan });
  return { plan, stateFiles: stateAfter(plan), tree, drift, leftBehind };
}

/** Only what git knows: what is not tracked is not part of the repository. */
function readOwnFiles(
  { folder, hasFileModes }: ModelRepository,
  {
    tree,
    trees,
    folders,
  }: { readonly tree: WorkingTree; readonly trees: readonly Tree[]; readonly folders: readonly Rename[] },
): Tree {
  const entries = tree.index
    .filter(({ path, stage }) => stage === 0 && folders.some(({ from }) => path.startsWith(from)))
    .filter(({ path }) => !trees.some((other) => other.has(path)) && isReachable(folder, path))
    .flatMap(({ path, mode }) => {
      const entry = readEntry(folder, path);
      if (entry === undefined) return [];
      return [hasFileModes || entry.mode === "120000" ? entry : { ...entry, mode: fileMode(mode) }];
    });
  return new Map(entries.map((entry) => [entry.path, entry]));
}

async function findLeftBehind(
  { folder }: ModelRepository,
  { folders, plan }: { readonly folders: readonly Rename[]; readonly plan: UpdatePlan },
): Promise<readonly string[]> {
  if (folders.length === 0) return [];
  const taken = new Set(plan.entries.flatMap(({ path, movedFrom }) => [path, movedFrom]));
  return (await untrackedPaths(folder)).filter(
    (path) => folders.some(({ from }) => path.startsWith(from)) && !taken.has(path),
  );
}

function fileMode(mode: string): EntryMode {
  return mode === "100755" ? "100755" : "100644";
}

/** Refuses a planned update, with everything that is wrong at once; says whether it would change anything. */
export async function refuseUnready(
  repository: ModelRepository,
  {
    state,
    prepared,
    planned,
    head,
  }: {
    readonly state: RepositoryState;
    readonly prepared: PreparedUpdate;
    readonly planned: PlannedUpdate;
    /** What the newest commit holds below the model's folder. */
    readonly head: readonly IndexEntry[];
  },
): Promise<{ readonly hasChanges: boolean }> {
  refusePresent({ state, input: prepared.input }, planned.plan);
  await checkPreconditions({
    repository,
    tree: planned.tree,
    head,
    manifest: state.manifest,
    paths: involvedPaths(prepared.input, planned.plan),
  });
  return { hasChanges: checkedChanges(repository, planned).length > 0 };
}

/** What the platform manages, and whatever else the plan changes; the team's work on its own files is no concern. */
function involvedPaths(
  { base, theirs, ownerOf, released }: PreparedUpdate["input"],
  { entries }: UpdatePlan,
): ReadonlySet<string> {
  const managed = pathsOf([base, theirs]).filter(
    (path) => ownerOf(path) === "platform" && !released.has(path),
  );
  return new Set([...managed, ...entries.flatMap((entry) => changedPaths(entry))]);
}

function pathsOf(trees: readonly Tree[]): readonly string[] {
  return trees.flatMap((tree) => [...tree.keys()]);
}

function changedPaths({ path, movedFrom, before, after, conflict }: UpdateEntry): readonly string[] {
  if (before === after && conflict === undefined && movedFrom === undefined) return [];
  return movedFrom === undefined ? [path] : [path, movedFrom];
}
