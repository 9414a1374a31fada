import { answerOf, startGit } from "./git-process.ts";

/**
 * Runs a plumbing command whose result depends on nobody's configuration: no hook, no file system monitor,
 * no pathspec magic, and no lock that the command could do without, so that reading never changes a byte.
 */
export function runPlumbing(folder: string, args: readonly string[], input?: string): Promise<string> {
  // Without simple-git between, which takes as long as such a command; an update waits for several of them.
  return answerOf(startGit([...fixedSettings, ...args], { folder, env: {} }), input);
}

const fixedSettings = [
  "--no-optional-locks",
  "--literal-pathspecs",
  "-c",
  "core.hooksPath=/dev/null",
  "-c",
  "core.fsmonitor=false",
] as const;
