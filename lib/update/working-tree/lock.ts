import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { updateRunning } from "../../errors/catalogue/update.ts";
import { lockFileHolder, takeLockFile } from "../lock-file.ts";
import { asWriteError } from "./directions.ts";
import type { ModelRepository } from "./model-repository.ts";

/** The right to change a repository, until it is disposed of. */
export interface UpdateLock extends AsyncDisposable {
  readonly repository: ModelRepository;
}

/** Takes the lock of a repository; one that a dead process of this machine left behind is taken over. */
export async function lockUpdate(repository: ModelRepository): Promise<UpdateLock> {
  try {
    mkdirSync(repository.stateFolder, { recursive: true });
    const lock = await takeLockFile(lockPath(repository), { running: updateRunning });
    return { repository, [Symbol.asyncDispose]: () => lock[Symbol.asyncDispose]() };
  } catch (error) {
    throw asWriteError(error);
  }
}

/** Who holds the lock of a repository; undefined where nobody does. Changes nothing. */
export async function lockHolder(repository: ModelRepository): Promise<string | undefined> {
  return await lockFileHolder(lockPath(repository));
}

function lockPath(repository: ModelRepository): string {
  return join(repository.stateFolder, "lock");
}
