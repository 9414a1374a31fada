import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A process that was told to end may still write its last file while the folder goes. */
const forGood = { recursive: true, force: true, maxRetries: 20, retryDelay: 50 } as const;

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

/** A new empty folder that is gone at the end of the block: `await using folder = await temporaryFolder()`. */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "eac-model-test-")));
  return { path, [Symbol.asyncDispose]: () => rm(path, forGood) };
}
