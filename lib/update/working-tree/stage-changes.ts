import { join } from "node:path";
import { isErrno } from "../../errors/is-errno.ts";
import type { TreeEntry } from "../update-plan.ts";
import type { Change } from "./changes.ts";
import { allDone } from "./all-done.ts";
import { hasNoLinks } from "./has-no-links.ts";
import { journalPlaces } from "./journal.ts";
import type { ModelRepository } from "./model-repository.ts";
import { statOf } from "./read-entry.ts";

const atOnce = 16;

/** Keeps both sides of every change beside the journal: the new files ready to be moved in place, the old ones to be put back. */
export async function stageChanges(repository: ModelRepository, changes: readonly Change[]): Promise<void> {
  const { before, after } = journalPlaces(repository);
  await repository.disk.makeFolder(before);
  await repository.disk.makeFolder(after);
  const tasks = changes.flatMap((change, number) => [
    () => stageAfter(repository, change, join(after, String(number))),
    () => keepBefore(repository, change, join(before, String(number))),
  ]);
  for (let start = 0; start < tasks.length; start += atOnce) {
    await allDone(tasks.slice(start, start + atOnce).map((task) => task()));
  }
}

async function stageAfter(repository: ModelRepository, change: Change, place: string): Promise<void> {
  if (change.after === undefined) return;
  await create(repository, change.after, { path: place, permissions: permissionsAfter(repository, change) });
}

/** A second name costs nothing and keeps times and owner; where the file system has none, a copy does. */
async function keepBefore(repository: ModelRepository, change: Change, place: string): Promise<void> {
  if (change.before === undefined) return;
  const target = join(repository.folder, change.path);
  try {
    if (change.before.mode !== "120000") return await repository.disk.linkFile(target, place);
  } catch (error) {
    if (!isErrno(error) || !hasNoLinks(error)) throw error;
  }
  const permissions = (statOf(target)?.mode ?? 0o644) & 0o777;
  await create(repository, change.before, { path: place, permissions });
}

async function create(
  { disk }: ModelRepository,
  { mode, bytes }: TreeEntry,
  place: { readonly path: string; readonly permissions: number },
): Promise<void> {
  if (mode === "120000") await disk.createSymlink(place.path, bytes);
  else await disk.createFile({ ...place, bytes });
}

/** A file that is replaced keeps who may read and write it; who may read it may run it where it is executable. */
function permissionsAfter({ folder }: ModelRepository, { path, after }: Change): number {
  const present = statOf(join(folder, path));
  const readable = present?.isFile() ? present.mode & 0o666 : 0o666 & ~process.umask();
  return after?.mode === "100755" ? readable | ((readable & 0o444) >> 2) : readable;
}
