import { execFileSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Manifest } from "../../lib/update/manifest.ts";
import { applyUpdate, type AppliedUpdate } from "../../lib/update/working-tree/apply-update.ts";
import type { Disk } from "../../lib/update/working-tree/disk.ts";
import { lockUpdate } from "../../lib/update/working-tree/lock.ts";
import { openRepository } from "../../lib/update/working-tree/model-repository.ts";
import type { Conflict, EntryMode, Tree, TreeEntry, UpdateEntry } from "../../lib/update/update-plan.ts";

/** Text, or `-> target` for a link, or text after `#!x` for an executable file. */
export type Content = string;

/** Runs git and answers its standard output; hooks and monitors do not take part. */
export function git(folder: string, ...args: string[]): string {
  return execFileSync("git", [...quietly, "-C", folder, ...args], {
    encoding: "utf8",
    env: process.env,
    stdio: ["pipe", "pipe", "pipe"],
  });
}

const quietly = ["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"];

/** An entry as `Content` describes it. */
export function anEntry(path: string, content: Content, mode?: EntryMode): TreeEntry {
  const isLink = content.startsWith("-> ");
  const bytes = Buffer.from(isLink ? content.slice(3) : content);
  const guessed = isLink ? "120000" : content.startsWith("#!x") ? "100755" : "100644";
  return { path, mode: mode ?? guessed, bytes };
}

/** A tree of such entries. */
export function aTree(files: Readonly<Record<string, Content>>): Tree {
  return new Map(Object.entries(files).map(([path, content]) => [path, anEntry(path, content)]));
}

/** Puts files into a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, Content>>): void {
  for (const { path, mode, bytes } of aTree(files).values()) {
    const place = join(folder, path);
    mkdirSync(dirname(place), { recursive: true });
    if (mode === "120000") symlinkSync(Buffer.from(bytes), place);
    else writeFileSync(place, bytes);
    if (mode === "100755") chmodSync(place, 0o755);
  }
}

/** Makes a git repository with one commit of these files. */
export function makeRepository(folder: string, files: Readonly<Record<string, Content>>): string {
  mkdirSync(folder, { recursive: true });
  git(folder, "init", "--quiet", "--initial-branch=main");
  writeFiles(folder, files);
  commitAll(folder);
  return folder;
}

/** Commits everything that is in the work tree. */
export function commitAll(folder: string): void {
  git(folder, "add", "--all", "--force");
  git(folder, "commit", "--quiet", "--allow-empty", "--no-verify", "--message=A commit");
}

/** Every file below a folder but those of git, with mode and content. */
export function snapshot(folder: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const path of pathsBelow(folder)) {
    if (path === ".git" || path.startsWith(".git/")) continue;
    const stats = lstatSync(join(folder, path));
    if (stats.isDirectory()) found[`${path}/`] = "";
    else if (stats.isSymbolicLink()) found[path] = `-> ${readlinkSync(join(folder, path))}`;
    else found[path] = `${(stats.mode & 0o777).toString(8)} ${readFileSync(join(folder, path), "latin1")}`;
  }
  return found;
}

/** Every file with its bytes and its time, those of git included. */
export function bytesOf(folder: string): readonly (readonly [string, number, string])[] {
  return pathsBelow(folder)
    .map((path) => [path, lstatSync(join(folder, path))] as const)
    .map(([path, stats]) => [
      path,
      stats.mtimeMs,
      stats.isFile() ? readFileSync(join(folder, path), "latin1") : "",
    ]);
}

/** Links are not followed, which readdir does by itself when it only gives names. */
function pathsBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted();
}

/** What git's index holds. */
export function indexOf(folder: string): readonly string[] {
  return git(folder, "ls-files", "--stage")
    .split("\n")
    .filter((line) => line !== "");
}

/** One entry of a plan: the file that is there, and what becomes of it. */
export function anUpdate(path: string, before: Content | undefined, after: Content | undefined): UpdateEntry {
  return {
    path,
    verdict: after === undefined ? "delete" : before === undefined ? "add" : "update",
    reason: "The template changed it.",
    before: before === undefined ? undefined : anEntry(path, before),
    after: after === undefined ? undefined : anEntry(path, after),
  };
}

export interface Sides {
  readonly base?: Content;
  readonly ours?: Content;
  readonly theirs?: Content;
  readonly after: Content;
  readonly sidecar?: Content;
}

/** An entry of a plan that leaves a conflict. */
export function aConflict(path: string, { base, ours, theirs, after, sidecar }: Sides): UpdateEntry {
  const side = (content: Content | undefined): TreeEntry | undefined =>
    content === undefined ? undefined : anEntry(path, content);
  const conflict: Conflict = {
    kind: "content",
    base: side(base),
    ours: side(ours),
    theirs: side(theirs),
    ...(sidecar === undefined ? {} : { sidecar: anEntry(`${path}.eac-new`, sidecar) }),
  };
  return { ...anUpdate(path, ours, after), verdict: "conflict", conflict };
}

/** Applies a plan of these entries under a lock of its own. */
export async function applyTo(
  folder: string,
  entries: readonly UpdateEntry[],
  { state = {}, disk }: { readonly state?: Readonly<Record<string, string>>; readonly disk?: Disk } = {},
): Promise<AppliedUpdate> {
  const repository = await openRepository(folder, disk);
  await using lock = await lockUpdate(repository);
  const stateFiles = Object.entries(state).map(([path, text]) => ({
    path,
    mode: "100644" as const,
    bytes: Buffer.from(text),
  }));
  return await applyUpdate(lock, { plan: { entries }, stateFiles });
}

/** A manifest of no files, after an update that left these paths with conflicts. */
export function aManifest(unresolved: readonly string[] = []): Manifest {
  const hash = "0".repeat(64);
  return {
    schema: 1,
    template: { name: "model", version: "1.0.0", treeSha256: hash },
    engines: {},
    answersSha256: hash,
    answersVersion: 1,
    files: {},
    unresolved,
    released: [],
  };
}
