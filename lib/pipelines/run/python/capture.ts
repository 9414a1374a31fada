import { execFile } from "node:child_process";

/** The variables of a process. */
export type Environ = Readonly<Record<string, string>>;

/** The standard output of a program; undefined where it failed or was not there. */
export function capture(
  [command = "", ...words]: readonly string[],
  environ: Environ,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(command, words, { env: { ...environ } }, (error, output) => {
      resolve(error === null ? output.trim() : undefined);
    });
  });
}
