import { readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * The files in a folder and its subfolders, as paths from it; links stand for what they lead to, because an artifact outlives the folder
 * that they are in. Links to nothing or to a folder above, pipes and sockets are left out.
 */
export function filesBelow(folder: string, above: readonly string[] = []): readonly string[] {
  const real = realpathSync(folder);
  if (above.includes(real)) return [];
  return readdirSync(folder)
    .toSorted()
    .flatMap((name) => {
      const found = statSync(join(folder, name), { throwIfNoEntry: false });
      if (found?.isFile() === true) return [name];
      if (found?.isDirectory() !== true) return [];
      return filesBelow(join(folder, name), [...above, real]).map((path) => join(name, path));
    });
}
