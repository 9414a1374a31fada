import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  localPlatformUnsupported,
  localPythonMissing,
  localPythonNotPrepared,
} from "../../errors/catalogue/local.ts";
import { findPython, runs } from "./find-python.ts";
import { startBoundProcess, type Environ } from "./start-bound-process.ts";

export interface PreparePythonOptions {
  /** The folder of the local organisation; the environment is its sub-folder `python`. */
  readonly folder: string;
  readonly environ: Environ;
  /** Told in a few words what is being done, each time something takes long. */
  readonly report: (text: string) => void;
  /** Ends the work where it is; what is half made is removed by the next call. */
  readonly signal: AbortSignal;
}

/** MLflow takes options for uvicorn since 3.5. pandas is as old as in Databricks runtimes, so that a cluster need not install another one. */
const packages = ["mlflow>=3.5,<4", "databricks-sdk>=0.68,<1", "pandas>=2.1,<3", "scikit-learn>=1.4,<2"];

/** What is installed, as the environment keeps it to be known again. */
export const requirements: string = `${packages.join("\n")}\n`;
const stampName = "requirements.txt";

/**
 * The path of the Python that runs MLflow and notebooks. Its environment is made on first use and again when its requirements change
 * or its base is gone; it is there as a whole or not at all. One process at a time may call this for a folder.
 */
export async function preparePython(options: PreparePythonOptions): Promise<string> {
  if (process.platform === "win32") throw localPlatformUnsupported();
  const environ = withoutPythonSettings(options.environ);
  const target = join(options.folder, "python");
  const python = pythonIn(target);
  if ((await readStamp(target)) === requirements && (await runs(python, environ)) !== undefined)
    return python;
  const base = await findPython(environ);
  if (base === undefined) throw localPythonMissing();
  const building = `${target}.building`;
  await rm(building, { recursive: true, force: true });
  await build(base, building, { ...options, environ });
  await rm(target, { recursive: true, force: true });
  await rename(building, target);
  return python;
}

async function build(base: string, building: string, options: PreparePythonOptions): Promise<void> {
  const log = join(options.folder, "python.log");
  await rm(log, { force: true });
  const run = (python: string, words: readonly string[]): Promise<void> =>
    mustRun([python, ...words], { ...options, log });
  options.report("making a Python environment");
  await run(base, ["-m", "venv", building]);
  const stamp = join(building, stampName);
  await writeFile(stamp, requirements);
  options.report(`installing ${packages.join(", ")}; this happens once and takes minutes`);
  const quiet = ["--no-input", "--disable-pip-version-check", "--progress-bar", "off"];
  const pip = ["-m", "pip", "install", ...quiet];
  // Clusters install with this pip, and that of an older Python takes twice as long.
  await run(pythonIn(building), [...pip, "--upgrade", "pip"]);
  await run(pythonIn(building), [...pip, "--requirement", stamp]);
}

async function mustRun(
  command: readonly string[],
  { folder, environ, signal, log }: PreparePythonOptions & { readonly log: string },
): Promise<void> {
  signal.throwIfAborted();
  const [python = ""] = command;
  const program = startBoundProcess({ python, command, cwd: folder, environ, log });
  const stop = (): void => void program[Symbol.asyncDispose]();
  signal.addEventListener("abort", stop);
  const exitCode = await program.ended;
  signal.removeEventListener("abort", stop);
  signal.throwIfAborted();
  if (exitCode !== 0) throw localPythonNotPrepared(log, await errorsIn(log));
}

/** What pip and venv call errors; pip hides credentials in what it prints. */
async function errorsIn(log: string): Promise<string> {
  const lines = (await readFile(log, "utf8")).split("\n").filter((line) => /^error: /i.test(line));
  return lines.map((line) => line.slice("error: ".length)).join(" ");
}

async function readStamp(target: string): Promise<string | undefined> {
  return await readFile(join(target, stampName), "utf8").catch(() => undefined);
}

/** Settings of other environments that would lead this one to foreign packages. */
function withoutPythonSettings(environ: Environ): Environ {
  return Object.fromEntries(Object.entries(environ).filter(([name]) => !/^PYTHON|^VIRTUAL_ENV$/.test(name)));
}

function pythonIn(environment: string): string {
  return join(environment, "bin", "python");
}
