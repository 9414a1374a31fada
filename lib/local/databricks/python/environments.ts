import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { textListIn } from "../request-values.ts";

/** Virtual environments that see the packages of the workspace's Python, as a cluster has those of its runtime; what is installed stays in them. */
export interface Environments {
  /** The environment of that name, made where it is not there. `above` names the environment whose packages it sees too. */
  ensure(name: string, above?: string): Promise<Environment>;
  /** Whether the environment is there and fits the workspace's Python. */
  isThere(name: string): boolean;
  remove(name: string): Promise<void>;
}

export interface Environment {
  readonly python: string;
  /** Where its programs are. */
  readonly bin: string;
}

const run = promisify(execFile);
const printPackages = "import json, site; print(json.dumps({'packages': site.getsitepackages()}))";
/** Which packages an environment sees besides its own. */
const layersFile = "layers.pth";

/** Environments in a folder, on the packages of a Python. */
export function openEnvironments(folder: string, python: string): Environments {
  const making = new Map<string, Promise<Environment>>();
  let base: Promise<readonly string[]> | undefined;
  const environmentOf = (name: string): Environment => {
    const bin = join(folder, name, "bin");
    return { python: join(bin, "python"), bin };
  };
  const stampOf = (name: string): string => join(folder, name, "base.txt");
  const isThere = (name: string): boolean =>
    existsSync(stampOf(name)) && readFileSync(stampOf(name), "utf8") === python;
  const make = async (name: string, above: string | undefined): Promise<Environment> => {
    const path = join(folder, name);
    await rm(path, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await run(python, ["-I", "-m", "venv", "--without-pip", path]);
    const environment = environmentOf(name);
    base ??= packagesOf(python);
    const layers = await (above === undefined ? base : packagesOf(environmentOf(above).python));
    const [own = path] = await packagesOf(environment.python);
    await writeFile(join(own, layersFile), layers.map(lineOf).join(""));
    await writeFile(stampOf(name), python);
    return environment;
  };
  return {
    ensure: async (name, above) => {
      if (isThere(name)) return environmentOf(name);
      const made = making.get(name) ?? make(name, above).finally(() => making.delete(name));
      making.set(name, made);
      return await made;
    },
    isThere,
    remove: async (name) => {
      const path = join(folder, name);
      if (!existsSync(path)) return;
      // Out of the way at once, so that a new one of the name can be made meanwhile.
      const gone = `${path}.gone-${randomBytes(4).toString("hex")}`;
      renameSync(path, gone);
      await rm(gone, { recursive: true, force: true });
    },
  };
}

/** Read as a folder of packages with files of its own that name others, such as those of editable installs. */
function lineOf(packages: string): string {
  return `import site; site.addsitedir(${JSON.stringify(packages)})\n`;
}

async function packagesOf(python: string): Promise<readonly string[]> {
  const { stdout } = await run(python, ["-I", "-c", printPackages]);
  return textListIn(JSON.parse(stdout), "packages");
}
