import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, lstat, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { cacheFolder } from "../cache-folder.ts";
import { filesMatching } from "../match-files.ts";
import { failed, succeeded, type StepCall, type StepEnd } from "../step-call.ts";
import { sourcesOf } from "./shell.ts";

/** Entries that nobody has asked for that long are removed. */
const unusedMs = 14 * 24 * 60 * 60 * 1000;
const keyName = "key.txt";

/** Restores a folder by its key, or by the beginning of one; a job that succeeds keeps the folder for the next run of its pipeline on its branch. */
export async function runCache(call: StepCall): Promise<StepEnd> {
  const key = await resolveKey(call, call.input("key"));
  if (key === undefined) return failed("A part of its key names a file that does not exist.");
  const folder = resolve(sourcesOf(call), call.input("path"));
  const { own, readable } = scopesOf(call);
  await mkdir(own, { recursive: true });
  const prefixes = await Promise.all(restoreKeysOf(call).map((text) => resolveKey(call, text)));
  const entries = (await Promise.all(readable.map(readEntries))).flat();
  const found = findEntry(entries, [key, ...prefixes.flatMap((prefix) => prefix ?? [])]);
  if (found !== undefined) await copyTree(join(found.folder, "content"), folder);
  const isExact = found?.key === key;
  call.say(
    found === undefined ? "There is nothing to restore." : `Restored the folder for the key ${found.key}.`,
  );
  setHit(call, isExact, found !== undefined);
  if (!isExact) call.job.atEnd.push(() => save(own, key, folder));
  return succeeded;
}

function restoreKeysOf(call: StepCall): readonly string[] {
  return call
    .input("restoreKeys")
    .split("\n")
    .filter((line) => line.trim() !== "");
}

/**
 * Where the run may write, and where it may read, the nearest first: entries belong to a pipeline and a branch. A pull request reads those of its
 * source and its target and writes its own, so that nothing of it is seen before it is merged.
 * https://learn.microsoft.com/azure/devops/pipelines/release/caching#cache-isolation-and-security
 */
function scopesOf({ job }: StepCall): { readonly own: string; readonly readable: readonly string[] } {
  const { environ, source } = job.run.request;
  const store = join(cacheFolder(environ), "steps", digest(source.repository));
  const pipeline = job.variables.valueOf("Build.DefinitionName") ?? "";
  const [own = "", ...others] = [
    job.variables.valueOf("Build.SourceBranch") ?? source.branch,
    job.variables.valueOf("System.PullRequest.SourceBranch"),
    job.variables.valueOf("System.PullRequest.TargetBranch"),
    "refs/heads/main",
  ].flatMap((branch) => (branch === undefined ? [] : [join(store, digest(pipeline, branch))]));
  return { own, readable: [...new Set([own, ...others])] };
}

/** Parts are separated by `|`; those that look like paths and are not quoted stand for the content of files. */
async function resolveKey(call: StepCall, text: string): Promise<string | undefined> {
  const parts = text.split("|").map((part) => part.trim());
  const resolved = await Promise.all(parts.map((part) => resolvePart(call, part)));
  return resolved.every((part) => part !== undefined) ? resolved.join("|") : undefined;
}

async function resolvePart(call: StepCall, part: string): Promise<string | undefined> {
  const quoted = /^"(.*)"$/.exec(part)?.[1];
  if (quoted !== undefined) return quoted;
  if (!/[./*]/.test(part)) return part;
  const files = await filesMatching(sourcesOf(call), part.replaceAll(/\s*,\s*/g, "\n"));
  if (files.length === 0) return undefined;
  return digest(...(await Promise.all(files.map((file) => readFile(file, "latin1")))));
}

interface Entry {
  readonly key: string;
  readonly folder: string;
}

/** The first wanted key that is there exactly; else the nearest and newest entry that begins with one, the first one first. */
function findEntry(entries: readonly Entry[], wanted: readonly string[]): Entry | undefined {
  for (const key of wanted) {
    const found =
      entries.find((entry) => entry.key === key) ??
      entries.find((entry) => `${entry.key}|`.startsWith(`${key}|`));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The newest first. */
async function readEntries(store: string): Promise<readonly Entry[]> {
  const entries: (Entry & { readonly age: number })[] = [];
  for (const name of await readdir(store).catch(() => [])) {
    const folder = join(store, name);
    const key = await readFile(join(folder, keyName), "utf8").catch(() => undefined);
    const age = Date.now() - (await stat(folder)).mtimeMs;
    if (age > unusedMs) await rm(folder, { recursive: true, force: true });
    else if (key !== undefined) entries.push({ key, folder, age });
  }
  return entries.toSorted((left, right) => left.age - right.age);
}

/** The entry is there as a whole or not at all; the first of two jobs wins. */
async function save(store: string, key: string, folder: string): Promise<void> {
  const target = join(store, digest(key));
  if (!existsSync(folder) || existsSync(target)) return;
  const building = `${target}.${process.pid}.${Date.now()}`;
  await copyTree(folder, join(building, "content"));
  await writeFile(join(building, keyName), key);
  await rename(building, target).catch(() => rm(building, { recursive: true, force: true }));
}

/** Links stay as they are written, because jobs have folders of their own; what is no file, folder or link is left out. */
async function copyTree(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, verbatimSymlinks: true, filter: isKept });
}

async function isKept(path: string): Promise<boolean> {
  const found = await lstat(path);
  return found.isFile() || found.isDirectory() || found.isSymbolicLink();
}

function setHit({ job, input }: StepCall, isExact: boolean, isFound: boolean): void {
  const name = input("cacheHitVar");
  const value = isExact ? "true" : isFound ? "inexact" : "false";
  if (name !== "") job.variables.set({ name, value, isSecret: false, isReadonly: false });
}

function digest(...texts: readonly string[]): string {
  return createHash("sha256").update(texts.join("\0")).digest("hex").slice(0, 32);
}
