import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { capture, type Environ } from "./capture.ts";
import { packagesOf } from "./dependency-environment.ts";

/**
 * A new environment in a folder that sees the packages of another one, with its commands; what is installed there stays there.
 * Its search path is one line of a .pth file, so that pip finds every requirement met.
 */
export async function layerEnvironment(base: string, folder: string, environ: Environ): Promise<void> {
  const made = await capture([join(base, "bin", "python"), "-m", "venv", "--without-pip", folder], environ);
  if (made === undefined) throw new Error(`No virtual environment was made in ${folder}.`);
  const packages = await packagesOf(folder, environ);
  const below = await packagesOf(base, environ);
  await writeFile(
    join(packages, "dependencies.pth"),
    `import site; site.addsitedir(${JSON.stringify(below)})\n`,
  );
  await copyCommands(join(base, "bin"), join(folder, "bin"));
}

/** A command names its Python in its first line; the environment below may have been made at another path. */
const firstLine = /^#!.*\/bin\/python[\d.]*\n/;

async function copyCommands(from: string, to: string): Promise<void> {
  const there = new Set(await readdir(to));
  const names = (await readdir(from)).filter((name) => !there.has(name));
  await Promise.all(names.map((name) => copyCommand(join(from, name), join(to, name), to)));
}

async function copyCommand(source: string, target: string, to: string): Promise<void> {
  const text = await readFile(source, "utf8");
  if (!firstLine.test(text)) return;
  await writeFile(target, text.replace(firstLine, `#!${to}/python\n`));
  await chmod(target, 0o755);
}
