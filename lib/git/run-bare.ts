import { GitError } from "./git-error.ts";
import { runGit } from "./run-git.ts";

/** Runs git for a server: neither the machine's nor the person's configuration takes part. */
export function runBare(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  return runGit(folder, args, { env: { GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null", ...env } });
}

/** The same, where a refusal of git is an answer: undefined. */
export async function tryBare(folder: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return await runBare(folder, args);
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}
