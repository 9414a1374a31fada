import { byPath } from "../../template/by-path.ts";
import type { RenderedTree } from "../../template/rendered-tree.ts";
import type { TreeEntry, UpdateEntry, UpdatePlan } from "../update-plan.ts";

/** What happens to one path of the work tree. */
export interface Change {
  readonly path: string;
  readonly before: TreeEntry | undefined;
  readonly after: TreeEntry | undefined;
}

/** The changes of a plan, each path once: first what goes, deepest first, then what is written. */
export function planChanges(plan: UpdatePlan): readonly Change[] {
  const changes = new Map<string, Change>();
  for (const change of plan.entries.flatMap((entry) => changesOf(entry))) {
    const other = changes.get(change.path);
    changes.set(change.path, {
      path: change.path,
      before: other?.before ?? change.before,
      after: other?.after ?? change.after,
    });
  }
  return inOrder([...changes.values()].filter(({ before, after }) => !isSameFile(before, after)));
}

/** What goes comes before what is written, so that a file can take the place of a folder and the other way round. */
export function inOrder(changes: readonly Change[]): readonly Change[] {
  const goes = changes.filter(({ after }) => after === undefined);
  const stays = changes.filter(({ after }) => after !== undefined);
  return [...goes.toSorted((left, right) => (left.path > right.path ? -1 : 1)), ...stays.toSorted(byPath)];
}

/** The changes of the state files; they come last of all. */
export function stateChanges(
  files: RenderedTree,
  read: (path: string) => TreeEntry | undefined,
): readonly Change[] {
  return files
    .map((file) => ({ path: file.path, before: read(file.path), after: file }))
    .filter(({ before, after }) => !isSameFile(before, after));
}

/** Whether two entries have the same mode and bytes, wherever they are. */
export function isSameFile(left: TreeEntry | undefined, right: TreeEntry | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return left.mode === right.mode && Buffer.compare(left.bytes, right.bytes) === 0;
}

function changesOf({ path, movedFrom, before, after, conflict }: UpdateEntry): readonly Change[] {
  const sidecar = conflict?.sidecar;
  const beside = sidecar === undefined ? [] : [{ path: sidecar.path, before: undefined, after: sidecar }];
  if (movedFrom === undefined || movedFrom === path) return [{ path, before, after }, ...beside];
  return [{ path: movedFrom, before, after: undefined }, { path, before: undefined, after }, ...beside];
}
