import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  type Stats,
} from "node:fs";
import { join } from "node:path";
import { isErrno } from "../../errors/is-errno.ts";
import type { TreeEntry } from "../update-plan.ts";

/** Not to follow a link that took a file's place, and not to wait for a writer where a pipe did. */
const carefully = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** What a path of the work tree holds, where the mode is as the file system has it; undefined where there is no file or link. */
export function readEntry(folder: string, path: string): TreeEntry | undefined {
  const stats = statOf(join(folder, path));
  if (stats?.isSymbolicLink()) {
    return { path, mode: "120000", bytes: readlinkSync(join(folder, path), { encoding: "buffer" }) };
  }
  return stats?.isFile() ? readRegularFile(folder, path) : undefined;
}

/** What is at a path, without following a link at its end; undefined where nothing is. */
export function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    if (isErrno(error, "ENOENT") || isErrno(error, "ENOTDIR")) return undefined;
    throw error;
  }
}

function readRegularFile(folder: string, path: string): TreeEntry {
  const file = openSync(join(folder, path), carefully);
  try {
    const mode = (fstatSync(file).mode & 0o100) === 0 ? "100644" : "100755";
    return { path, mode, bytes: readFileSync(file) };
  } finally {
    closeSync(file);
  }
}
