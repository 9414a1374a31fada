import { spawn } from "node:child_process";
import { closeSync, existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { localNotStarted, localProjectRefused } from "../errors/catalogue/local.ts";
import type { Secret } from "../errors/secret.ts";
import { textIn } from "./devops/body.ts";
import { daemonFiles, ensureToken, folderOwner, isOwner } from "./daemon-files.ts";
import { readDaemonRecord } from "./daemon-record.ts";
import { openLog } from "./open-log.ts";
import { allOff, type Services } from "./service-status.ts";

/** The local organisation, and what runs beside it, as a person sees it. */
export interface LocalStatus extends Services {
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
  /** Azure DevOps without Databricks and MLflow. */
  readonly onlyDevops: boolean;
  /** Pipelines do not run: what is queued stays so; absent: they run. */
  readonly noPipelines?: boolean;
}

const startTimeoutMs = 20_000;
const stopTimeoutMs = 10_000;
const answerTimeoutMs = 3_000;
const pollMs = 30;

/** Starts the organisation of a folder in a process of its own; one that runs already is left as it is. */
export async function startDaemon(options: DaemonOptions): Promise<LocalStatus> {
  const token = ensureToken(options.folder);
  const folder = realpathSync(options.folder);
  const before = await readStatus(folder);
  const status = before.running ? before : await launch(folder, options);
  for (const project of options.projects) await createProject(status, token, project);
  return status;
}

/** Whether the organisation of a folder runs: its process lives and answers to its token. Makes nothing. */
export async function readStatus(folder: string): Promise<LocalStatus> {
  const record = readDaemonRecord(folder);
  const tokenFile = daemonFiles(folder).token;
  const running =
    record !== undefined &&
    existsSync(tokenFile) &&
    folderOwner(folder) === record.pid &&
    (await answers(record.url, ensureToken(folder)));
  return {
    running,
    folder,
    tokenFile,
    url: running ? record.url : undefined,
    pid: running ? record.pid : undefined,
    ...(running ? record.services : allOff),
  };
}

/** Stops the organisation of a folder, even one that no longer answers, and waits until it is gone; true when there was one. */
export async function stopDaemon(folder: string): Promise<boolean> {
  const pid = folderOwner(folder);
  if (pid === undefined) return false;
  process.kill(pid, "SIGTERM");
  if (!(await isGone(pid, folder))) process.kill(pid, "SIGKILL");
  await isGone(pid, folder);
  return true;
}

/** The token of the organisation of a folder. */
export function readToken(folder: string): Secret {
  return ensureToken(folder);
}

async function launch(folder: string, options: DaemonOptions): Promise<LocalStatus> {
  const wanted = options.port === 0 ? await lastPort(folder) : options.port;
  const child = spawnDaemon(folder, wanted, options);
  const end = Date.now() + startTimeoutMs;
  while (Date.now() < end && (child.exitCode() ?? 0) === 0) {
    const status = await readStatus(folder);
    if (status.running) return status;
    await sleep(pollMs);
  }
  const words = readFileSync(daemonFiles(folder).log).subarray(child.logStart).toString("utf8");
  throw localNotStarted(folder, words.replaceAll(/^\S+Z /gm, ""));
}

interface Daemon {
  /** Null as long as it runs. */
  exitCode(): number | null;
  /** Where its own words begin in the log. */
  readonly logStart: number;
}

/** The working folder is the organisation's own, so that no other folder is kept alive or goes away under it. */
function spawnDaemon(folder: string, port: number, options: DaemonOptions): Daemon {
  const path = daemonFiles(folder).log;
  const log = openLog(path);
  const logStart = statSync(path).size;
  const main = join(import.meta.dirname, "daemon-main.js");
  const words = [main, folder, String(port), ...switchesOf(options)];
  const child = spawn(process.execPath, words, { detached: true, cwd: folder, stdio: ["ignore", log, log] });
  child.unref();
  closeSync(log);
  return { exitCode: () => child.exitCode, logStart };
}

function switchesOf({ onlyDevops, noPipelines }: DaemonOptions): readonly string[] {
  return [...(onlyDevops ? ["only-devops"] : []), ...(noPipelines === true ? ["no-pipelines"] : [])];
}

async function isGone(pid: number, folder: string): Promise<boolean> {
  const end = Date.now() + stopTimeoutMs;
  while (isOwner(pid, folder) && Date.now() < end) await sleep(pollMs);
  return !isOwner(pid, folder);
}

/** The same port as last time keeps remotes and links valid. */
async function lastPort(folder: string): Promise<number> {
  const port = readDaemonRecord(folder)?.port ?? 0;
  if (port === 0) return 0;
  return await new Promise((resolvePort) => {
    const probe = createServer();
    probe.once("error", () => resolvePort(0));
    probe.listen({ host: "127.0.0.1", port }, () => probe.close(() => resolvePort(port)));
  });
}

async function answers(url: string, token: Secret): Promise<boolean> {
  try {
    const response = await fetch(`${url}/_apis/connectionData`, {
      headers: authorization(token),
      signal: AbortSignal.timeout(answerTimeoutMs),
    });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

/** A project that exists already is what we want. */
async function createProject({ url }: LocalStatus, token: Secret, name: string): Promise<void> {
  const response = await fetch(`${url}/_apis/projects`, {
    method: "POST",
    headers: { ...authorization(token), "content-type": "application/json" },
    body: JSON.stringify({ name }),
  });
  const text = await response.text();
  if (response.ok || text.includes("ProjectAlreadyExistsException")) return;
  const answer: unknown = JSON.parse(text);
  throw localProjectRefused(name, textIn(answer, "message") ?? `status ${response.status}`);
}

function authorization(token: Secret): { readonly authorization: string } {
  return { authorization: `Bearer ${token.reveal()}` };
}
