import { answerOf, startGit, type GitConversation } from "./git-process.ts";

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

function start(
  gitFolder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): GitConversation {
  return startGit([`--git-dir=${gitFolder}`, ...settings, ...args], {
    env: { GIT_NO_REPLACE_OBJECTS: "1", ...env },
  });
}
