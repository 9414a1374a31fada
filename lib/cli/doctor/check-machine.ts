import { access, constants, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { isErrno } from "../../errors/is-errno.ts";
import { runGit } from "../../git/run-git.ts";
import { readSignature } from "../../git/signature.ts";
import { cacheFolder } from "../../pipelines/run/cache-folder.ts";
import { findPythons, isVersionMeant } from "../../pipelines/run/python/find-python.ts";
import { machineEnviron } from "../pipelines/machine-environ.ts";
import type { Context } from "../context.ts";
import { findingOf, ok, type Finding } from "./finding.ts";

/** As `engines` of package.json says it. */
const nodes = [">=20.17.0 <21", ">=22.9.0"];
const neededGit = ">=2.31";
const neededPython = ">=3.10";
const neededBytes = 2 * 1024 ** 3;

/** Node, git, Python and the disk: what every command, `run` and `local` need of this machine. */
export async function checkMachine({ cwd, environ }: Context): Promise<readonly Finding[]> {
  const others = await Promise.all([
    checkGit(cwd),
    checkIdentity(cwd),
    checkPython(environ),
    checkDisk(cacheFolder(environ)),
  ]);
  return [checkNode(process.versions.node), ...others];
}

/** Whether this Node is one that eac-model supports. */
export function checkNode(version: string): Finding {
  const isSupported = nodes.some((specification) => isVersionMeant(version, specification));
  if (isSupported) return ok("Node", version);
  const hint = "Install Node 20.17 or later, or 22.9 or later.";
  return { topic: "Node", level: "problem", text: `${version} is not supported`, hint };
}

async function checkGit(folder: string): Promise<Finding> {
  try {
    const [version = "unknown"] = /\d+(\.\d+)+/.exec(await runGit(folder, ["--version"])) ?? [];
    if (isVersionMeant(version, neededGit)) return ok("git", version);
    const hint = "Install git 2.31 or later.";
    return { topic: "git", level: "problem", text: `${version} is too old`, hint };
  } catch (error) {
    return findingOf("git", error);
  }
}

async function checkIdentity(folder: string): Promise<Finding> {
  try {
    return ok("git identity", await readSignature(folder));
  } catch (error) {
    return findingOf("git identity", error);
  }
}

/** Runs look below ~/.pyenv, too; the local services take what is on the search path. */
async function checkPython(environ: Context["environ"]): Promise<Finding> {
  const topic = "Python";
  const { findPython } = await import("../../local/mlflow/find-python.ts");
  const variables = machineEnviron(environ);
  const [found, ofServices] = await Promise.all([findPythons(variables), findPython(variables)]);
  const fitting = found.filter(({ version }) => isVersionMeant(version, neededPython));
  const names = fitting.map(({ version, path }) => `${version} (${path})`).join(", ");
  if (fitting.length > 0 && ofServices !== undefined) return ok(topic, names);
  const others = found.map(({ version }) => version).join(", ");
  const hint = "Install python3 and python3-venv, or put one on the search path.";
  const none = `none from 3.10 on with venv and ensurepip${others === "" ? "" : `, only ${others}`}`;
  const text =
    fitting.length > 0
      ? `${names}, but none on the search path for eac-model local`
      : `${none}; eac-model run and local need it`;
  return { topic, level: "warning", text, hint };
}

/** Runs keep environments and artifacts there; what is not there yet is made in the nearest folder that is. */
async function checkDisk(folder: string): Promise<Finding> {
  const topic = "cache";
  const present = await nearestFolder(folder);
  const { bavail, bsize } = await statfs(present);
  const free = `${((bavail * bsize) / 1024 ** 3).toFixed(1)} GB free for ${folder}`;
  try {
    await access(present, constants.W_OK);
  } catch {
    const hint = "Set XDG_CACHE_HOME to a folder of yours.";
    return { topic, level: "warning", text: `${present} is not writable`, hint };
  }
  if (bavail * bsize >= neededBytes) return ok(topic, free);
  const hint = "eac-model run makes Python environments there: make room, or set XDG_CACHE_HOME.";
  return { topic, level: "warning", text: `only ${free}`, hint };
}

async function nearestFolder(folder: string): Promise<string> {
  try {
    await access(folder);
    return folder;
  } catch (error) {
    if (!isErrno(error) || dirname(folder) === folder) throw error;
    return await nearestFolder(dirname(folder));
  }
}
