import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { findCodeCache } from "./context.ts";
import { loadCached, type Program } from "./load-cached.ts";

/** Commands that end soon, so that loading is much of their time; the others share what is kept. */
const shortTasks: ReadonlySet<string | undefined> = new Set(["init", "update", "check", "provision"]);

/** Loads what runs the commands from the bundle beside this one, as fast as it goes. */
export async function loadRun(): Promise<Program["run"]> {
  const [, , command] = process.argv;
  const isShort = shortTasks.has(command);
  if (isShort) optimizeLater();
  const path = join(import.meta.dirname, "commands.cjs");
  const { run } = loadCached(path, { folder: findCodeCache(), task: isShort ? `${command}` : "others" });
  if (run === undefined) throw new Error(`${path} does not export what runs the commands.`);
  return await Promise.resolve(run);
}

/** Modules of Node that these commands need. */
const neededModules = ["node:child_process", "node:fs/promises", "node:tty", "node:zlib"] as const;

/**
 * V8 begins to optimize after so little work that a command of half a second is over before it gains anything, and has kept the
 * other processor busy. The versions of Node are those that are known to have this setting; it changes nothing but when that begins.
 * Node's own modules come compiled for the settings as they were, so what is needed is loaded first.
 */
function optimizeLater(): void {
  if (!/^v2[0-4]\./.test(process.version)) return;
  for (const name of neededModules) process.getBuiltinModule(name);
  setFlagsFromString("--interrupt-budget=1000000");
}
