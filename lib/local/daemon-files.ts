import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Secret } from "../errors/secret.ts";
import { writeFileAtomically } from "./devops/state/write-file-atomically.ts";
import { createToken } from "./start.ts";

/** What a running process leaves in its folder. */
export interface DaemonRecord {
  readonly pid: number;
  readonly url: string;
  readonly port: number;
}

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

/** The token of the folder, made on first use; only its owner can read it. */
export function ensureToken(folder: string): Secret {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { token } = daemonFiles(folder);
  if (!existsSync(token)) writeFileAtomically(token, createToken().reveal());
  return new Secret(readFileSync(token, "utf8").trim());
}

/** The record of the last process, running or not. */
export function readDaemonRecord(folder: string): DaemonRecord | undefined {
  const { record } = daemonFiles(folder);
  if (!existsSync(record)) return undefined;
  const content: DaemonRecord = JSON.parse(readFileSync(record, "utf8"));
  return content;
}

export function writeDaemonRecord(folder: string, record: DaemonRecord): void {
  writeFileAtomically(daemonFiles(folder).record, JSON.stringify(record));
}

/** Claims the folder for this process; false when another living process has it. */
export function claimFolder(folder: string): boolean {
  const { lock } = daemonFiles(folder);
  for (const attempt of [1, 2]) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx", mode: 0o600 });
      return true;
    } catch {
      const owner = Number(existsSync(lock) ? readFileSync(lock, "utf8") : Number.NaN);
      if (attempt === 2 || isRunning(owner)) return false;
      rmSync(lock, { force: true });
    }
  }
  return false;
}

export function releaseFolder(folder: string): void {
  rmSync(daemonFiles(folder).lock, { force: true });
}

/** Whether a process of that number runs. */
export function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
