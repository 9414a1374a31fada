import { copyFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isErrno } from "../errors/is-errno.ts";
import { credentialEnvironment, withoutUser, type Authorize } from "./credential-environment.ts";
import { makeScratchFolder } from "./scratch-folder.ts";
import { askGit, askServer } from "./spawn-git.ts";

/** A bare repository in a temporary folder, gone at the end of the block that uses it. */
export interface ScratchRepository extends AsyncDisposable {
  readonly folder: string;
}

/** Makes one; it sees the objects of another repository where one is named, and never writes there. */
export async function scratchRepository(borrowFrom?: string): Promise<ScratchRepository> {
  const folder = await makeScratchFolder();
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await askGit(folder, ["init", "--bare", "--quiet", "--template="]);
    if (borrowFrom !== undefined) await borrow(folder, borrowFrom);
  } catch (error) {
    await dispose();
    throw error;
  }
  return { folder, [Symbol.asyncDispose]: dispose };
}

/** Where the history of the other one is cut off, it is cut off here too. */
async function borrow(folder: string, gitFolder: string): Promise<void> {
  const args = ["rev-parse", "--path-format=absolute", "--git-path", "objects", "--git-path", "shallow"];
  const [objects = "", shallow = ""] = (await askGit(gitFolder, args)).split("\n");
  await writeFile(join(folder, "objects", "info", "alternates"), `${objects}\n`);
  try {
    await copyFile(shallow, join(folder, "shallow"));
  } catch (error) {
    if (!isErrno(error, "ENOENT")) throw error;
  }
}

/** A git server, and what it is told about who asks. */
export interface GitRemote {
  readonly url: string;
  /** Absent for a server that asks nobody. */
  readonly authorize?: Authorize | undefined;
}

export interface Fetch extends GitRemote {
  /** From the server's ref to the ref here; with a `*` the server need not have any. */
  readonly refs: Readonly<Record<string, string>>;
  /** Only the newest commit of each. */
  readonly isShallow: boolean;
}

/** Brings refs of a server here. */
export async function fetchRefs(folder: string, { refs, isShallow, ...remote }: Fetch): Promise<void> {
  const refspecs = Object.entries(refs).map(([from, to]) => `+${from}:${to}`);
  const depth = isShallow ? ["--depth=1"] : [];
  const options = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", ...depth];
  await talk(folder, remote, { options, refspecs });
}

export interface BranchPush extends GitRemote {
  readonly commit: string;
  readonly branch: string;
  /** What the branch is on the server, as far as we know; undefined where there is none. Anything else stops the push. */
  readonly expected: string | undefined;
}

/** Sets a branch of a server, unless somebody moved it meanwhile. */
export async function replaceBranch(folder: string, push: BranchPush): Promise<void> {
  const { commit, branch, expected = "", ...remote } = push;
  const ref = `refs/heads/${branch}`;
  const options = ["push", "--quiet", "--no-verify", `--force-with-lease=${ref}:${expected}`];
  await talk(folder, remote, { options, refspecs: [`${commit}:${ref}`] });
}

async function talk(
  folder: string,
  { url, authorize }: GitRemote,
  { options, refspecs }: { readonly options: readonly string[]; readonly refspecs: readonly string[] },
): Promise<string> {
  const clean = withoutUser(url);
  const env = authorize === undefined ? {} : await credentialEnvironment(clean, authorize);
  return await askServer(folder, [...options, "--", clean, ...refspecs], env);
}
