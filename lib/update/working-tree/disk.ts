import { constants } from "node:fs";
import { copyFile, link, mkdir, open, rename, rm, rmdir, symlink, unlink } from "node:fs/promises";
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

/** The disk itself. */
export const realDisk: Disk = {
  makeFolder: (path) => mkdir(path),
  createFile,
  createSymlink: (path, target) => symlink(Buffer.from(target), path),
  linkFile: link,
  copyFile: (from, to) => copyFile(from, to, constants.COPYFILE_EXCL),
  move: rename,
  removeFile: unlink,
  removeFolder: (path) => rmdir(path),
  removeTree: (path) => rm(path, { recursive: true, force: true }),
  syncFolder,
  git: runPlumbing,
};

async function createFile({ path, bytes, permissions }: NewFile): Promise<void> {
  const file = await open(path, "wx", permissions);
  try {
    await file.writeFile(bytes);
    await file.chmod(permissions);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Windows cannot open a folder, and does not need it. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
