import { join } from "node:path";
import { findCodeCache } from "./context.ts";
import { loadCached, type Program } from "./load-cached.ts";

/** Commands that end soon, so that loading is much of their time; the others share what is kept. */
const shortTasks: ReadonlySet<string | undefined> = new Set(["init", "update", "check", "provision"]);

/** Loads what runs the commands from the bundle beside this one, as fast as it goes. */
export async function loadRun(): Promise<Program["run"]> {
  const [, , command] = process.argv;
  const task = command !== undefined && shortTasks.has(command) ? command : "others";
  const path = join(import.meta.dirname, "commands.cjs");
  const { run } = loadCached(path, { folder: findCodeCache(), task });
  if (run === undefined) throw new Error(`${path} does not export what runs the commands.`);
  return await Promise.resolve(run);
}
