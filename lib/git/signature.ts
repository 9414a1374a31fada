import { gitIdentityMissing } from "../errors/catalogue/git.ts";
import { GitError } from "./git-error.ts";
import { runGit } from "./run-git.ts";

/** Who signs commits made from a folder, as `Name <mail>`; an identity that git would only guess is refused. */
export async function readSignature(folder: string): Promise<string> {
  try {
    const text = await runGit(folder, ["-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT"]);
    return text.trim().replace(/ \d+ [+-]\d{4}$/, "");
  } catch (error) {
    throw error instanceof GitError ? gitIdentityMissing(["user.name", "user.email"]) : error;
  }
}
