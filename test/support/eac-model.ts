import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export interface CommandResult {
  readonly code: number;
  readonly output: string;
  readonly error: string;
}

export interface CommandOptions {
  readonly cwd: string;
  /** On top of a bare environment: PATH, an empty HOME, and an identity for git. Compiled code is shared.  */
  readonly env?: Readonly<Record<string, string>>;
  /** Kills the process, as a power cut does, when it runs that long. */
  readonly killAfterMs?: number;
  /** Kills it as soon as this is true. */
  readonly killWhen?: () => boolean;
  /** Another copy of this package; default: this one. */
  readonly package?: string;
}

/** They keep more than compiled code in the cache, and get an empty one. */
const runsPipelines: ReadonlySet<string | undefined> = new Set(["run", "local"]);

/** Runs the built command line as a person without a terminal would. */
export function eacModel(
  words: readonly string[],
  { cwd, env = {}, killAfterMs = 0, killWhen, package: folder = root }: CommandOptions,
): Promise<CommandResult> {
  const bare = {
    PATH: process.env["PATH"] ?? "",
    HOME: cwd,
    ...(runsPipelines.has(words[0]) ? {} : { XDG_CACHE_HOME: join(root, ".cache", "tests") }),
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "Test Person",
    GIT_AUTHOR_EMAIL: "test.person@example.com",
    GIT_COMMITTER_NAME: "Test Person",
    GIT_COMMITTER_EMAIL: "test.person@example.com",
  };
  return new Promise((resolve) => {
    const main = join(folder, "dist", "bin", "eac-model.cjs");
    const child = execFile(
      process.execPath,
      [main, ...words],
      {
        cwd,
        env: { ...bare, ...env },
        killSignal: "SIGKILL" as const,
        timeout: killAfterMs,
      },
      (_error, output, error) => {
        clearInterval(watch);
        resolve({ code: child.exitCode ?? -1, output, error });
      },
    );
    const watch = setInterval(() => killWhen?.() === true && child.kill("SIGKILL"), 1);
    child.stdin?.end();
  });
}
