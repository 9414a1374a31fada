/** The paths that are looked for, by folder. */
export interface PathNode {
  /** Names below it, by their folded form: on some systems names that fold alike are the same file. */
  readonly children: ReadonlyMap<string, PathNode>;
  /** A file of this name is looked for. */
  readonly isFile: boolean;
}

/** Names that some file system takes for the same: they differ in case, or in how accents are composed. */
export function foldName(name: string): string {
  return name.normalize("NFC").toLowerCase().normalize("NFC");
}

interface GrowingNode {
  readonly children: Map<string, GrowingNode>;
  isFile: boolean;
}

/** Sorts paths into folders; twins share a node. */
export function pathTrie(paths: Iterable<string>): PathNode {
  const root: GrowingNode = { children: new Map(), isFile: false };
  for (const path of paths) {
    let node = root;
    for (const name of path.split("/")) {
      const key = foldName(name);
      const next = node.children.get(key) ?? { children: new Map<string, GrowingNode>(), isFile: false };
      node.children.set(key, next);
      node = next;
    }
    node.isFile = true;
  }
  return root;
}
