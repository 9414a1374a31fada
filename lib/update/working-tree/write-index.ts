import { setTimeout } from "node:timers/promises";
import type { ModelRepository } from "./model-repository.ts";

const attempts = 20;
const pauseMs = 100;

/** Writes entries into git's index; an editor that holds its lock for a moment is waited for. */
export async function writeIndex(repository: ModelRepository, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  const input = lines.map((line) => `${line}\0`).join("");
  for (let attempt = 1; ; attempt++) {
    try {
      await repository.disk.git(repository.folder, ["update-index", "-z", "--index-info"], input);
      return;
    } catch (error) {
      if (attempt === attempts || !(error instanceof Error && error.message.includes("index.lock")))
        throw error;
      await setTimeout(pauseMs);
    }
  }
}
