import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { textListIn } from "../request-values.ts";

export interface Environment {
  readonly python: string;
  /** Where its programs are. */
  readonly bin: string;
}

const run = promisify(execFile);
const printPackages = "import json, site; print(json.dumps({'packages': site.getsitepackages()}))";
/** Which packages an environment sees besides its own. */
const layersFile = "layers.pth";

/** Virtual environments that see the packages of the workspace's Python, as a cluster has those of its runtime; what is installed stays in them. */
export class Environments {
  readonly #folder: string;
  readonly #python: string;
  readonly #making = new Map<string, Promise<Environment>>();
  #base: Promise<readonly string[]> | undefined;

  constructor(folder: string, python: string) {
    this.#folder = folder;
    this.#python = python;
    mkdirSync(folder, { recursive: true });
  }

  /** The environment of that name, made where it is not there. `above` names the environment whose packages it sees too. */
  async ensure(name: string, above?: string): Promise<Environment> {
    if (this.isThere(name)) return this.#environment(name);
    const made = this.#making.get(name) ?? this.#make(name, above).finally(() => this.#making.delete(name));
    this.#making.set(name, made);
    return await made;
  }

  /** Whether the environment is there and was made with the workspace's Python. */
  isThere(name: string): boolean {
    const stamp = this.#stamp(name);
    return existsSync(stamp) && readFileSync(stamp, "utf8") === this.#python;
  }

  async remove(name: string): Promise<void> {
    const path = join(this.#folder, name);
    if (!existsSync(path)) return;
    // Out of the way at once, so that a new one of the name can be made meanwhile.
    const gone = `${path}.gone-${randomBytes(4).toString("hex")}`;
    renameSync(path, gone);
    await removeFolder(gone);
  }

  /** Removes all but those of these names. */
  async keepOnly(names: readonly string[]): Promise<void> {
    const others = readdirSync(this.#folder).filter((name) => !names.includes(name));
    await Promise.all(others.map((name) => removeFolder(join(this.#folder, name))));
  }

  async #make(name: string, above: string | undefined): Promise<Environment> {
    const path = join(this.#folder, name);
    await rm(path, { recursive: true, force: true });
    await run(this.#python, ["-I", "-m", "venv", "--without-pip", path]);
    const environment = this.#environment(name);
    this.#base ??= packagesOf(this.#python);
    const layers = await (above === undefined ? this.#base : packagesOf(this.#environment(above).python));
    const [own = path] = await packagesOf(environment.python);
    await writeFile(join(own, layersFile), layers.map(lineOf).join(""));
    await writeFile(this.#stamp(name), this.#python);
    return environment;
  }

  #environment(name: string): Environment {
    const bin = join(this.#folder, name, "bin");
    return { python: join(bin, "python"), bin };
  }

  #stamp(name: string): string {
    return join(this.#folder, name, "base.txt");
  }
}

/** A process that is just ending may write into it once more; what is left goes at the next start. */
async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(() => undefined);
}

/** Read as a folder of packages with files of its own that name others, such as those of editable installs. */
function lineOf(packages: string): string {
  return `import site; site.addsitedir(${JSON.stringify(packages)})\n`;
}

async function packagesOf(python: string): Promise<readonly string[]> {
  const { stdout } = await run(python, ["-I", "-c", printPackages]);
  return textListIn(JSON.parse(stdout), "packages");
}
