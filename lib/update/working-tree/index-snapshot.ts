import { lstatSync } from "node:fs";
import { isErrno } from "../../errors/is-errno.ts";
import { readIndex, type IndexEntry } from "../../git/read-index.ts";
import type { ModelRepository } from "./model-repository.ts";

/** git's index below the model's folder, conflicts included, as it was at one moment. */
export interface IndexSnapshot {
  readonly index: readonly IndexEntry[];
  /** Differs from what it was as soon as git has written the index. */
  readonly indexMark: string;
}

/** Reads the index; git is started before this returns its promise. */
export async function readIndexSnapshot(repository: ModelRepository): Promise<IndexSnapshot> {
  const indexMark = markOf(repository); // First: what is written while git reads makes it differ.
  return { index: await readIndex(repository.folder), indexMark };
}

/** Reads the index again unless it is still the file that was read. */
export async function readIndexSince(
  repository: ModelRepository,
  known: IndexSnapshot | undefined,
): Promise<readonly IndexEntry[]> {
  if (known !== undefined && known.indexMark === markOf(repository)) return known.index;
  return await readIndex(repository.folder);
}

/** git never changes the file but puts a new one in its place. */
function markOf({ indexFile }: ModelRepository): string {
  try {
    const { ino, size, mtimeNs, ctimeNs } = lstatSync(indexFile, { bigint: true });
    return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return "absent";
    throw error;
  }
}
