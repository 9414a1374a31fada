import { openSync, statSync } from "node:fs";

const largestLog = 1024 * 1024;

/** Opens a log for its owner only, to go on where it ends; one that has become large begins anew. */
export function openLog(path: string): number {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return openSync(path, size < largestLog ? "a" : "w", 0o600);
}
