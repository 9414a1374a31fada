import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { capture, type Environ } from "./capture.ts";

/** A Python of this machine that can make virtual environments. */
export interface Interpreter {
  readonly path: string;
  /** Such as 3.12.1. */
  readonly version: string;
}

const minors = [14, 13, 12, 11, 10, 9] as const;
const names = ["python3", "python", ...minors.map((minor) => `python3.${minor}`)];
const describe =
  "import sys, venv, ensurepip; print(sys.executable, '%d.%d.%d' % sys.version_info[:3], sep='\\n')";

/** Asking a dozen programs takes a second, and each job of a run would do it again. */
const known = new WeakMap<Environ, Promise<readonly Interpreter[]>>();

/** Every Python on the search path and below ~/.pyenv/versions, each version once, the newest first; found once for each run's variables. */
export function findPythons(environ: Environ): Promise<readonly Interpreter[]> {
  const found = known.get(environ) ?? search(environ);
  known.set(environ, found);
  return found;
}

async function search(environ: Environ): Promise<readonly Interpreter[]> {
  const found = await Promise.all(
    [...names, ...(await pyenvPythons(environ))].map((name) => ask(name, environ)),
  );
  const byVersion = new Map<string, Interpreter>();
  for (const python of found) {
    if (python !== undefined && !byVersion.has(python.version)) byVersion.set(python.version, python);
  }
  return [...byVersion.values()].toSorted((left, right) => compareVersions(right.version, left.version));
}

async function ask(name: string, environ: Environ): Promise<Interpreter | undefined> {
  const [path = "", version = ""] = (await capture([name, "-I", "-c", describe], environ))?.split("\n") ?? [];
  return version === "" ? undefined : { path, version };
}

async function pyenvPythons(environ: Environ): Promise<readonly string[]> {
  const root = environ["PYENV_ROOT"] ?? join(environ["HOME"] ?? "", ".pyenv");
  const versions = await readdir(join(root, "versions")).catch(() => []);
  return versions
    .filter((name) => name.startsWith("3."))
    .map((name) => join(root, "versions", name, "bin", "python"));
}

/** Whether a version is meant by a specification such as `3.12`, `3.x` or `>=3.10 <3.13`. */
export function isVersionMeant(version: string, specification: string): boolean {
  const terms = specification.replaceAll(/([<>=~^]+)\s+/g, "$1").split(/[\s,]+/);
  return terms.filter((term) => term !== "").every((term) => meets(version, term));
}

function meets(version: string, term: string): boolean {
  const [, operator = "", wanted = ""] = /^([<>]=?|=)?(.*)$/.exec(term) ?? [];
  const parts = wanted.split(".").filter((part) => !/^[x*]?$/i.test(part));
  const order = compareVersions(version, parts.join("."));
  switch (operator) {
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    default:
      return parts.every((part, index) => version.split(".")[index] === part);
  }
}

/** Parts that are not written are zero. */
function compareVersions(left: string, right: string): number {
  const [first, second] = [left.split(".").map(Number), right.split(".").map(Number)];
  for (let index = 0; index < 3; index += 1) {
    const difference = (first[index] ?? 0) - (second[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
