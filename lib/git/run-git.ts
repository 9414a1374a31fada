import { simpleGit } from "simple-git";
import { gitMissing } from "../errors/catalogue/git.ts";
import { GitError } from "./git-error.ts";

export interface RunGitOptions {
  /** Variables on top of the inherited ones; the place for credentials, never the arguments. */
  readonly env?: Readonly<Record<string, string>>;
  /** What git reads from its standard input. */
  readonly input?: string;
}

/** What simple-git's guard would refuse and may be here: the user's own environment, and settings that this project gives itself. */
const trustedEnvironment = {
  allowUnsafeAskPass: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeDiffExternal: true,
  allowUnsafeEditor: true,
  allowUnsafeExec: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeGitProxy: true,
  allowUnsafeHooksPath: true,
  allowUnsafePager: true,
  allowUnsafeSshCommand: true,
  allowUnsafeTemplateDir: true,
};

/** Runs one git command in a folder and answers its standard output; throws GitError with git's own words. */
export async function runGit(
  folder: string,
  args: readonly string[],
  options: RunGitOptions = {},
): Promise<string> {
  const env = { ...gitEnvironment(), ...options.env };
  try {
    const git = simpleGit({
      baseDir: folder,
      unsafe: trustedEnvironment,
      allowEnvironment: Object.keys(env),
      errors: failureOf,
      completion: endsWithItsStreams,
      ...(options.input === undefined ? {} : { input: () => options.input }),
    }).env(env);
    return await git.raw([...args]);
  } catch (error) {
    throw asGitError(args, error);
  }
}

/** Otherwise a timer of simple-git holds the process for 50 ms after its last command. */
const endsWithItsStreams = { onClose: true, onExit: false } as const;

/** By itself simple-git takes a failure without any words on standard error for a success. */
function failureOf(
  error: Buffer | Error | undefined,
  result: { readonly exitCode: number },
): Buffer | Error | undefined {
  if (error !== undefined || result.exitCode === 0) return error;
  return new Error(quietFailure(result.exitCode));
}

/** Whether git ended with this exit code and said nothing about it, as it does where the code itself is the answer. */
export function endedQuietly(error: unknown, exitCode: number): boolean {
  return error instanceof GitError && error.stderr.endsWith(quietFailure(exitCode));
}

function quietFailure(exitCode: number): string {
  return `git ended with exit code ${exitCode}`;
}

/** Variables that would point git at another repository than the folder it is asked to work in. */
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

/** The error for a git command that failed, with credentials removed from what it said. */
export function asGitError(args: readonly string[], error: unknown): Error {
  const text = messageOf(error);
  if (text.includes("ENOENT")) return gitMissing(error);
  const stderr = text.replaceAll(/\/\/[^/@\s]+@/g, "//***@").trim();
  return new GitError({
    code: "EAC_GIT_FAILED",
    message: `git ${commandOf(args)} failed: ${stderr}`,
    stderr,
    cause: error,
  });
}

/** The command among the settings that may stand before it. */
function commandOf(args: readonly string[]): string {
  return args.find((arg) => /^[a-z][a-z-]*$/.test(arg)) ?? "";
}

function messageOf(error: unknown): string {
  return typeof error === "object" && error !== null && "message" in error
    ? String(error.message)
    : String(error);
}
