import { homedir } from "node:os";
import { join } from "node:path";

/** Where runs keep what later runs can use again: below XDG_CACHE_HOME, or ~/.cache. */
export function cacheFolder(environ: Readonly<Record<string, string | undefined>>): string {
  const given = environ["XDG_CACHE_HOME"] ?? "";
  return join(given === "" ? join(environ["HOME"] ?? homedir(), ".cache") : given, "eac-model");
}
