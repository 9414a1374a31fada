import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { localNotStarted } from "../errors/catalogue/local.ts";
import type { Secret } from "../errors/secret.ts";
import { daemonFiles, ensureToken, isRunning, readDaemonRecord } from "./daemon-files.ts";
import { defaultProject } from "./start.ts";

/** The local organisation as a person sees it. */
export interface LocalStatus {
  readonly running: boolean;
  readonly url: string | undefined;
  readonly pid: number | undefined;
  readonly folder: string;
  readonly tokenFile: string;
}

export interface DaemonOptions {
  readonly folder: string;
  /** 0: the port of last time where it is free, else any. */
  readonly port: number;
  readonly projects: readonly string[];
}

const startTimeoutMs = 20_000;
const stopTimeoutMs = 10_000;
const pollMs = 30;
const logTail = 600;

/** Starts the organisation of a folder in a process of its own; one that runs already is left as it is. */
export async function startDaemon(options: DaemonOptions): Promise<LocalStatus> {
  const { folder } = options;
  const token = ensureToken(folder);
  const before = await readStatus(folder);
  const status = before.running ? before : await launch(options);
  for (const project of options.projects) await createProject(status, token, project);
  return status;
}

/** Whether the organisation of a folder runs: its process lives and answers to its token. */
export async function readStatus(folder: string): Promise<LocalStatus> {
  const record = readDaemonRecord(folder);
  const tokenFile = daemonFiles(folder).token;
  const running =
    record !== undefined && isRunning(record.pid) && (await answers(record.url, ensureToken(folder)));
  return {
    running,
    folder,
    tokenFile,
    url: running ? record.url : undefined,
    pid: running ? record.pid : undefined,
  };
}

/** Stops the organisation of a folder and waits until it is gone; true when there was one. */
export async function stopDaemon(folder: string): Promise<boolean> {
  const { running, pid } = await readStatus(folder);
  if (!running || pid === undefined) return false;
  process.kill(pid, "SIGTERM");
  const end = Date.now() + stopTimeoutMs;
  while (isRunning(pid) && Date.now() < end) await sleep(pollMs);
  if (isRunning(pid)) process.kill(pid, "SIGKILL");
  return true;
}

/** The token of the organisation of a folder. */
export function readToken(folder: string): Secret {
  return ensureToken(folder);
}

async function launch({ folder, port, projects }: DaemonOptions): Promise<LocalStatus> {
  const files = daemonFiles(folder);
  const wanted = port === 0 ? await lastPort(folder) : port;
  const log = openSync(files.log, "w", 0o600);
  const main = join(
    import.meta.dirname,
    import.meta.filename.endsWith(".ts") ? "daemon-main.ts" : "daemon-main.js",
  );
  const child = spawn(process.execPath, [main, folder, String(wanted), defaultProject, ...projects], {
    detached: true,
    stdio: ["ignore", log, log],
  });
  child.unref();
  closeSync(log);
  const end = Date.now() + startTimeoutMs;
  while (Date.now() < end) {
    const status = await readStatus(folder);
    if (status.running) return status;
    if (child.exitCode !== null && child.exitCode !== 0) break;
    await sleep(pollMs);
  }
  throw localNotStarted(folder, existsSync(files.log) ? readFileSync(files.log, "utf8").slice(-logTail) : "");
}

/** The same port as last time keeps remotes and links valid. */
async function lastPort(folder: string): Promise<number> {
  const port = readDaemonRecord(folder)?.port ?? 0;
  if (port === 0) return 0;
  return await new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(0));
    probe.listen({ host: "127.0.0.1", port }, () => probe.close(() => resolve(port)));
  });
}

async function answers(url: string, token: Secret): Promise<boolean> {
  try {
    const response = await fetch(`${url}/_apis/connectionData`, { headers: authorization(token) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

/** A project that exists is refused by the service, which is what we want. */
async function createProject({ url }: LocalStatus, token: Secret, name: string): Promise<void> {
  const response = await fetch(`${url}/_apis/projects`, {
    method: "POST",
    headers: { ...authorization(token), "content-type": "application/json" },
    body: JSON.stringify({ name }),
  });
  await response.arrayBuffer();
}

function authorization(token: Secret): { readonly authorization: string } {
  return { authorization: `Bearer ${token.reveal()}` };
}
