import { changedMeanwhile, unsafePath } from "../../errors/catalogue/update.ts";
import type { RenderedTree } from "../../template/rendered-tree.ts";
import { isSafePath } from "../safe-path.ts";
import type { TreeEntry, UpdatePlan } from "../update-plan.ts";
import { isSameFile, planChanges, stateChanges, type Change } from "./changes.ts";
import type { ModelRepository } from "./model-repository.ts";
import { obstacle } from "./reachable.ts";
import { readEntry } from "./read-entry.ts";

/**
 * The changes that an update makes, state files last, with every path checked independently of the planning:
 * it stays in the model's folder, only folders lead to it, and it holds what the plan says it holds.
 */
export function checkedChanges(
  repository: ModelRepository,
  { plan, stateFiles }: { readonly plan: UpdatePlan; readonly stateFiles: RenderedTree },
): readonly Change[] {
  const planned = planChanges(plan);
  const going = new Set(planned.filter(({ after }) => after === undefined).map(({ path }) => path));
  for (const { path } of [...planned, ...stateFiles]) refuseUnsafe(repository, path, going);
  refuseSubmodules(planned);
  const read = (path: string): TreeEntry | undefined => readEntry(repository.folder, path);
  const differing = planned.filter(({ path, before }) => !isStill(repository, before, read(path)));
  if (differing.length > 0) throw changedMeanwhile(differing.map(({ path }) => path));
  return [...planned, ...stateChanges(stateFiles, read)];
}

/** A file that the update removes is not in the way of what it writes. */
function refuseUnsafe({ folder }: ModelRepository, path: string, going: ReadonlySet<string>): void {
  if (!isSafePath(path)) throw unsafePath(path, "such a path can lead out of the repository");
  const inTheWay = obstacle(folder, path);
  if (inTheWay === undefined || going.has(inTheWay)) return;
  throw unsafePath(path, `${inTheWay} is not a folder of this repository`);
}

function refuseSubmodules(changes: readonly Change[]): void {
  const touched = changes.find(({ before, after }) => before?.mode === "160000" || after?.mode === "160000");
  if (touched !== undefined) throw unsafePath(touched.path, "another repository is there");
}

function isStill(
  { hasFileModes }: ModelRepository,
  planned: TreeEntry | undefined,
  now: TreeEntry | undefined,
): boolean {
  if (hasFileModes || planned === undefined || now === undefined) return isSameFile(planned, now);
  return isSameFile(planned, { ...now, mode: now.mode === "120000" ? now.mode : planned.mode });
}
