import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Programs } from "../programs.ts";
import { capture, type Environ } from "./capture.ts";
import type { Interpreter } from "./find-python.ts";

export interface DependencyOptions {
  readonly interpreter: Interpreter;
  readonly requirements: readonly string[];
  /** The folder that keeps environments between runs. */
  readonly cache: string;
  readonly environ: Environ;
  readonly programs: Programs;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

const quietly = ["--quiet", "--no-input", "--disable-pip-version-check"];
const unusedMs = 14 * 24 * 60 * 60 * 1000;
const making = new Map<string, Promise<string | undefined>>();

/**
 * The folder of an environment that holds what a project depends on, and not the project; made on first use, whole or not at all.
 * Undefined: the packages could not be installed, and their log was told.
 */
export async function dependencyEnvironment(options: DependencyOptions): Promise<string | undefined> {
  const { interpreter, requirements, cache } = options;
  const name = `${interpreter.version}-${digest([interpreter.path, ...requirements])}`;
  const folder = join(cache, "python", name);
  if (existsSync(folder)) {
    await utimes(folder, new Date(), new Date());
    return folder;
  }
  const known = making.get(folder) ?? make(folder, options).finally(() => void making.delete(folder));
  making.set(folder, known);
  return await known;
}

/** Two processes may do this at once; the first to finish wins. */
async function make(folder: string, options: DependencyOptions): Promise<string | undefined> {
  const { interpreter, requirements, cache, say } = options;
  const parent = join(cache, "python");
  await mkdir(parent, { recursive: true });
  await removeUnused(parent);
  const building = await mkdtemp(join(parent, "new-"));
  try {
    if (!(await runs([interpreter.path, "-m", "venv", building], options))) return undefined;
    if (requirements.length > 0) {
      say(
        `Installing ${requirements.length} packages for all later runs; this happens once and takes minutes.`,
      );
      const list = join(building, "requirements.txt");
      await writeFile(list, `${requirements.join("\n")}\n`);
      const pip = [join(building, "bin", "python"), "-m", "pip", "install", ...quietly];
      // Each job installs its project with this pip, and that of an older Python takes twice as long. It does, too, where no newer one is to be had.
      await runs([...pip, "--upgrade", "pip"], options);
      if (!(await runs([...pip, "--requirement", list], options))) return undefined;
    }
    await rename(building, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
    return folder;
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

async function runs(
  [command = "", ...words]: readonly string[],
  options: DependencyOptions,
): Promise<boolean> {
  const { environ, programs, signal, say } = options;
  const end = await programs.run({ command, words, cwd: options.cache, env: environ, signal, onLine: say });
  return end.exitCode === 0;
}

async function removeUnused(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const path = join(parent, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > unusedMs) await rm(path, { recursive: true, force: true });
  }
}

function digest(texts: readonly string[]): string {
  return createHash("sha256").update(texts.join("\n")).digest("hex").slice(0, 16);
}

/** The folder in which an environment keeps its packages. */
export async function packagesOf(environment: string, environ: Environ): Promise<string> {
  const words = ["-I", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"];
  const found = await capture([join(environment, "bin", "python"), ...words], environ);
  if (found === undefined) throw new Error(`The Python environment ${environment} does not work; delete it.`);
  return found;
}
