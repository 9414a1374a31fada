import { join } from "node:path";
import type { Problem } from "../../errors/eac-error.ts";
import { isErrno } from "../../errors/is-errno.ts";
import { untrackedPaths, type IndexEntry } from "../../git/read-index.ts";
import { isSafePath } from "../safe-path.ts";
import type { EntryMode, Tree, TreeEntry } from "../update-plan.ts";
import { readIndexSnapshot, type IndexSnapshot } from "./index-snapshot.ts";
import type { ModelRepository } from "./model-repository.ts";
import { readEntry, statOf } from "./read-entry.ts";
import { isReachable } from "./reachable.ts";
import { findPaths, type Found } from "./walk.ts";

export interface WorkingTree extends IndexSnapshot {
  /** Our side of the merge. */
  readonly entries: Tree;
  /** What cannot be read or is no file at all; `checkPreconditions` refuses it. */
  readonly problems: readonly Problem[];
}

export interface WantedPaths {
  readonly base: Tree;
  /** The paths of every other tree that takes part. */
  readonly others: readonly Tree[];
  /** Where it is being read already. */
  readonly snapshot?: Promise<IndexSnapshot>;
}

/**
 * Reads our side: every path of the trees that exists, whatever stands in the way of one, twins of one,
 * and, where a file of the base is gone, what it may have been moved to. Changes nothing, follows no link.
 */
export async function readWorkingTree(
  repository: ModelRepository,
  wanted: WantedPaths,
): Promise<WorkingTree> {
  const { index, indexMark } = await (wanted.snapshot ?? readIndexSnapshot(repository));
  const reading = startReading(repository, { index, base: wanted.base });
  for (const found of findPaths(repository.folder, wantedPaths(wanted))) read(reading, found);
  const gone = [...wanted.base.values()].filter(({ path }) => !reading.entries.has(path));
  if (gone.length > 0) {
    const known = new Set(wantedPaths(wanted));
    const others = [...index.map(({ path }) => path), ...(await untrackedPaths(repository.folder))];
    readCandidates(
      reading,
      others.filter((path) => !known.has(path)),
      gone,
    );
  }
  return { entries: reading.entries, index, indexMark, problems: reading.problems };
}

function* wantedPaths({ base, others }: WantedPaths): Generator<string> {
  for (const tree of [base, ...others]) yield* tree.keys();
}

interface Reading {
  readonly repository: ModelRepository;
  readonly modes: ReadonlyMap<string, string>;
  readonly submodules: ReadonlyMap<string, string>;
  readonly base: Tree;
  readonly entries: Map<string, TreeEntry>;
  readonly problems: Problem[];
}

function startReading(
  repository: ModelRepository,
  { index, base }: { readonly index: readonly IndexEntry[]; readonly base: Tree },
): Reading {
  const modes = new Map(index.map(({ path, mode }) => [path, mode]));
  const submodules = new Map(
    index.filter(({ mode }) => mode === "160000").map(({ path, objectId }) => [path, objectId]),
  );
  return { repository, modes, submodules, base, entries: new Map(), problems: [] };
}

function read(reading: Reading, { path, kind }: Found): void {
  if (kind === "repository") {
    const bytes = Buffer.from(reading.submodules.get(path) ?? "");
    reading.entries.set(path, { path, mode: "160000", bytes });
  } else if (kind === "other") {
    reading.problems.push({ path, rule: "no-file", message: "It is neither a file nor a folder." });
  } else {
    readFile(reading, path);
  }
}

function readFile(reading: Reading, path: string): void {
  const { repository, entries, problems } = reading;
  try {
    const entry = readEntry(repository.folder, path);
    if (entry !== undefined) entries.set(path, { ...entry, mode: modeOf(reading, entry) });
  } catch (error) {
    if (!isErrno(error)) throw error;
    problems.push({ path, rule: "unreadable", message: `It cannot be read: ${error.message}.` });
  }
}

/** Where the file system keeps no modes, the index does. */
function modeOf({ repository, modes, base }: Reading, entry: TreeEntry): EntryMode {
  if (repository.hasFileModes || entry.mode === "120000") return entry.mode;
  const known = modes.get(entry.path) ?? base.get(entry.path)?.mode;
  return known === "100755" ? "100755" : "100644";
}

/** A file that was moved and edited is still about as long; longer ones are no templates. */
const mostTimesLonger = 4;
const mostBytes = 1024 * 1024;
const mostCandidates = 5000;

function readCandidates(reading: Reading, paths: readonly string[], gone: readonly TreeEntry[]): void {
  const { folder } = reading.repository;
  const lengths = gone.map(({ bytes }) => bytes.length);
  const least = Math.min(...lengths) / mostTimesLonger;
  const most = Math.min(mostBytes, Math.max(...lengths) * mostTimesLonger);
  const candidates = paths.filter((path) => {
    if (!isSafePath(path) || reading.entries.has(path) || !isReachable(folder, path)) return false;
    const stats = statOf(join(folder, path));
    return stats?.isFile() === true && stats.size >= least && stats.size <= most;
  });
  for (const path of candidates.slice(0, mostCandidates)) readFile(reading, path);
}
