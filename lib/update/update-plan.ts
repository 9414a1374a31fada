import type { Owner } from "../template/ownership.ts";

/** As git has it: a file, an executable file, a symbolic link (the bytes are its target), a submodule (the bytes are its commit). */
export type EntryMode = "100644" | "100755" | "120000" | "160000";

/** One entry of a tree: exact bytes, never re-encoded. */
export interface TreeEntry {
  /** Relative to the root of the model repository, `/`-separated, no `.` or `..` segment. */
  readonly path: string;
  readonly mode: EntryMode;
  readonly bytes: Uint8Array;
}

/** The entries of a tree by path. */
export type Tree = ReadonlyMap<string, TreeEntry>;

/** A path of the base that has another name in the new templates, or under the new answers. */
export interface Rename {
  readonly from: string;
  readonly to: string;
}

/** What a three-way merge of trees starts from; nothing in it is read or written while planning. */
export interface UpdateInput {
  /** The last render, from the baseline. */
  readonly base: Tree;
  /** The working tree, or the head of a branch: every path of base and theirs that exists, and whatever a file of base may have been moved to. */
  readonly ours: Tree;
  /** The new render. */
  readonly theirs: Tree;
  /**
   * For files of the team that a changed answer changes: the new templates rendered with the old answers.
   * A path of the team whose bytes are the same here and in `theirs` is left alone.
   */
  readonly theirsBefore: Tree;
  readonly ownerOf: (path: string) => Owner;
  /** Declared by the templates, or made by changed answers; found before any guess. */
  readonly renames: readonly Rename[];
  /** Paths that the team took over with `--release`; never touched. */
  readonly released: ReadonlySet<string>;
  /** Paths that the team deleted and wants back with `--restore`. */
  readonly restored: ReadonlySet<string>;
  /** How the three sides are named in conflict markers. */
  readonly labels: Labels;
}

export interface Labels {
  readonly ours: string;
  readonly base: string;
  readonly theirs: string;
}

/**
 * `update`: only the template changed it. `keep`: only the repository changed it. `merge`: both did, without overlap.
 * `add`, `delete`, `move`: the tree changes. `stay-deleted`: deleted here, changed in the template; can be restored.
 * `same`: nothing to write. `conflict`: a person must decide; no side is lost.
 */
export type Verdict =
  | "same"
  | "update"
  | "keep"
  | "merge"
  | "add"
  | "delete"
  | "move"
  | "stay-deleted"
  | "released"
  | "team"
  | "regenerate"
  | "conflict";

export type ConflictKind =
  | "content"
  | "add-add"
  | "modify-delete"
  | "binary"
  | "type"
  | "mode"
  | "structure"
  | "path";

/** What happens to one path, and why. */
export interface UpdateEntry {
  /** Where the file is after the update, or was when it goes. */
  readonly path: string;
  /** Where the repository has it now, when it moves. */
  readonly movedFrom?: string;
  readonly verdict: Verdict;
  /** One sentence for a person. */
  readonly reason: string;
  /** What the repository has now. */
  readonly before: TreeEntry | undefined;
  /** What it has after the update; with conflict markers where sides overlap. */
  readonly after: TreeEntry | undefined;
  readonly conflict?: Conflict;
}

/** The three sides, as git's index keeps them in stages 1 to 3, and the copy of the template's side where text markers cannot show it. */
export interface Conflict {
  readonly kind: ConflictKind;
  readonly base: TreeEntry | undefined;
  readonly ours: TreeEntry | undefined;
  readonly theirs: TreeEntry | undefined;
  /** The template's side, beside the file; for binary, type and path conflicts. */
  readonly sidecar?: TreeEntry;
}

/** Every path that any of the three trees has, sorted by path, each path once. */
export interface UpdatePlan {
  readonly entries: readonly UpdateEntry[];
}
