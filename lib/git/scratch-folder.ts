import { createHash } from "node:crypto";
import { lstat, mkdtemp, readdir, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { isErrno } from "../errors/is-errno.ts";
import { isRunning } from "../errors/is-running.ts";

let tidied: Promise<void> | undefined;

/** Makes a temporary folder that is named for this process; the first one also clears away what killed processes left behind. */
export async function makeScratchFolder(): Promise<string> {
  tidied ??= removeLeftScratchFolders();
  await tidied;
  return await mkdtemp(`${join(tmpdir(), prefixOf(process.pid))}-`);
}

/**
 * Removes the folders of processes of this machine that are no more. A container has another name, so what it may still use is left;
 * so is what somebody else owns, or what is a link.
 */
export async function removeLeftScratchFolders(): Promise<void> {
  const parent = tmpdir();
  const names = await readdir(parent).catch(() => []);
  await Promise.all(names.filter((name) => isLeft(name)).map((name) => removeOwn(join(parent, name))));
}

function isLeft(name: string): boolean {
  const pid = Number(/^eac-model-git-(\d+)-/.exec(name)?.[1]);
  return Number.isInteger(pid) && name.startsWith(`${prefixOf(pid)}-`) && !isRunning(pid);
}

function prefixOf(pid: number): string {
  const machine = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
  return `eac-model-git-${pid}-${machine}`;
}

async function removeOwn(folder: string): Promise<void> {
  try {
    const found = await lstat(folder);
    if (found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid()))
      await rm(folder, { recursive: true, force: true });
  } catch (error) {
    if (!isErrno(error)) throw error; // What cannot be removed is in nobody's way.
  }
}
