import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { link, readFile, rename, rm, unlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { isMapping } from "../../answers/answers-input.ts";
import { updateRunning } from "../../errors/catalogue/update.ts";
import { isErrno } from "../../errors/is-errno.ts";
import type { ModelRepository } from "./model-repository.ts";

/** The right to change a repository, until it is disposed of. */
export interface UpdateLock extends AsyncDisposable {
  readonly repository: ModelRepository;
}

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly token: string;
}

/** Tokens of the locks that this very process holds. */
const held = new Set<string>();
const attempts = 5;

/** Takes the lock of a repository; one that a dead process of this machine left behind is taken over. */
export async function lockUpdate(repository: ModelRepository): Promise<UpdateLock> {
  mkdirSync(repository.stateFolder, { recursive: true });
  const path = lockPath(repository);
  const mine: Holder = { pid: process.pid, host: hostname(), token: randomUUID() };
  const draft = `${path}-${mine.token}`;
  await writeFile(draft, JSON.stringify(mine), { flag: "wx" });
  try {
    await take(path, draft);
  } finally {
    await rm(draft, { force: true });
  }
  held.add(mine.token);
  return { repository, [Symbol.asyncDispose]: () => release(path, mine.token) };
}

/** Who holds the lock of a repository; undefined where nobody does. Changes nothing. */
export async function lockHolder(repository: ModelRepository): Promise<string | undefined> {
  const holder = await readHolder(lockPath(repository));
  return holder === undefined || isDead(holder) ? undefined : describe(holder);
}

function lockPath(repository: ModelRepository): string {
  return join(repository.stateFolder, "lock");
}

/** A second name for the written draft: the lock appears whole, or somebody else has it. */
async function take(path: string, draft: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await link(draft, path);
      return;
    } catch (error) {
      if (!isErrno(error, "EEXIST")) throw error;
    }
    const holder = await readHolder(path);
    if (holder !== undefined && (!isDead(holder) || attempt === attempts))
      throw updateRunning(describe(holder), path);
    if (holder !== undefined) await removeStale(path, holder);
  }
}

/** Of several processes that find the same stale lock one moves it away; who moved a new one by mistake gives it back. */
async function removeStale(path: string, stale: Holder): Promise<void> {
  const away = `${path}-${randomUUID()}`;
  try {
    await rename(path, away);
  } catch (error) {
    if (isErrno(error, "ENOENT")) return;
    throw error;
  }
  const moved = await readHolder(away);
  if (moved?.token !== stale.token) await link(away, path);
  await unlink(away);
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return parseHolder(await readFile(path, "utf8"));
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
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return isErrno(error, "ESRCH");
  }
}

function describe({ pid, host }: Holder): string {
  return pid === 0 ? "its lock file cannot be read" : `process ${pid} on ${host}`;
}

async function release(path: string, token: string): Promise<void> {
  held.delete(token);
  const holder = await readHolder(path);
  if (holder?.token === token) await rm(path, { force: true });
}
