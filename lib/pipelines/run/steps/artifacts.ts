import { existsSync, statSync } from "node:fs";
import { copyFile, cp, mkdir, readdir } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { isArtifactName } from "../artifact-name.ts";
import { filesBelow } from "../files-below.ts";
import { filesMatching } from "../match-files.ts";
import type { RunState } from "../run-state.ts";
import { failed, succeeded, type StepCall, type StepEnd } from "../step-call.ts";
import { sourcesOf } from "./shell.ts";

/** Keeps a file or folder of a job as an artifact of the run. */
export async function runPublish(call: StepCall): Promise<StepEnd> {
  const { step, job } = call;
  const isShort = step.kind === "publish";
  const target = isShort ? job.variables.expand(step.main.text) : call.input("targetPath");
  const name = call.input("artifact") || call.input("artifactName") || `${call.at.stage}.${call.at.job}`;
  return await keepArtifact(call, name, resolve(sourcesOf(call), target));
}

/** Copies a file or folder into an artifact of that name, which must be new. */
export async function keepArtifact(call: StepCall, name: string, source: string): Promise<StepEnd> {
  const { run } = call.job;
  if (!isArtifactName(name)) return failed(`${JSON.stringify(name)} is no name for an artifact.`);
  if (!existsSync(source)) return failed(`There is nothing to publish at ${source}.`);
  if (run.artifacts.has(name)) return failed(`The run already has an artifact ${name}.`);
  const folder = join(run.request.folder, "artifacts", name);
  run.artifacts.set(name, folder);
  try {
    const files = await copyFollowing(source, folder);
    call.say(`The artifact ${name} has ${files} files.`);
  } catch (error) {
    run.artifacts.delete(name);
    throw error;
  }
  run.report.tell({ type: "artifact", name, folder });
  return succeeded;
}

/** Copies a file or folder into a new folder and says how many files that are. */
async function copyFollowing(source: string, folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  const isFile = statSync(source).isFile();
  const from = isFile ? dirname(source) : source;
  const files = isFile ? [basename(source)] : filesBelow(source);
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await copyFile(join(from, file), join(folder, file));
  }
  return files.length;
}

/** Copies artifacts of this run, or of the run behind a pipeline resource, into the workspace. */
export async function runDownload(call: StepCall): Promise<StepEnd> {
  const alias = call.step.main.text.trim();
  if (alias.toLowerCase() === "none") return succeeded;
  const patterns = call.input("patterns") || "**";
  const wanted = { artifact: call.input("artifact"), patterns, path: call.input("path") };
  return await downloadFrom(call, alias.toLowerCase() === "current" ? undefined : alias, wanted);
}

/** The task behind `download: current`. */
export async function runDownloadTask(call: StepCall): Promise<StepEnd> {
  const source = (call.input("source") || call.input("buildType") || "current").toLowerCase();
  if (source !== "current") {
    call.notEmulated("downloading artifacts of a pipeline that is no resource");
    return { result: "skipped", why: "A local run knows the runs of pipeline resources only." };
  }
  return await downloadFrom(call, undefined, {
    artifact: call.input("artifact") || call.input("artifactName"),
    patterns: call.input("patterns") || call.input("itemPattern") || "**",
    path: call.input("path") || call.input("targetPath"),
  });
}

interface Wanted {
  /** Empty: all of them. */
  readonly artifact: string;
  readonly patterns: string;
  /** Empty: where the service puts them. */
  readonly path: string;
}

/** Undefined is this run; a name is that of a pipeline resource. */
async function downloadFrom(call: StepCall, alias: string | undefined, wanted: Wanted): Promise<StepEnd> {
  const { workspace } = call.job.identity.folders;
  const known = alias === undefined ? ownArtifacts(call.job.run) : await artifactsIn(call, alias);
  if (known === undefined) {
    return failed(`No run of the pipeline resource ${alias ?? ""} is known here; run that pipeline first.`);
  }
  const base = wanted.path === "" ? join(workspace, alias ?? "") : resolve(workspace, wanted.path);
  if (wanted.artifact !== "") return await downloadOne(call, { ...wanted, base, known });
  for (const [name, folder] of known) await copyMatching(folder, join(base, name), wanted.patterns);
  call.say(`Downloaded ${known.size} artifacts.`);
  return succeeded;
}

interface WantedIn extends Wanted {
  readonly base: string;
  readonly known: ReadonlyMap<string, string>;
}

async function downloadOne(call: StepCall, { artifact, base, known, ...wanted }: WantedIn): Promise<StepEnd> {
  const folder = known.get(artifact);
  if (folder === undefined) {
    const there = known.size === 0 ? "There are none." : `There are ${[...known.keys()].join(", ")}.`;
    return failed(`There is no artifact ${artifact} to download. ${there}`);
  }
  await copyMatching(folder, wanted.path === "" ? join(base, artifact) : base, wanted.patterns);
  call.say(`Downloaded the artifact ${artifact}.`);
  return succeeded;
}

function ownArtifacts(run: RunState): ReadonlyMap<string, string> {
  return new Map(run.artifacts);
}

/** Each folder is an artifact. */
async function artifactsIn(call: StepCall, alias: string): Promise<ReadonlyMap<string, string> | undefined> {
  const folder = call.job.run.request.artifactsOf(alias);
  if (folder === undefined) return undefined;
  if (!existsSync(folder)) return new Map();
  const entries = await readdir(folder, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory());
  return new Map(folders.map(({ name }) => [name, join(folder, name)]));
}

async function copyMatching(from: string, to: string, patterns: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const file of await filesMatching(from, patterns)) {
    const target = join(to, relative(from, file));
    await mkdir(dirname(target), { recursive: true });
    await cp(file, target);
  }
}
