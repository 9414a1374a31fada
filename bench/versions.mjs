// Copies of the built package with other templates: the older and the newer version that benchmarks update between.
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../scripts/set-up.mjs";

/**
 * @param {string} folder where the copy is made
 * @param {string} version what it says of itself
 * @param {(name: string, text: string) => string | undefined} change the text of a template, by its path below templates/model; undefined leaves it out
 */
export function packageCopy(folder, version, change) {
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, "dist"), join(folder, "dist"), { recursive: true });
  cpSync(join(root, "templates"), join(folder, "templates"), { recursive: true });
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ ...manifest, version }));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const templates = join(folder, "templates", "model");
  for (const name of filesBelow(templates)) {
    const path = join(templates, name);
    const text = readFileSync(path, "utf8");
    const changed = change(name, text);
    if (changed === undefined) rmSync(path);
    else if (changed !== text) writeFileSync(path, changed);
  }
  return join(folder, "dist", "bin", "eac-model.cjs");
}

/** The files below a folder, as paths from it, sorted. */
export function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
}
