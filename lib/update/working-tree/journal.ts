import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isMapping } from "../../answers/answers-input.ts";
import { journalDamaged } from "../../errors/catalogue/update.ts";
import { isErrno } from "../../errors/is-errno.ts";
import { isSafePath } from "../safe-path.ts";
import { sha256 } from "../sha256.ts";
import type { EntryMode, TreeEntry } from "../update-plan.ts";
import type { ModelRepository } from "./model-repository.ts";

/** A file as the journal knows it; its bytes are beside the journal. */
export interface FileMark {
  readonly mode: EntryMode;
  readonly sha256: string;
}

export interface JournalStep {
  readonly path: string;
  readonly before: FileMark | undefined;
  readonly after: FileMark | undefined;
}

/**
 * Everything that is needed to finish an update or to undo it, wherever it was interrupted.
 * Written once; which way the files are to be brought is said by the name of the file that holds it.
 */
export interface Journal {
  /** Part of the names that a run makes in the work tree. */
  readonly token: string;
  /** The newest commit when the update began; empty before the first one. */
  readonly head: string;
  /** The bytes of step n are in the files `before/n` and `after/n`. */
  readonly steps: readonly JournalStep[];
  /** Paths with conflicts: a person was to work on them. */
  readonly conflicts: readonly string[];
  /** Lines for `git update-index --index-info`. */
  readonly indexBefore: readonly string[];
  readonly indexAfter: readonly string[];
}

/** Where the journal and its parts are. */
export interface JournalPlaces {
  /** Of this or the last update; everything below is in it. */
  readonly folder: string;
  /** The journal while files are brought to their new state. */
  readonly forward: string;
  /** The journal while files are brought back. */
  readonly back: string;
  /** The journal of a finished update: what `--abort` undoes. */
  readonly undo: string;
  readonly draft: string;
  readonly before: string;
  readonly after: string;
  readonly sides: string;
}

/** The places of a repository's journal. */
export function journalPlaces({ stateFolder }: ModelRepository): JournalPlaces {
  const folder = join(stateFolder, "update");
  const at = (name: string): string => join(folder, name);
  return {
    folder,
    forward: at("forward.json"),
    back: at("back.json"),
    undo: at("undo.json"),
    draft: at("draft.json"),
    before: at("before"),
    after: at("after"),
    sides: at("sides"),
  };
}

/** Puts the journal in place: from this moment on the update counts as begun. */
export async function writeJournal(repository: ModelRepository, journal: Journal): Promise<void> {
  const { folder, draft, forward } = journalPlaces(repository);
  const bytes = Buffer.from(`${JSON.stringify({ schema, ...journal }, undefined, 1)}\n`);
  await repository.disk.createFile({ path: draft, bytes, permissions: 0o600 });
  await repository.disk.move(draft, forward);
  await repository.disk.syncFolder(folder);
}

/** Reads a journal; undefined where there is none. */
export function readJournal(path: string): Journal | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  const content = parseJson(path, text);
  if (!isJournal(content)) throw journalDamaged(path);
  return content;
}

/** Mode and hash of an entry. */
export function markOf(entry: TreeEntry): FileMark {
  return { mode: entry.mode, sha256: sha256(entry.bytes) };
}

const schema = 1;

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isErrno(error, "ENOENT")) return undefined;
    throw error;
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw journalDamaged(path, error);
  }
}

function isJournal(value: unknown): value is Journal {
  return (
    isMapping(value) &&
    value["schema"] === schema &&
    typeof value["token"] === "string" &&
    /^[0-9a-f-]+$/.test(value["token"]) &&
    typeof value["head"] === "string" &&
    Array.isArray(value["steps"]) &&
    value["steps"].every((step) => isStep(step)) &&
    ["conflicts", "indexBefore", "indexAfter"].every((name) => isTextList(value[name]))
  );
}

function isStep(value: unknown): boolean {
  return (
    isMapping(value) &&
    typeof value["path"] === "string" &&
    isSafePath(value["path"]) &&
    [value["before"], value["after"]].every((mark) => mark === undefined || isMark(mark))
  );
}

function isMark(value: unknown): boolean {
  return isMapping(value) && typeof value["mode"] === "string" && typeof value["sha256"] === "string";
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((line) => typeof line === "string");
}
