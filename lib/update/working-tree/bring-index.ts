import { setTimeout } from "node:timers/promises";
import { GitError } from "../../git/git-error.ts";
import { headCommit, readIndex } from "../../git/read-index.ts";
import type { Journal } from "./journal.ts";
import type { ModelRepository } from "./model-repository.ts";

const attempts = 20;
const pauseMs = 100;

/**
 * Brings the entries of git's index that the update is about to one side; an editor that holds the index for a moment is waited for.
 * Where commits were made since the update began, they decide about the index, and it is left alone.
 */
export async function bringIndex(
  repository: ModelRepository,
  journal: Journal,
  to: "before" | "after",
): Promise<void> {
  const lines = to === "after" ? journal.indexAfter : journal.indexBefore;
  if (lines.length === 0 || (await isThere(repository, lines))) return;
  if (((await headCommit(repository.folder)) ?? "") !== journal.head) return;
  await write(repository, lines.map((line) => `${line}\0`).join(""));
}

async function write({ disk, folder }: ModelRepository, input: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await disk.git(folder, ["update-index", "-z", "--index-info"], input);
      return;
    } catch (error) {
      if (attempt === attempts || !isLocked(error)) throw error;
      await setTimeout(pauseMs);
    }
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof GitError && error.stderr.includes("index.lock': File exists");
}

/** Whether the index holds exactly these entries for the paths that the lines name. */
async function isThere({ folder, prefix }: ModelRepository, lines: readonly string[]): Promise<boolean> {
  const paths = new Set(lines.map((line) => line.slice(line.indexOf("\t") + 1)));
  const wanted = lines.filter((line) => !line.startsWith("0 "));
  const present = (await readIndex(folder))
    .filter(({ path }) => paths.has(prefix + path))
    .map(({ path, mode, objectId, stage }) => `${mode} ${objectId} ${stage}\t${prefix}${path}`);
  return wanted.toSorted().join("\0") === present.toSorted().join("\0");
}
