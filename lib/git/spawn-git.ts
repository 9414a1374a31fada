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

/**
 * Starts git on a repository named by its own folder (the bare repository, or `.git`).
 * Neither the machine's nor the person's configuration takes part, no hook runs, and replaced objects are seen as they are.
 */
export function spawnGit(gitFolder: string, args: readonly string[]): GitConversation {
  const child = spawn("git", [`--git-dir=${gitFolder}`, ...settings, ...args], {
    env: {
      ...gitEnvironment(),
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_NO_REPLACE_OBJECTS: "1",
    },
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
