import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { LineSplitter } from "./split-lines.ts";
import { Watchdog } from "./watchdog.ts";

export interface ProgramOptions {
  readonly command: string;
  readonly words: readonly string[];
  readonly cwd: string;
  /** All that the program sees of the environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends the program and everything that it started. */
  readonly signal: AbortSignal;
  readonly onLine: (text: string, stream: "output" | "error") => void;
  /** How much of a line that is too long may be told by itself; absent: all. */
  readonly uncut?: (text: string) => number;
}

/** How a program ended. */
export interface ProgramEnd {
  /** Undefined where a signal ended it, or where it was never started. */
  readonly exitCode: number | undefined;
  /** Whether it ended because it was told to. */
  readonly wasStopped: boolean;
  /** Why it could not be started. */
  readonly notStarted?: string;
}

/** A program has that long to end by itself when it is asked to. */
const graceMs = 3_000;
/** What a program left running may hold its output open; nobody waits for that longer. */
const lastWordsMs = 500;
/** Programs hand it on to those that they start, so that these are found again whatever they do. */
const marker = "EAC_MODEL_JOB";

const living = new Set<Programs>();
let isClosed = false;
/** Part of the marker of every job of this process. */
const self = randomUUID();
let watchdog: Watchdog | undefined;

/** The programs of one job, and all that they start; disposing ends what is left of them. */
export class Programs implements AsyncDisposable {
  private readonly id = `${self}.${randomUUID()}`;
  private readonly groups = new Set<number>();

  constructor() {
    living.add(this);
  }

  /** Runs a program to its end, in a process group of its own. What it leaves in the background runs until the job ends, as on an agent. */
  async run(options: ProgramOptions): Promise<ProgramEnd> {
    if (isClosed || options.signal.aborted) return { exitCode: undefined, wasStopped: true };
    const { command, words, cwd, env, signal } = options;
    watchdog ??= new Watchdog(`${marker}=${self}.`);
    const child = spawn(command, words, {
      cwd,
      env: { ...env, [marker]: this.id },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    if (child.pid !== undefined) this.keep(child.pid);
    const stop = (): void => void this.stop(child.pid);
    signal.addEventListener("abort", stop, { once: true });
    const output = [read(child.stdout, options, "output"), read(child.stderr, options, "error")];
    const end = await endOf(child);
    signal.removeEventListener("abort", stop);
    if (signal.aborted) signalGroup(child.pid, "SIGKILL");
    await Promise.race([
      Promise.all(output.map(({ ended }) => ended)),
      sleep(lastWordsMs, undefined, { ref: false }),
    ]);
    for (const { finish } of output) finish();
    return { ...end, wasStopped: signal.aborted };
  }

  private keep(group: number): void {
    this.groups.add(group);
    watchdog?.watch(group);
  }

  private async stop(pid: number | undefined): Promise<void> {
    signalGroup(pid, "SIGTERM");
    await sleep(graceMs, undefined, { ref: false });
    signalGroup(pid, "SIGKILL");
  }

  /** Kills what still runs. */
  end(): void {
    for (const pid of this.groups) signalGroup(pid, "SIGKILL");
    for (const pid of markedWith(`${marker}=${this.id}`)) kill(pid, "SIGKILL");
    for (const pid of this.groups) watchdog?.release(pid);
    this.groups.clear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.end();
    living.delete(this);
    return Promise.resolve();
  }
}

/** Kills the programs of every job and lets no other begin: for the end of this process. */
export function endAllPrograms(): void {
  isClosed = true;
  for (const programs of living) programs.end();
}

function endOf(child: ChildProcess): Promise<Omit<ProgramEnd, "wasStopped">> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ exitCode: undefined, notStarted: error.message }));
    child.once("exit", (code) => resolve({ exitCode: code ?? undefined }));
  });
}

function read(
  stream: Readable,
  { onLine, uncut }: ProgramOptions,
  name: "output" | "error",
): { readonly ended: Promise<void>; readonly finish: () => void } {
  const lines = new LineSplitter((text) => onLine(text, name), uncut);
  stream.on("data", (chunk: Buffer) => lines.write(chunk));
  const ended = new Promise<void>((resolve) => void stream.once("close", resolve));
  const finish = (): void => {
    stream.removeAllListeners("data").destroy();
    lines.end();
  };
  return { ended, finish };
}

/** Where the system shows the environment of processes, those that carry the marker, whatever group they are in. */
function markedWith(text: string): readonly number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => environmentOf(name).includes(text))
    .map(Number);
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch {
    return "";
  }
}

function signalGroup(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid !== undefined) kill(-pid, name);
}

function kill(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone, as it should be.
  }
}
