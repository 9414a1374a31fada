import type { RenderedTree } from "../template/rendered-tree.ts";

/** What a commit holds: the hash of each file's content by its path, as git has them. */
export type TreeHashes = ReadonlyMap<string, string>;

/** What stands where the platform's repository is to be. */
export type PlatformFolder =
  | { readonly kind: "free"; readonly exists: boolean; readonly hasGitFolder: boolean }
  | {
      readonly kind: "repository";
      /** Undefined where no branch is checked out. */
      readonly branch: string | undefined;
      /** The version that it says it holds; undefined where it is no repository of templates. */
      readonly version: string | undefined;
      readonly head: TreeHashes;
      /** The tags of versions, with what they hold. */
      readonly tags: ReadonlyMap<string, TreeHashes>;
      /** Paths that are neither as their commit has them nor as this version would write them. */
      readonly uncommitted: readonly string[];
    };

/** What to do in the folder. */
export interface PlatformPlan {
  /** `tag`: the commit of an interrupted run has no tag yet. */
  readonly action: "create" | "fill" | "update" | "tag" | "keep";
  readonly folder: string;
  readonly branch: string;
  readonly tag: string;
  readonly commitMessage: string;
  /** To be written; the whole tree for a new repository. */
  readonly files: RenderedTree;
  /** Templates of the version before that this one has no more. */
  readonly removed: readonly string[];
}
