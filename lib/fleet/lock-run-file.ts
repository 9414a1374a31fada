import { fleetFileNotReadable, fleetRunning } from "../errors/catalogue/fleet.ts";
import { isErrno } from "../errors/is-errno.ts";
import { takeLockFile } from "../update/lock-file.ts";

/** Takes the right to write a run file: of two runs with the same file one would undo what the other one records. */
export async function lockRunFile(path: string): Promise<AsyncDisposable> {
  try {
    return await takeLockFile(`${path}.lock`, { running: fleetRunning });
  } catch (error) {
    throw isErrno(error) ? fleetFileNotReadable(path, error) : error;
  }
}
