import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync } from "node:fs";
import { gitMissing } from "../errors/catalogue/git.ts";
import { GitError } from "./git-error.ts";

/** A running git command that is talked to through its standard streams. */
export interface GitConversation {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves when git ended well; rejects with git's own words when it did not. */
  readonly ended: Promise<void>;
}

export interface GitSurroundings {
  /** Where git runs; absent where the arguments name the repository. */
  readonly folder?: string;
  /** Variables on top of the inherited ones. */
  readonly env: Readonly<Record<string, string>>;
}

/** Starts git, without a shell, and without the variables of this process that would point it at another repository. */
export function startGit(args: readonly string[], { folder, env }: GitSurroundings): GitConversation {
  const child = spawn("git", args, {
    cwd: folder,
    env: { ...gitEnvironment(), ...env },
    windowsHide: true,
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
  child.stdin.on("error", () => undefined); // A git that ended early has said why.
  const ended = new Promise<void>((resolve, reject) => {
    child.once("error", (error) => reject(notStarted(args, folder, error)));
    child.once("close", (code) => {
      if (code === 0) resolve();
      else reject(gitFailure(args, said.trim() || quietFailure(code)));
    });
  });
  ended.catch(() => undefined); // Whoever waits for an answer is told.
  return { child, ended };
}

/** What git writes to its standard output until its end. */
export async function answerOf({ child, ended }: GitConversation, input = ""): Promise<string> {
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => void chunks.push(chunk));
  child.stdin.end(input);
  await ended;
  return Buffer.concat(chunks).toString("utf8");
}

/** Whether git ended with this exit code and said nothing about it, as it does where the code itself is the answer. */
export function endedQuietly(error: unknown, exitCode: number): boolean {
  return error instanceof GitError && error.stderr.endsWith(quietFailure(exitCode));
}

/** The words for a git that failed without any. */
export function quietFailure(exitCode: number | null): string {
  return exitCode === null ? "git was stopped by a signal" : `git ended with exit code ${exitCode}`;
}

const repositoryVariables = new Set([
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_OBJECT_DIRECTORY",
  "GIT_PREFIX",
]);

/** The variables of this process that git may see; it never asks at the terminal, and speaks English. */
export function gitEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).flatMap(([key, value]) =>
    value === undefined || repositoryVariables.has(key) ? [] : [[key, value]],
  );
  return { ...Object.fromEntries(entries), GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };
}

/** Node says the same of a program and of a folder that is not there. */
function notStarted(
  args: readonly string[],
  folder: string | undefined,
  error: NodeJS.ErrnoException,
): Error {
  if (error.code === "ENOENT" && (folder === undefined || existsSync(folder))) return gitMissing(error);
  return gitFailure(args, `it cannot run in ${folder}: ${error.message}`, error);
}

/** The error for a git command that failed, with credentials removed from what it said. */
export function gitFailure(args: readonly string[], said: string, cause?: unknown): GitError {
  const stderr = said.replaceAll(/\/\/[^/@\s]+@/g, "//***@");
  return new GitError({
    code: "EAC_GIT_FAILED",
    message: `git ${commandOf(args)} failed: ${stderr}`,
    stderr,
    cause,
  });
}

/** The command among the settings that may stand before it. */
function commandOf(args: readonly string[]): string {
  return args.find((arg) => /^[a-z][a-z-]*$/.test(arg)) ?? "";
}
