import { statSync } from "node:fs";
import { resolve } from "node:path";
import { wrongUsage } from "../errors/catalogue/cli.ts";

/** The full path of a folder that somebody named; one that is not there is wrong usage. */
export function existingFolder(cwd: string, name: string): string {
  const folder = resolve(cwd, name);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return folder;
  throw wrongUsage(`${JSON.stringify(name)} is no folder.`, "Name the folder of a repository.");
}
