import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { machineEnviron } from "../../lib/cli/pipelines/machine-environ.ts";
import { layerEnvironment } from "../../lib/pipelines/run/python/job-environment.ts";
import { readTemplates } from "../../lib/template/read-templates.ts";
import { renderTree } from "../../lib/template/render-tree.ts";
import type { RenderedTree } from "../../lib/template/rendered-tree.ts";
import { anAnswers } from "./an-answers.ts";

/** One virtual environment with everything that the generated repositories install. */
export interface PythonEnvironment {
  readonly python: string;
}

export interface Finished {
  readonly exitCode: number | null;
  /** Standard output and standard error, as they came. */
  readonly output: string;
}

const folder = join(import.meta.dirname, "..", "..", ".cache", "python");
const candidates = ["python3", "python", "python3.13", "python3.12", "python3.11", "python3.10"];
const supported = new Set(["3.10", "3.11", "3.12", "3.13"]);
const noPython = "Skipped: no Python 3.10 or newer, with venv, was found on this machine.";
const isNewEnough = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";

/** The first Python from 3.10 on this machine that can make environments; undefined says so on standard error. */
export function findPython(): string | undefined {
  const found = candidates.find((name) => spawnSync(name, ["-c", isNewEnough]).status === 0);
  if (found === undefined) say(noPython);
  return found;
}

/** One Python of each version that the generated repositories support, as far as this machine has them. */
export function findPythons(): readonly string[] {
  const found = candidates.filter((name) => spawnSync(name, ["-c", isNewEnough]).status === 0);
  if (found.length === 0) say(noPython);
  const byVersion = new Map(found.map((name) => [versionOf(name), name]));
  return [...byVersion].filter(([version]) => supported.has(version)).map(([, name]) => name);
}

function versionOf(python: string): string {
  const code = "import sys; print('%d.%d' % sys.version_info[:2])";
  return spawnSync(python, ["-c", code], { encoding: "utf8" }).stdout.trim();
}

/**
 * The shared environment, made on first use and again when the templates require something else.
 * Safe to call from several processes: each builds apart, and the first to finish wins.
 */
export function sharedEnvironment(basePython: string): Promise<PythonEnvironment> {
  const known = environments.get(basePython) ?? openEnvironment(basePython);
  environments.set(basePython, known);
  return known;
}

const environments = new Map<string, Promise<PythonEnvironment>>();

async function openEnvironment(basePython: string): Promise<PythonEnvironment> {
  const requirements = await templateRequirements();
  const version = spawnSync(basePython, ["-c", "import sys; print(sys.executable, sys.version)"], {
    encoding: "utf8",
  }).stdout;
  const name = `${digest(requirements.join("\n"))}-${digest(version)}`;
  if (!existsSync(join(folder, name))) await build(basePython, requirements, name);
  return { python: pythonIn(join(folder, name)) };
}

/** A new environment at the path that sees the packages and commands of the shared one; what is installed there stays there. */
export async function layeredEnvironment(shared: PythonEnvironment, path: string): Promise<string> {
  await layerEnvironment(dirname(dirname(shared.python)), path, machineEnviron(process.env));
  return pythonIn(path);
}

/** Runs a program to its end, whatever its exit code; the environment is this process's with the changes. */
export function run(
  command: string,
  words: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, {
      ...options,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const collect = (chunk: Buffer): void => void (output += chunk.toString("utf8"));
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("error", reject);
    child.once("close", (exitCode) => {
      resolve({ exitCode, output });
    });
  });
}

/** What the templates themselves require, for every kind of repository, so that nothing is listed twice. */
async function templateRequirements(): Promise<readonly string[]> {
  const templates = await readTemplates();
  const trees = (["batch", "rest"] as const).map((serving) =>
    renderTree(templates, anAnswers({ model_type: "supervised", environment_file: "pip", serving })),
  );
  return [...new Set(trees.flatMap(requirementsOf))].toSorted();
}

function requirementsOf(tree: RenderedTree): readonly string[] {
  const textOf = (path: string): string => {
    const file = tree.find((entry) => entry.path === path);
    if (file === undefined) throw new Error(`The templates make no ${path}.`);
    return Buffer.from(file.bytes).toString("utf8");
  };
  const listIn = (name: string): readonly string[] => {
    const [, list = ""] = new RegExp(`^${name} = \\[([^\\]]*)\\]`, "m").exec(textOf("pyproject.toml")) ?? [];
    const entries = [...list.matchAll(/"([^"]+)"/g)].map(([, entry = ""]) => entry);
    if (entries.length === 0) throw new Error(`pyproject.toml has no list ${name}.`);
    return entries;
  };
  const model = textOf("demo_model/model_modules/requirements.txt")
    .split("\n")
    .filter((line) => /^\w/.test(line));
  return [...listIn("requires"), ...listIn("dependencies"), ...listIn("dev"), ...model];
}

/** One process builds, and the others wait for it: two at once would take twice as long. */
async function build(basePython: string, requirements: readonly string[], name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const lock = join(folder, `building-${name}`);
  for (;;) {
    if (existsSync(join(folder, name))) return;
    const isOurs = await writeFile(lock, String(process.pid), { flag: "wx" }).then(
      () => true,
      () => false,
    );
    if (isOurs) break;
    if (!isRunning(Number(await readFile(lock, "utf8").catch(() => "0")))) await rm(lock, { force: true });
    await sleep(500);
  }
  try {
    await buildAlone(basePython, requirements, name);
  } finally {
    await rm(lock, { force: true });
  }
}

async function buildAlone(basePython: string, requirements: readonly string[], name: string): Promise<void> {
  const building = await mkdtemp(join(folder, "new-"));
  try {
    say(`Making the environment of the generated repositories for ${basePython}; this happens once …`);
    await mustRun(basePython, ["-m", "venv", building]);
    await mustRun(pythonIn(building), ["-m", "pip", "install", "--quiet", ...requirements]);
    await rename(building, join(folder, name));
    await removeOutdated(name);
    say("The Python environment is ready.");
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Environments of earlier requirements, and what a process that was killed left behind. */
async function removeOutdated(current: string): Promise<void> {
  const [requirements = ""] = current.split("-");
  const names = await readdir(folder);
  const isKept = (name: string): boolean =>
    /^(?:building|new)-/.test(name) || name.startsWith(`${requirements}-`);
  const old = names.filter((name) => !isKept(name));
  await Promise.all(old.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

async function mustRun(command: string, words: readonly string[]): Promise<string> {
  const { exitCode, output } = await run(command, words);
  if (exitCode !== 0) throw new Error(`${command} ${words.join(" ")} failed:\n${output}`);
  return output;
}

function pythonIn(environment: string): string {
  return process.platform === "win32"
    ? join(environment, "Scripts", "python.exe")
    : join(environment, "bin", "python");
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
