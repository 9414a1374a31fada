import { runGit } from "./run-git.ts";

/** Where git keeps what belongs to a work tree: `.git`, or a folder of its own for a linked work tree or a submodule. */
export async function gitFolderOf(folder: string): Promise<string> {
  return (await runGit(folder, ["rev-parse", "--absolute-git-dir"])).trim();
}
