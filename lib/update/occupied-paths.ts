/** What stands in the way of a new file: one whose name differs in letter case at most, a file where it needs a folder, a folder. */
export type Obstacle = "twin" | "file" | "folder";

/** The paths of a tree as every file system sees them: some take no notice of letter case, or of how an accent is written. */
export class OccupiedPaths {
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();

  add(path: string): void {
    this.#files.add(folded(path));
    for (const folder of foldersOf(path)) this.#folders.add(folded(folder));
  }

  obstacleAt(path: string): Obstacle | undefined {
    if (this.#files.has(folded(path))) return "twin";
    if (this.#folders.has(folded(path))) return "folder";
    return this.fileAbove(path) === undefined ? undefined : "file";
  }

  /** The folder of a path that is a file here. */
  fileAbove(path: string): string | undefined {
    return foldersOf(path).find((folder) => this.#files.has(folded(folder)));
  }
}

function folded(path: string): string {
  return path.normalize("NFC").toLowerCase();
}

/** The outermost first. */
function foldersOf(path: string): readonly string[] {
  const segments = path.split("/");
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join("/"));
}
