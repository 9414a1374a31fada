import { findDrift, type Drift } from "./find-drift.ts";
import { planUpdate } from "./plan-update.ts";
import type { PreparedUpdate } from "./prepare-update.ts";
import type { RepositoryState } from "./read-state.ts";
import type { RenderedTree } from "../template/rendered-tree.ts";
import type { Tree, UpdateEntry, UpdatePlan } from "./update-plan.ts";
import { checkPreconditions } from "./working-tree/check-preconditions.ts";
import { checkedChanges } from "./working-tree/checked-changes.ts";
import type { ModelRepository } from "./working-tree/model-repository.ts";
import { readWorkingTree, type WorkingTree } from "./working-tree/read-working-tree.ts";

/** An update of a work tree: what it will do, and what it starts from. */
export interface PlannedUpdate {
  readonly plan: UpdatePlan;
  readonly stateFiles: RenderedTree;
  readonly tree: WorkingTree;
  readonly drift: readonly Drift[];
}

/** Reads the work tree and plans the update of it; changes nothing and refuses nothing. */
export async function planWorkingTree(
  repository: ModelRepository,
  { input, stateAfter }: PreparedUpdate,
): Promise<PlannedUpdate> {
  const { base, theirs, theirsBefore } = input;
  const tree = await readWorkingTree(repository, { base, others: [theirs, theirsBefore] });
  const plan = planUpdate({ ...input, ours: tree.entries });
  return { plan, stateFiles: stateAfter(plan), tree, drift: findDrift(input, tree.entries) };
}

/** Refuses a planned update, with everything that is wrong at once; says whether it would change anything. */
export async function refuseUnready(
  repository: ModelRepository,
  {
    state,
    prepared,
    planned,
  }: {
    readonly state: RepositoryState;
    readonly prepared: PreparedUpdate;
    readonly planned: PlannedUpdate;
  },
): Promise<{ readonly hasChanges: boolean }> {
  await checkPreconditions({
    repository,
    tree: planned.tree,
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
