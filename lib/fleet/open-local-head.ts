import { updateHeadNotPushed } from "../errors/catalogue/fleet.ts";
import { GitError } from "../git/git-error.ts";
import { fetchRefs, scratchRepository } from "../git/scratch-repository.ts";
import { askGit } from "../git/spawn-git.ts";
import { branchRefs, openScratch, type OpenRepository, type RemoteRepository } from "./open-repository.ts";

const targetRef = "refs/eac-model/target";

/**
 * Opens a commit of a repository on this machine for an update that goes to a server. That repository is only read, its `.git` included:
 * the commit is made in a scratch repository beside it. Refuses a commit that the server's branch does not have.
 */
export async function openLocalHead(
  gitFolder: string,
  head: string,
  remote: RemoteRepository,
): Promise<OpenRepository> {
  const scratch = await scratchRepository(gitFolder);
  try {
    const refs = { [remote.base]: targetRef, "refs/heads/eac-model/*": `${branchRefs}*` };
    await fetchRefs(scratch.folder, { ...remote, refs, isShallow: false });
    if (!(await isAncestor(scratch.folder, head)))
      throw updateHeadNotPushed(remote.base.replace("refs/heads/", ""));
    return await openScratch(scratch, remote, head);
  } catch (error) {
    await scratch[Symbol.asyncDispose]();
    throw error;
  }
}

async function isAncestor(folder: string, head: string): Promise<boolean> {
  try {
    await askGit(folder, ["merge-base", "--is-ancestor", head, targetRef]);
    return true;
  } catch (error) {
    if (error instanceof GitError) return false;
    throw error;
  }
}
