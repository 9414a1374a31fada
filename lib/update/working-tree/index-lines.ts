import { join } from "node:path";
import type { IndexEntry } from "../../git/read-index.ts";
import type { Conflict, TreeEntry, UpdateEntry, UpdatePlan } from "../update-plan.ts";
import type { Change } from "./changes.ts";
import { journalPlaces } from "./journal.ts";
import type { ModelRepository } from "./model-repository.ts";

export interface IndexLines {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export interface IndexInput {
  /** What the index holds now. */
  readonly entries: readonly IndexEntry[];
  readonly plan: UpdatePlan;
  readonly changes: readonly Change[];
}

interface Side {
  readonly stage: number;
  readonly entry: TreeEntry;
}

/**
 * What git's index has to hold for editors to show the conflicts, and what it holds now for every path that changes,
 * so that undoing the update also undoes a `git add` of it. Nothing is staged but conflicts, and modes where only the index
 * has them. Writes the sides of the conflicts as objects, which nothing refers to yet.
 */
export async function indexLines(
  repository: ModelRepository,
  { entries, plan, changes }: IndexInput,
): Promise<IndexLines> {
  const index = byPath(entries);
  const conflicts = plan.entries.filter(hasConflict);
  const ids = await writeObjects(
    repository,
    conflicts.flatMap(({ conflict }) => sidesOf(conflict)),
  );
  const presentAt = (path: string): readonly IndexEntry[] => index.get(path) ?? [];
  const after = new Map([
    ...modeEdits(repository, changes, presentAt),
    ...conflicts.map(
      ({ path, conflict }) => [path, conflictEntries(presentAt(path), conflict, ids)] as const,
    ),
  ]);
  const before = new Map(
    [...after.keys(), ...changes.map(({ path }) => path)].map((path) => [
      path,
      presentAt(path).map(formatEntry),
    ]),
  );
  const removal = `0 ${"0".repeat(idLength(index))} 0`;
  const lines = (entries: ReadonlyMap<string, readonly string[]>): readonly string[] =>
    [...entries].flatMap(([path, own]) =>
      [removal, ...own].map((line) => `${line}\t${repository.prefix}${path}`),
    );
  return { before: lines(before), after: lines(after) };
}

function byPath(entries: readonly IndexEntry[]): ReadonlyMap<string, readonly IndexEntry[]> {
  const grouped = new Map<string, IndexEntry[]>();
  for (const entry of entries) grouped.set(entry.path, [...(grouped.get(entry.path) ?? []), entry]);
  return grouped;
}

/** Our side is what is staged already, which line-end settings may have made different from the file. */
function conflictEntries(
  present: readonly IndexEntry[],
  conflict: Conflict,
  ids: ReadonlyMap<TreeEntry, string>,
): readonly string[] {
  const ours = present.find(({ stage }) => stage === 0);
  return sidesOf(conflict).map(({ stage, entry }) =>
    stage === 2 && ours ? `${ours.mode} ${ours.objectId} 2` : `${entry.mode} ${ids.get(entry)} ${stage}`,
  );
}

function modeEdits(
  { hasFileModes }: ModelRepository,
  changes: readonly Change[],
  presentAt: (path: string) => readonly IndexEntry[],
): readonly (readonly [string, readonly string[]])[] {
  if (hasFileModes) return [];
  return changes.flatMap(({ path, after }) => {
    const [entry] = presentAt(path);
    if (after === undefined || entry === undefined || entry.mode === after.mode) return [];
    return [[path, [formatEntry({ ...entry, mode: after.mode })]] as const];
  });
}

function formatEntry({ mode, objectId, stage }: IndexEntry): string {
  return `${mode} ${objectId} ${stage}`;
}

function hasConflict(entry: UpdateEntry): entry is UpdateEntry & { readonly conflict: Conflict } {
  return entry.conflict !== undefined;
}

/** A submodule has no bytes of its own to be shown. */
function sidesOf({ base, ours, theirs }: Conflict): readonly Side[] {
  return [base, ours, theirs].flatMap((entry, index) =>
    entry === undefined || entry.mode === "160000" ? [] : [{ stage: index + 1, entry }],
  );
}

async function writeObjects(
  repository: ModelRepository,
  sides: readonly Side[],
): Promise<ReadonlyMap<TreeEntry, string>> {
  if (sides.length === 0) return new Map();
  const { sides: folder } = journalPlaces(repository);
  await repository.disk.makeFolder(folder);
  const paths = sides.map((_, number) => join(folder, String(number)));
  for (const [number, { entry }] of sides.entries()) {
    await repository.disk.createFile({ path: paths[number] ?? "", bytes: entry.bytes, permissions: 0o600 });
  }
  const args = ["hash-object", "-w", "--no-filters", "--stdin-paths"];
  const text = await repository.disk.git(repository.folder, args, paths.map((path) => `${path}\n`).join(""));
  const ids = text.split("\n");
  return new Map(sides.map(({ entry }, number) => [entry, ids[number] ?? ""]));
}

/** SHA-1 has 40 digits, SHA-256 has 64. */
function idLength(index: ReadonlyMap<string, readonly IndexEntry[]>): number {
  const [first] = index.values();
  return first?.[0]?.objectId.length ?? 40;
}
