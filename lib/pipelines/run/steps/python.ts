import { join } from "node:path";
import { dependencyEnvironment } from "../python/dependency-environment.ts";
import { findPythons, isVersionMeant, type Interpreter } from "../python/find-python.ts";
import { layerEnvironment } from "../python/job-environment.ts";
import { readRequirements } from "../python/read-requirements.ts";
import { failed, succeeded, type StepCall, type StepEnd } from "../step-call.ts";
import { cacheFolder } from "../cache-folder.ts";
import { sourcesOf } from "./shell.ts";

/** Gives the job a Python of its own, which already sees what the project depends on. */
export async function runUsePythonVersion(call: StepCall): Promise<StepEnd> {
  const { environ } = call.job.run.request;
  const wanted = call.input("versionSpec") || "3.x";
  const pythons = await findPythons(environ);
  const interpreter = choose(pythons, wanted, call);
  if (interpreter === undefined) return failed("No Python from 3.10 with venv is on this machine.");
  const folder = join(call.job.identity.folders.tools, "python");
  const base = await prepare(interpreter, call);
  if (base === undefined) return failed("No virtual environment could be made.");
  await layerEnvironment(base, folder, environ);
  activate(call, folder);
  call.say(`Python ${interpreter.version} (${interpreter.path})`);
  return succeeded;
}

/** The newest that is meant; else the nearest of the same major version, and the difference is named. */
function choose(pythons: readonly Interpreter[], wanted: string, call: StepCall): Interpreter | undefined {
  const meant = pythons.find(({ version }) => isVersionMeant(version, wanted));
  if (meant !== undefined) return meant;
  const other = pythons.find(({ version }) => isVersionMeant(version, ">=3.10"));
  if (other !== undefined) {
    call.notEmulated(`Python ${wanted}, which is not on this machine: Python ${other.version} was used`);
  }
  return other;
}

/** The environment below that of the job; where the packages cannot be installed, one without any: the job's own pip says why. */
async function prepare(interpreter: Interpreter, call: StepCall): Promise<string | undefined> {
  const { environ } = call.job.run.request;
  const requirements = await readRequirements(sourcesOf(call), interpreter.path, environ);
  const options = {
    interpreter,
    cache: cacheFolder(environ),
    environ,
    programs: call.job.programs,
    signal: call.signal,
    say: call.say,
  };
  const full = await dependencyEnvironment({ ...options, requirements });
  return full ?? (await dependencyEnvironment({ ...options, requirements: [] }));
}

/** Packages are found in the job's environment and nowhere else; building the project needs nothing that is not there. */
function activate({ job }: StepCall, folder: string): void {
  job.paths.push(join(folder, "bin"));
  const settings = {
    pythonLocation: folder,
    VIRTUAL_ENV: folder,
    PIP_NO_BUILD_ISOLATION: "0",
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
  };
  for (const [name, value] of Object.entries(settings)) {
    job.variables.set({ name, value, isSecret: false, isReadonly: false });
  }
}
