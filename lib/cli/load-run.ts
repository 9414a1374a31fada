import type { Program } from "./load-cached.ts";

/** Loads what runs the commands. In the bundle load-cached-run.ts takes the place of this module (scripts/build.mjs). */
export async function loadRun(): Promise<Program["run"]> {
  const { run } = await import("./run.ts");
  return run;
}
