import { existsSync, readdirSync, type Dirent } from "node:fs";
import { join } from "node:path";
import { isErrno } from "../../errors/is-errno.ts";
import { foldName, pathTrie, type PathNode } from "./path-trie.ts";

/** Something in the work tree at, above or below a path that is looked for. */
export interface Found {
  readonly path: string;
  /** `repository`: a submodule or a clone inside, never entered. `other`: a pipe, a socket, a device. */
  readonly kind: "file" | "link" | "repository" | "other";
}

/** A folder in the place of a file is listed up to here: one entry is enough to see that it is not empty. */
const mostInTheWay = 1000;

/**
 * Finds what the work tree has for the paths, under the names that the disk has:
 * twins of a path in case or composition, a file or link in the place of a folder, and what is in a folder in the place of a file.
 * No link is followed.
 */
export function findPaths(folder: string, paths: Iterable<string>): readonly Found[] {
  const found: Found[] = [];
  descend(folder, "", { node: pathTrie(paths), found });
  return found;
}

interface Search {
  readonly node: PathNode;
  readonly found: Found[];
}

function descend(folder: string, parent: string, { node, found }: Search): void {
  for (const entry of list(join(folder, parent))) {
    const child = node.children.get(foldName(entry.name));
    if (child === undefined) continue;
    const path = parent === "" ? entry.name : `${parent}/${entry.name}`;
    if (!entry.isDirectory()) found.push({ path, kind: kindOf(entry) });
    else if (existsSync(join(folder, path, ".git"))) found.push({ path, kind: "repository" });
    else {
      if (child.isFile) found.push(...listAll(folder, path));
      descend(folder, path, { node: child, found });
    }
  }
}

function listAll(folder: string, top: string): readonly Found[] {
  const found: Found[] = [];
  const pending = [top];
  for (
    let parent = pending.pop();
    parent !== undefined && found.length < mostInTheWay;
    parent = pending.pop()
  ) {
    for (const entry of list(join(folder, parent))) {
      const path = `${parent}/${entry.name}`;
      if (entry.isDirectory()) pending.push(path);
      else found.push({ path, kind: kindOf(entry) });
    }
  }
  return found;
}

function kindOf(entry: Dirent): Found["kind"] {
  if (entry.isSymbolicLink()) return "link";
  return entry.isFile() ? "file" : "other";
}

function list(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (isErrno(error, "ENOENT")) return [];
    throw error;
  }
}
