import { existsSync } from "node:fs";
import { join } from "node:path";
import { fleetNoBranch } from "../errors/catalogue/fleet.ts";
import { ObjectReader } from "../git/object-reader.ts";
import {
  fetchRefs,
  replaceBranch,
  scratchRepository,
  type GitRemote,
  type ScratchRepository,
} from "../git/scratch-repository.ts";
import { updateBranch, updateRef } from "./update-branch.ts";

/** A repository that an update can be planned and committed in, without a work tree. */
export interface OpenRepository extends AsyncDisposable {
  /** Where commits are made. */
  readonly gitFolder: string;
  readonly reader: ObjectReader;
  /** The commit that the update is made on. */
  readonly head: string;
  /** What the branch of updates is now; undefined where there is none. */
  readonly current: string | undefined;
  /** The ref that a new commit gets in `gitFolder`. */
  readonly draftRef: string;
  /** Makes the commit of `draftRef` the branch of updates, for everybody to see. */
  publish(commit: string): Promise<void>;
}

const headRef = "refs/eac-model/head";
/** Where the update branches of a server are kept here. */
export const branchRefs = "refs/eac-model/branches/";
const draftRef = "refs/eac-model/draft";

/** Opens a repository on this machine; its branch of updates is written there and then. */
export async function openFolder(folder: string): Promise<OpenRepository> {
  const inside = join(folder, ".git");
  const gitFolder = existsSync(inside) ? inside : folder;
  const reader = new ObjectReader(gitFolder);
  const dispose = (): Promise<void> => reader[Symbol.asyncDispose]();
  try {
    return {
      gitFolder,
      reader,
      ...(await readRefs(reader, { name: folder, head: "HEAD", current: updateRef })),
      draftRef: updateRef,
      publish: () => Promise.resolve(),
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

export interface RemoteRepository extends GitRemote {
  readonly name: string;
  /** The ref that the update is made on, such as `HEAD` or `refs/heads/main`. */
  readonly base: string;
}

/** Opens a repository of a server: its newest commit comes here, and its branch of updates goes back. */
export async function openRemote(remote: RemoteRepository): Promise<OpenRepository> {
  const scratch = await scratchRepository();
  try {
    const refs = { [remote.base]: headRef, "refs/heads/eac-model/*": `${branchRefs}*` };
    await fetchRefs(scratch.folder, { ...remote, refs, isShallow: true });
    return await openScratch(scratch, remote, headRef);
  } catch (error) {
    await scratch[Symbol.asyncDispose]();
    throw error;
  }
}

/** The rest of `openRemote`, for a scratch repository that has the commit to begin with already. */
export async function openScratch(
  scratch: ScratchRepository,
  remote: RemoteRepository,
  head: string,
): Promise<OpenRepository> {
  const gitFolder = scratch.folder;
  const reader = new ObjectReader(gitFolder);
  const current = branchRefs + updateBranch.slice("eac-model/".length);
  const refs = await readRefs(reader, { name: remote.name, head, current });
  return {
    gitFolder,
    reader,
    ...refs,
    draftRef,
    publish: (commit) =>
      replaceBranch(gitFolder, { ...remote, commit, branch: updateBranch, expected: refs.current }),
    [Symbol.asyncDispose]: async () => {
      await reader[Symbol.asyncDispose]();
      await scratch[Symbol.asyncDispose]();
    },
  };
}

async function readRefs(
  reader: ObjectReader,
  refs: { readonly name: string; readonly head: string; readonly current: string },
): Promise<Pick<OpenRepository, "head" | "current">> {
  const [head, current] = await Promise.all([
    reader.read(`${refs.head}^{commit}`),
    reader.read(`${refs.current}^{commit}`),
  ]);
  if (head === undefined) throw fleetNoBranch(refs.name);
  return { head: head.objectId, current: current?.objectId };
}
