import { createHash } from "node:crypto";
import {
  closeSync,
  constants as files,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
  type Stats,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { cachedDataVersionTag } from "node:v8";
import { Script } from "node:vm";
import type { ExitCode } from "../errors/exit-codes.ts";

/** What the bundled command line exports. */
export interface Program {
  readonly run: (words: readonly string[]) => Promise<ExitCode>;
}

export interface CachePlace {
  /** A folder of this user alone; where it is not, or cannot be made, nothing is cached. */
  readonly folder: string;
  /** What the program is called for: each task compiles other parts of it. */
  readonly task: string;
}

const millisecondsKept = 30 * 24 * 60 * 60 * 1000;
const digestLength = 32;

/**
 * Runs an ASCII file that holds a CommonJS module as a function, and answers what it exports. What V8 compiled of it is kept for the next process, because compiling
 * takes a program that ends soon as long as its work. What another user could have written there is never read.
 */
export function loadCached(path: string, { folder, task }: CachePlace): Partial<Program> {
  const bytes = readFileSync(path);
  const engine = `${process.version}-${process.arch}-${cachedDataVersionTag()}`;
  const place = join(folder, `${engine}-${digest(bytes).toString("hex")}-${task}`);
  const cachedData = readOwn(folder, place);
  const script = new Script(bytes.toString("latin1"), {
    filename: path,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  if (cachedData === undefined || script.cachedDataRejected === true)
    process.once("exit", () => write(place, script.createCachedData()));
  const module: { exports: Partial<Program> } = { exports: {} };
  const start = script.runInThisContext();
  start(createRequire(path), module, module.exports, path, dirname(path), importModule);
  return module.exports;
}

/** Relative to this file, which is beside the one that asks: in code that V8 had kept, `import` itself does not work. */
function importModule(name: string): Promise<unknown> {
  return import(name);
}

/** V8 believes what it is given, so it is given nothing that is damaged or that somebody else can write. */
function readOwn(folder: string, place: string): Buffer | undefined {
  try {
    if (!isOwnFolder(folder)) return undefined;
    const file = openSync(place, files.O_RDONLY | (files.O_NOFOLLOW ?? 0));
    try {
      if (!isOwn(fstatSync(file))) return undefined;
      const bytes = readFileSync(file);
      const cached = bytes.subarray(digestLength);
      return digest(cached).equals(bytes.subarray(0, digestLength)) ? cached : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

function isOwnFolder(folder: string): boolean {
  const stats = lstatSync(folder);
  return stats.isDirectory() && isOwn(stats);
}

/** Windows has no such modes; there the folders of a user are the user's own. */
function isOwn({ uid, mode }: Stats): boolean {
  return process.geteuid === undefined || (uid === process.geteuid() && (mode & 0o022) === 0);
}

/** A cache that cannot be kept costs time and nothing else. */
function write(place: string, cached: Buffer): void {
  try {
    const folder = dirname(place);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!isOwnFolder(folder)) return;
    forgetOld(folder);
    const draft = `${place}-${process.pid}`; // It appears whole or not at all; what a killed process leaves is forgotten later.
    writeFileSync(draft, Buffer.concat([digest(cached), cached]), { flag: "wx", mode: 0o600 });
    renameSync(draft, place);
  } catch {
    return;
  }
}

function forgetOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const age = Date.now() - lstatSync(join(folder, name)).mtimeMs;
    if (age > millisecondsKept) rmSync(join(folder, name), { force: true });
  }
}

function digest(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}
