import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { asGitError, gitEnvironment } from "./run-git.ts";

/** A running git command that is talked to through its standard streams. */
export interface GitConversation {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves when git ended well; rejects with git's own words when it did not. */
  readonly ended: Promise<void>;
}

/** A pack of its own for every commit is quicker than a file for every object; git collects small packs later. */
const settings = ["-c", "core.hooksPath=/dev/null", "-c", "fastimport.unpackLimit=1"];

const noConfiguration = { GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" } as const;

/**
 * Starts git on a repository named by its own folder (the bare repository, or `.git`).
 * No hook runs, replaced objects are seen as they are, and neither the machine's nor the person's configuration takes part.
 */
export function spawnGit(gitFolder: string, args: readonly string[]): GitConversation {
  return start(gitFolder, args, noConfiguration);
}

/** The same for one that talks to a server: with the configuration that leads there, such as a proxy, and a credential in `env`. */
export async function askServer(
  gitFolder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  return await answerOf(start(gitFolder, args, env));
}

/** Runs git to its end and answers its standard output. */
export async function askGit(gitFolder: string, args: readonly string[]): Promise<string> {
  return await answerOf(spawnGit(gitFolder, args));
}

async function answerOf({ child, ended }: GitConversation): Promise<string> {
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => void chunks.push(chunk));
  child.stdin.end();
  await ended;
  return Buffer.concat(chunks).toString("utf8");
}

function start(
  gitFolder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): GitConversation {
  const child = spawn("git", [`--git-dir=${gitFolder}`, ...settings, ...args], {
    env: { ...gitEnvironment(), GIT_NO_REPLACE_OBJECTS: "1", ...env },
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
  child.stdin.on("error", () => undefined); // A git that ended early has said why.
  const ended = new Promise<void>((resolve, reject) => {
    child.once("error", (error) => reject(asGitError(args, error)));
    child.once("close", (code) => {
      if (code === 0) resolve();
      else reject(asGitError(args, new Error(said.trim() || `git ended with exit code ${code}`)));
    });
  });
  ended.catch(() => undefined); // Whoever waits for an answer is told.
  return { child, ended };
}
