import type { Owner } from "../../lib/template/ownership.ts";
import { isSameEntry } from "../../lib/update/tree-entries.ts";
import type {
  EntryMode,
  Tree,
  TreeEntry,
  UpdateEntry,
  UpdateInput,
  UpdatePlan,
} from "../../lib/update/update-plan.ts";

/** The content of a file, with its mode where that is not the usual one. */
export type Content = string | Uint8Array | { readonly mode: EntryMode; readonly bytes: string | Uint8Array };

export type Contents = Readonly<Record<string, Content>>;

/** A tree from the contents of its files. */
export function aTree(contents: Contents): Tree {
  return new Map(Object.entries(contents).map(([path, content]) => [path, anEntry(path, content)]));
}

function anEntry(path: string, content: Content): TreeEntry {
  if (typeof content === "string") return { path, mode: "100644", bytes: Buffer.from(content) };
  if (content instanceof Uint8Array) return { path, mode: "100644", bytes: content };
  return { path, mode: content.mode, bytes: Buffer.from(content.bytes) };
}

export const someLabels = { ours: "ours", base: "base", theirs: "theirs" } as const;

type Trees = Partial<Readonly<Record<"base" | "ours" | "theirs" | "theirsBefore", Contents>>>;

/** An update of these trees: everything is the platform's, no answer changed. */
export function anUpdate(
  { base = {}, ours = {}, theirs = {}, theirsBefore = theirs }: Trees,
  changes: Partial<UpdateInput> = {},
): UpdateInput {
  return {
    base: aTree(base),
    ours: aTree(ours),
    theirs: aTree(theirs),
    theirsBefore: aTree(theirsBefore),
    ownerOf: (): Owner => "platform",
    renames: [],
    released: new Set(),
    restored: new Set(),
    labels: someLabels,
    ...changes,
  };
}

/** The tree after a plan is carried out. */
export function treeAfter(ours: Tree, { entries }: UpdatePlan): Tree {
  const tree = new Map(ours);
  for (const { path, movedFrom } of entries) {
    tree.delete(path);
    if (movedFrom !== undefined) tree.delete(movedFrom);
  }
  for (const { after, conflict } of entries) {
    if (after !== undefined) tree.set(after.path, after);
    if (conflict?.sidecar !== undefined) tree.set(conflict.sidecar.path, conflict.sidecar);
  }
  return tree;
}

/** The files of a tree as text, sorted by path. */
export function textsOf(tree: Tree): Readonly<Record<string, string>> {
  const entries = [...tree.values()].map(({ path, bytes }) => [path, Buffer.from(bytes).toString("latin1")]);
  return Object.fromEntries(entries.toSorted(([left = ""], [right = ""]) => (left < right ? -1 : 1)));
}

/** The entry of a plan at this path, which must be there once. */
export function entryAt({ entries }: UpdatePlan, path: string): UpdateEntry {
  const [entry, ...others] = entries.filter((candidate) => candidate.path === path);
  if (entry === undefined || others.length > 0) throw new Error(`${path} is in the plan not exactly once.`);
  return entry;
}

/** The entries that would change something. */
export function changesOf(plan: UpdatePlan): readonly UpdateEntry[] {
  return plan.entries.filter(
    ({ movedFrom, before, after, conflict }) =>
      movedFrom !== undefined || conflict !== undefined || !isSameEntry(before, after),
  );
}
