import {
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fsync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { promisify } from "node:util";
import { runPlumbing } from "../../git/run-plumbing.ts";

export interface NewFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Permission bits, exactly. */
  readonly permissions: number;
}

/**
 * Everything by which an update changes the disk. Each method is one step that can fail,
 * and that can be the last one before the process dies; none follows a symbolic link at its path.
 */
export interface Disk {
  /** Makes one folder; fails where something is. */
  makeFolder(path: string): Promise<void>;
  /** Makes a file whose bytes have reached the disk; fails where something is. */
  createFile(file: NewFile): Promise<void>;
  createSymlink(path: string, target: Uint8Array): Promise<void>;
  /** A second name for a file; fails on some file systems. */
  linkFile(from: string, to: string): Promise<void>;
  copyFile(from: string, to: string): Promise<void>;
  /** Puts a file in the place of another in one step. */
  move(from: string, to: string): Promise<void>;
  removeFile(path: string): Promise<void>;
  /** Removes a folder that is empty. */
  removeFolder(path: string): Promise<void>;
  /** Removes a folder with everything in it; only for the update's own folders. */
  removeTree(path: string): Promise<void>;
  /** Makes what happened to the names in a folder reach the disk. */
  syncFolder(path: string): Promise<void>;
  /** A git command that writes objects or the index. */
  git(folder: string, args: readonly string[], input: string): Promise<string>;
}

/** The disk itself. Only what waits for the disk is left to other threads: for the rest, asking them takes longer than doing it. */
export const realDisk: Disk = {
  makeFolder: async (path) => mkdirSync(path),
  createFile,
  createSymlink: async (path, target) => symlinkSync(Buffer.from(target), path),
  linkFile: async (from, to) => linkSync(from, to),
  copyFile: async (from, to) => copyFileSync(from, to, constants.COPYFILE_EXCL),
  move: async (from, to) => renameSync(from, to),
  removeFile: async (path) => unlinkSync(path),
  removeFolder: async (path) => rmdirSync(path),
  removeTree: async (path) => rmSync(path, { recursive: true, force: true }),
  syncFolder,
  git: runPlumbing,
};

const synchronize = promisify(fsync);

async function createFile({ path, bytes, permissions }: NewFile): Promise<void> {
  const file = openSync(path, "wx", permissions);
  try {
    writeFileSync(file, bytes);
    fchmodSync(file, permissions);
    await synchronize(file);
  } finally {
    closeSync(file);
  }
}

/** Windows cannot open a folder, and does not need it. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = openSync(path, "r");
  try {
    await synchronize(folder);
  } finally {
    closeSync(folder);
  }
}
