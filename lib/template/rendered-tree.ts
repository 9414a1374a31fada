export type FileMode = "100644" | "100755";

/** One file of a rendered repository: exact bytes, never re-encoded. */
export interface RenderedFile {
  /** Relative to the repository root, `/`-separated, no `.` or `..` segment. */
  readonly path: string;
  readonly mode: FileMode;
  readonly bytes: Uint8Array;
}

/** The files of a repository, sorted by path, each path once. */
export type RenderedTree = readonly RenderedFile[];
