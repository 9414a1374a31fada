import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { isObject, type JsonObject } from "../../devops/body.ts";

export interface PythonWork {
  readonly python: string;
  /** What run_notebook.py is to do; handed over on standard input, because arguments are seen by every user of the machine. */
  readonly task: JsonObject;
  readonly cwd: string;
  /** All variables the process sees. */
  readonly environ: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface PythonResult {
  /** Undefined where a signal ended it. */
  readonly exitCode: number | undefined;
  /** What it and its children wrote to standard output and standard error; of very much, the end. */
  readonly output: string;
  readonly isTruncated: boolean;
  /** What run_notebook.py says of the task; undefined where it had no time to say anything. */
  readonly report: JsonObject | undefined;
}

const runner = join(import.meta.dirname, "..", "run_notebook.py");
const largestOutput = 5 * 1024 * 1024;

/** Runs a task in a process group of its own, which ends with the signal and with this process. */
export function runPython({ python, task, cwd, environ, signal }: PythonWork): Promise<PythonResult> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      resolve({ exitCode: undefined, output: "", isTruncated: false, report: undefined });
      return;
    }
    const child = spawn(python, ["-u", "-B", runner], {
      cwd,
      env: environ,
      detached: true,
      stdio: ["pipe", "pipe", "pipe", "pipe"],
    });
    const output = collect(child, [1, 2], largestOutput);
    const report = collect(child, [3], largestOutput * 4);
    const stop = (): void => killGroup(child);
    signal.addEventListener("abort", stop, { once: true });
    child.once("error", reject);
    // Whatever the task left running would keep the output open.
    child.once("exit", stop);
    child.once("close", (code) => {
      signal.removeEventListener("abort", stop);
      const { text, isTruncated } = output();
      resolve({ exitCode: code ?? undefined, output: text, isTruncated, report: parse(report().text) });
    });
    // The process reads one line and then waits for the end of its input, to end with this process. One that has just ended is no error.
    child.stdin.on("error", () => undefined);
    child.stdin.write(`${JSON.stringify(task)}\n`);
  });
}

/** Gathers what comes out of streams, the end of it where it is more than fits. */
function collect(
  child: ChildProcess,
  streams: readonly number[],
  largest: number,
): () => { readonly text: string; readonly isTruncated: boolean } {
  const chunks: Buffer[] = [];
  let size = 0;
  let isTruncated = false;
  for (const stream of streams) {
    child.stdio[stream]?.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      while (size - (chunks[0]?.length ?? 0) >= largest) {
        size -= chunks.shift()?.length ?? 0;
        isTruncated = true;
      }
    });
  }
  return () => ({ text: Buffer.concat(chunks).toString("utf8"), isTruncated });
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group is gone already.
  }
}

function parse(text: string): JsonObject | undefined {
  try {
    const report: unknown = JSON.parse(text);
    return isObject(report) ? report : undefined;
  } catch {
    return undefined;
  }
}
