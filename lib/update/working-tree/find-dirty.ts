import { byPath } from "../../template/by-path.ts";
import { createHash } from "node:crypto";
import type { Problem } from "../../errors/eac-error.ts";
import { GitError } from "../../git/git-error.ts";
import { hashAsAdded, type IndexEntry } from "../../git/read-index.ts";
import type { Tree, TreeEntry } from "../update-plan.ts";
import type { ModelRepository } from "./model-repository.ts";
import { isReachable } from "./reachable.ts";
import { readEntry } from "./read-entry.ts";

export interface DirtyInput {
  readonly index: readonly IndexEntry[];
  /** What the newest commit holds below the model's folder. */
  readonly head: readonly IndexEntry[];
  readonly paths: ReadonlySet<string>;
  /** What was read of the work tree already. */
  readonly entries: Tree;
}

/**
 * The paths among these whose work is not committed: staged, changed or deleted since.
 * git's own shortcuts (times, assume-unchanged, sparse checkout) are not trusted: the bytes are compared.
 */
export async function findDirty(
  repository: ModelRepository,
  { index, head, paths, entries }: DirtyInput,
): Promise<readonly Problem[]> {
  const staged = new Map(index.filter(({ stage }) => stage === 0).map((entry) => [entry.path, entry]));
  const committed = new Map(head.map((entry) => [entry.path, entry]));
  const tracked = [...paths].filter((path) => staged.has(path) || committed.has(path)).toSorted();
  const problems: Problem[] = [];
  const unsure: IndexEntry[] = [];
  for (const path of tracked) {
    const entry = staged.get(path);
    if (entry === undefined || !isSameEntry(entry, committed.get(path)))
      problems.push(asProblem(path, "staged"));
    else {
      const state = compareFile(repository, entry, entries);
      if (state === "unsure") unsure.push(entry);
      else if (state !== "clean") problems.push(asProblem(path, state));
    }
  }
  return [...problems, ...(await compareAsAdded(repository, unsure))].toSorted(byPath);
}

type FileState = "clean" | "unsure" | keyof typeof messages;

const messages = {
  staged: "It has staged changes that are not committed.",
  changed: "It has changes that are not committed.",
  deleted: "It is deleted, but that is not committed.",
  sparse: "A sparse checkout leaves it out: add it with git sparse-checkout add.",
} as const;

function compareFile({ folder, hasFileModes }: ModelRepository, entry: IndexEntry, entries: Tree): FileState {
  const file = fileAmong(entries, entry.path) ?? readFile(folder, entry.path);
  if (entry.mode === "160000") return "clean";
  if (file === undefined) return entry.flag === "skip-worktree" ? "sparse" : "deleted";
  const isSameKind = (file.mode === "120000") === (entry.mode === "120000");
  if (hasFileModes ? file.mode !== entry.mode : !isSameKind) return "changed";
  if (objectId(file.bytes, entry.objectId.length) === entry.objectId) return "clean";
  return file.mode === "120000" ? "changed" : "unsure";
}

/** A file or link that was read is not read again; a repository in its place is none. */
function fileAmong(entries: Tree, path: string): TreeEntry | undefined {
  const entry = entries.get(path);
  return entry?.mode === "160000" ? undefined : entry;
}

function readFile(folder: string, path: string): TreeEntry | undefined {
  return isReachable(folder, path) ? readEntry(folder, path) : undefined;
}

/** Line ends and filters: only git knows how the file would be stored. */
async function compareAsAdded(
  { folder, prefix }: ModelRepository,
  entries: readonly IndexEntry[],
): Promise<readonly Problem[]> {
  const ids = await idsAsAdded(
    folder,
    entries.map(({ path }) => prefix + path),
  );
  return entries
    .filter(({ objectId }, number) => objectId !== ids[number])
    .map(({ path }) => asProblem(path, "changed"));
}

/** A filter that fails lets git take the files for changed, and so does this. */
async function idsAsAdded(folder: string, paths: readonly string[]): Promise<readonly string[]> {
  try {
    return await hashAsAdded(folder, paths);
  } catch (error) {
    if (error instanceof GitError) return [];
    throw error;
  }
}

/** The id that git gives a file: SHA-1 has 40 digits, SHA-256 has 64. */
function objectId(bytes: Uint8Array, digits: number): string {
  return createHash(digits === 64 ? "sha256" : "sha1")
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest("hex");
}

function isSameEntry(left: IndexEntry, right: IndexEntry | undefined): boolean {
  return left.mode === right?.mode && left.objectId === right.objectId;
}

function asProblem(path: string, rule: keyof typeof messages): Problem {
  return { path, rule, message: messages[rule] };
}
