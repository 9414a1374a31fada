import { notReady } from "../../errors/catalogue/update.ts";
import type { Problem } from "../../errors/eac-error.ts";
import type { IndexEntry } from "../../git/read-index.ts";
import type { Manifest } from "../manifest.ts";
import { statePaths } from "../state-paths.ts";
import { findDirty } from "./find-dirty.ts";
import { findLeftoverConflicts } from "./find-leftover-conflicts.ts";
import type { ModelRepository } from "./model-repository.ts";
import type { WorkingTree } from "./read-working-tree.ts";

export interface Preconditions {
  readonly repository: ModelRepository;
  readonly tree: WorkingTree;
  /** What the newest commit holds below the model's folder. */
  readonly head: readonly IndexEntry[];
  readonly manifest: Manifest;
  /** The paths that the update is about: it starts from what is committed there. The state files are added. */
  readonly paths: Iterable<string>;
}

/** Refuses, with everything that is wrong at once, where an update could lose or mix up work; changes nothing. */
export async function checkPreconditions(preconditions: Preconditions): Promise<void> {
  const { repository, tree, head } = preconditions;
  const managed = new Set([...preconditions.paths, statePaths.manifest, statePaths.baseline]);
  const leftover = findLeftover(preconditions, managed);
  const known = new Set(leftover.map(({ path }) => path));
  const { index, entries } = tree;
  const dirty = await findDirty(repository, { index, entries, head, paths: managed });
  const problems = [...tree.problems, ...leftover, ...dirty.filter(({ path }) => !known.has(path))];
  if (problems.length > 0) throw notReady(problems);
}

/** Conflicts that nobody resolved: unmerged for git, with our markers, or with the template's copy still beside the file. */
function findLeftover(
  { repository, tree, manifest }: Preconditions,
  managed: ReadonlySet<string>,
): readonly Problem[] {
  const unmerged = new Set(tree.index.filter(({ stage }) => stage > 0).map(({ path }) => path));
  const asked = new Set([...managed, ...manifest.unresolved]);
  const problems = [...asked]
    .filter((path) => unmerged.has(path))
    .map((path) => ({ path, rule: "unmerged", message: "It has a conflict: resolve it, then git add it." }));
  const merged = manifest.unresolved.filter((path) => !unmerged.has(path));
  return [...problems, ...findLeftoverConflicts(repository.folder, merged)];
}
