import { join } from "node:path";
import { stateInvalid } from "../errors/catalogue/update.ts";
import { isErrno } from "../errors/is-errno.ts";
import { readEntry, statOf } from "./working-tree/read-entry.ts";

const mostBytes = 64 * 1024 * 1024;

/** The bytes of a file under `.eac-model/`; undefined where nothing is. What is no plain file, such as a link to somewhere else, is refused and never read. */
export function readStateFile(folder: string, path: string): Uint8Array | undefined {
  try {
    const stats = statOf(join(folder, path));
    if (stats === undefined) return undefined;
    if (!stats.isFile()) throw stateInvalid(path, "it is not a plain file");
    if (stats.size > mostBytes) throw stateInvalid(path, "it is far too large");
    return readEntry(folder, path)?.bytes;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return undefined;
    throw isErrno(error) ? stateInvalid(path, `it cannot be read (${error.message})`, error) : error;
  }
}
