import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { uptime } from "node:os";
import { join } from "node:path";
import { localFolderUnusable } from "../errors/catalogue/local.ts";
import { isErrno } from "../errors/is-errno.ts";
import { isRunning } from "../errors/is-running.ts";
import { Secret } from "../errors/secret.ts";
import { createToken } from "./start.ts";

/** Paths of the files of a local organisation. */
export interface DaemonFiles {
  readonly record: string;
  readonly token: string;
  readonly lock: string;
  readonly log: string;
}

export function daemonFiles(folder: string): DaemonFiles {
  const path = (name: string): string => join(folder, name);
  return {
    record: path("daemon.json"),
    token: path("token"),
    lock: path("daemon.lock"),
    log: path("server.log"),
  };
}

/** What a token has to be at least: 256 random bits in base64url. */
const tokenForm = /^[\w-]{43,}$/;

/** The token of the folder, made on first use; only its owner can read it, and of two that make it at once both get the same. */
export function ensureToken(folder: string): Secret {
  const { token } = daemonFiles(folder);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // A crash of the machine can leave an empty file.
    if (existsSync(token) && statSync(token).size === 0) rmSync(token);
    createOnce(token, createToken().reveal());
    chmodSync(token, 0o600);
    const text = readFileSync(token, "utf8").trim();
    if (tokenForm.test(text)) return new Secret(text);
    throw new Error("its file `token` does not hold a token; delete it to get a new one");
  } catch (error) {
    throw localFolderUnusable(folder, error);
  }
}

/** Claims the folder for this process; false when another living process has it. */
export function claimFolder(folder: string): boolean {
  const { lock } = daemonFiles(folder);
  const own = String(process.pid);
  if (createOnce(lock, own)) return true;
  if (folderOwner(folder) !== undefined) return false;
  removeStaleLock(lock);
  return createOnce(lock, own);
}

/** Takes a dead process's lock away, but not the one that a faster process may have made since we looked. */
function removeStaleLock(lock: string): void {
  const aside = `${lock}.${process.pid}.old`;
  try {
    const stale = readFileSync(lock, "utf8");
    renameSync(lock, aside);
    if (readFileSync(aside, "utf8") !== stale) linkSync(aside, lock);
  } catch (error) {
    if (!isErrno(error, "ENOENT") && !isErrno(error, "EEXIST")) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

export function releaseFolder(folder: string): void {
  rmSync(daemonFiles(folder).lock, { force: true });
}

/** The number of the living process that has the folder, answering or not. A number that another program got since is none. */
export function folderOwner(folder: string): number | undefined {
  const { lock } = daemonFiles(folder);
  try {
    const pid = Number(readFileSync(lock, "utf8"));
    return isOwner(pid, folder) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether a process of that number runs and has this folder. Where the system tells what a process runs, we look; elsewhere its lock
 * must not be older than the machine's last start. A process that has ended and waits for its parent runs nothing.
 */
export function isOwner(pid: number, folder: string): boolean {
  if (!isRunning(pid)) return false;
  try {
    if (!existsSync("/proc/self/cmdline"))
      return statSync(daemonFiles(folder).lock).mtimeMs > Date.now() - uptime() * 1000;
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return words.some((word) => word.includes("daemon-main")) && words.includes(realpathSync(folder));
  } catch {
    return false;
  }
}

/** Writes a file that is there as a whole or not at all; false where it exists. */
function createOnce(path: string, text: string): boolean {
  if (existsSync(path)) return false;
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600, flush: true });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (isErrno(error, "EEXIST")) return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
