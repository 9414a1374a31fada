import { spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { join } from "node:path";
import { openLog } from "../open-log.ts";

/** The variables of a process, as Node has them. */
export type Environ = Readonly<Record<string, string | undefined>>;

export interface BoundProcessOptions {
  /** Any Python from 3.10; it looks after the program. */
  readonly python: string;
  readonly command: readonly string[];
  readonly cwd: string;
  /** All variables the program sees. */
  readonly environ: Environ;
  /** The file that its output is appended to. */
  readonly log: string;
}

/** A program that ends with this process, however this process ends; disposing asks it to end and waits until it is gone. */
export interface BoundProcess extends AsyncDisposable {
  /** Resolves when the program and all that it started are gone: to its exit code, or to undefined where a signal ended it. */
  readonly ended: Promise<number | undefined>;
}

const keeper = join(import.meta.dirname, "run_with_parent.py");

/** Starts a program in a process group of its own. A program that cannot be started has ended, with an exit code that is not 0. */
export function startBoundProcess(options: BoundProcessOptions): BoundProcess {
  const { python, command, cwd, environ } = options;
  const log = openLog(options.log);
  const child = spawn(python, [keeper, ...command], {
    cwd,
    env: environ,
    detached: true,
    stdio: ["pipe", log, log],
  });
  closeSync(log);
  const ended = new Promise<number | undefined>((resolve) => {
    child.once("error", () => resolve(1));
    child.once("exit", (code) => {
      if (child.pid !== undefined) killGroup(child.pid);
      resolve(code ?? undefined);
    });
  });
  // Writing to a program that has just ended is no error of ours.
  child.stdin?.on("error", () => undefined);
  return {
    ended,
    [Symbol.asyncDispose]: async () => {
      child.stdin?.end();
      await ended;
    },
  };
}

/** What the program started and left behind. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing is left, as it should be.
  }
}
