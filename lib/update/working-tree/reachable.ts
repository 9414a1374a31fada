import { join } from "node:path";
import { statOf } from "./read-entry.ts";

/** The first part of a path above its last name that is not a folder in this one: a link, a file, another repository. */
export function obstacle(folder: string, path: string): string | undefined {
  const names = path.split("/").slice(0, -1);
  for (let depth = 1; depth <= names.length; depth++) {
    const parent = names.slice(0, depth).join("/");
    const stats = statOf(join(folder, parent));
    if (stats === undefined) return undefined;
    if (!stats.isDirectory() || statOf(join(folder, parent, ".git")) !== undefined) return parent;
  }
  return undefined;
}

/** Whether only folders lead to a path. */
export function isReachable(folder: string, path: string): boolean {
  return obstacle(folder, path) === undefined;
}
