import { runGit } from "./run-git.ts";

/**
 * Runs a plumbing command whose result depends on nobody's configuration: no hook, no file system monitor,
 * no pathspec magic, and no lock that the command could do without, so that reading never changes a byte.
 */
export function runPlumbing(folder: string, args: readonly string[], input?: string): Promise<string> {
  const options = input === undefined ? {} : { input };
  return runGit(folder, [...fixedSettings, ...args], options);
}

const fixedSettings = [
  "--no-optional-locks",
  "--literal-pathspecs",
  "-c",
  "core.hooksPath=/dev/null",
  "-c",
  "core.fsmonitor=false",
] as const;
