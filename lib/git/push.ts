import { credentialEnvironment, withoutUser, type Authorize } from "./credential-environment.ts";
import { runRemoteGit } from "./run-remote-git.ts";

export interface Push {
  readonly folder: string;
  readonly url: string;
  readonly branch: string;
  /** Goes with the branch. */
  readonly tag?: string;
  readonly authorize: Authorize;
}

/**
 * Pushes a branch, and names the repository `origin` where the folder has no remote of that name.
 * The credential goes to git through its environment: neither arguments, nor the URL, nor .git/config ever hold it.
 */
export async function pushBranch({ folder, url, branch, tag, authorize }: Push): Promise<void> {
  const clean = withoutUser(url);
  const ref = `refs/heads/${branch}`;
  const refs = [`HEAD:${ref}`, ...(tag === undefined ? [] : [`refs/tags/${tag}`])];
  await runRemoteGit(folder, ["push", clean, ...refs], await credentialEnvironment(clean, authorize));
  const remotes = await runRemoteGit(folder, ["remote", "-v"]);
  if (!/^origin\s/m.test(remotes)) await runRemoteGit(folder, ["remote", "add", "origin", clean]);
}
