import { randomUUID } from "node:crypto";
import {
  constants,
  copyFileSync,
  linkSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { setTimeout } from "node:timers/promises";
import { isMapping } from "../answers/answers-input.ts";
import { isErrno } from "../errors/is-errno.ts";
import { isRunning } from "../errors/is-running.ts";
import { hasNoLinks } from "./working-tree/has-no-links.ts";

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly token: string;
}

export interface LockFileOptions {
  /** The error that says who holds the lock. */
  readonly running: (who: string, lockFile: string) => Error;
}

/** Tokens of the locks that this very process holds. */
const held = new Set<string>();
const attempts = 100;
const pauseMs = 20;
const guardMs = 10_000;

/** Takes a lock that is a file; one that a dead process of this machine left behind is taken over. */
export async function takeLockFile(path: string, { running }: LockFileOptions): Promise<AsyncDisposable> {
  const mine: Holder = { pid: process.pid, host: hostname(), token: randomUUID() };
  const draft = `${path}-${mine.token}`;
  held.add(mine.token);
  try {
    writeFileSync(draft, JSON.stringify(mine), { flag: "wx" });
    await take(path, draft, running);
  } catch (error) {
    held.delete(mine.token);
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return { [Symbol.asyncDispose]: () => release(path, mine.token) };
}

/** Who holds a lock; undefined where nobody does. Changes nothing. */
export async function lockFileHolder(path: string): Promise<string | undefined> {
  const holder = readHolder(path);
  return holder === undefined || isDead(holder) ? undefined : describe(holder);
}

async function take(path: string, draft: string, running: LockFileOptions["running"]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    if (appears(path, draft)) return;
    const holder = readHolder(path);
    if (holder === undefined) continue;
    if (!isDead(holder) || attempt === attempts) throw running(describe(holder), path);
    await removeStale(path, holder);
  }
}

/** A second name for the written draft: the lock appears whole, or somebody else has it. */
function appears(path: string, draft: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (isErrno(error, "EEXIST")) return false;
    if (!isErrno(error) || !hasNoLinks(error)) throw error;
  }
  try {
    copyFileSync(draft, path, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (isErrno(error, "EEXIST")) return false;
    throw error;
  }
}

/** Of several processes that find the same stale lock only the one with the guard may remove it, so that none removes a new one. */
async function removeStale(path: string, stale: Holder): Promise<void> {
  const guard = `${path}-takeover`;
  try {
    writeFileSync(guard, "", { flag: "wx" });
  } catch (error) {
    if (!isErrno(error, "EEXIST")) throw error;
    await forgetOldGuard(guard);
    return;
  }
  try {
    const present = readHolder(path);
    if (present?.token === stale.token) unlinkSync(path);
  } finally {
    rmSync(guard, { force: true });
  }
}

/** The guard is needed for a moment only; its process died when it is still there later. */
async function forgetOldGuard(guard: string): Promise<void> {
  const age = Date.now() - modifiedAt(guard);
  if (age > guardMs) rmSync(guard, { force: true });
  else await setTimeout(pauseMs);
}

function modifiedAt(path: string): number {
  try {
    return statSync(path).mtimeMs;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return Date.now();
    throw error;
  }
}

function readHolder(path: string): Holder | undefined {
  try {
    return parseHolder(readFileSync(path, "utf8"));
  } catch (error) {
    if (isErrno(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** A lock that cannot be read was not written by us, so a person has to look at it. */
function parseHolder(text: string): Holder {
  const unknown = { pid: 0, host: "", token: "" };
  try {
    const value: unknown = JSON.parse(text);
    if (!isMapping(value)) return unknown;
    const { pid, host, token } = value;
    return typeof pid === "number" && typeof host === "string" && typeof token === "string"
      ? { pid, host, token }
      : unknown;
  } catch {
    return unknown;
  }
}

/** Only for a process of this machine can it be known; a container has another name. */
function isDead({ pid, host, token }: Holder): boolean {
  if (host !== hostname() || !Number.isInteger(pid) || pid < 1) return false;
  if (pid === process.pid) return !held.has(token);
  return !isRunning(pid);
}

function describe({ pid, host }: Holder): string {
  return pid === 0 ? "its lock file cannot be read" : `process ${pid} on ${host}`;
}

async function release(path: string, token: string): Promise<void> {
  held.delete(token);
  const holder = readHolder(path);
  if (holder?.token === token) rmSync(path, { force: true });
}
