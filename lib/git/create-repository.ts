import { gitIdentityMissing } from "../errors/catalogue/git.ts";
import { GitError } from "./git-error.ts";
import { runGit } from "./run-git.ts";

/** Makes the folder a git repository whose branch has no commit yet. */
export async function initRepository(folder: string, branch: string): Promise<void> {
  await runGit(folder, ["init", "--quiet", `--initial-branch=${branch}`]);
}

/**
 * Commits every file of a repository that has no commit yet, signed with the user's own identity.
 * Files that a global ignore list names are committed as well: the whole folder is the new repository.
 */
export async function commitAll(folder: string, message: string): Promise<void> {
  await add(folder, ["."], ["-c", "core.bigFileThreshold=1"]); // One pack takes a third of the time of as many files as there are.
  await commit(folder, message);
}

/** Commits these paths as they are now, with what is staged already; a path that is gone is removed. */
export async function commitPaths(folder: string, paths: readonly string[], message: string): Promise<void> {
  await add(folder, paths, []);
  await commit(folder, message);
}

async function add(folder: string, paths: readonly string[], settings: readonly string[]): Promise<void> {
  await runGit(folder, [...settings, "add", "--force", "--all", "--", ...paths]);
}

async function commit(folder: string, message: string): Promise<void> {
  try {
    await runGit(folder, [...commitSettings, "commit", "--quiet", `--message=${message}`]);
  } catch (error) {
    const missing = await missingIdentity(folder, error);
    throw missing.length > 0 ? gitIdentityMissing(missing) : error;
  }
}

/** One commit leaves nothing that git would have to tidy up, and to find that out takes it another process. */
const commitSettings = ["-c", "user.useConfigOnly=true", "-c", "maintenance.auto=false"] as const;

async function missingIdentity(folder: string, error: unknown): Promise<readonly string[]> {
  if (
    !(error instanceof GitError) ||
    !/user\.useConfigOnly|tell me who you are|ident name|no email was given/i.test(error.stderr)
  ) {
    return [];
  }
  const configured = await Promise.all(["user.name", "user.email"].map((key) => readConfig(folder, key)));
  return ["user.name", "user.email"].filter((_, index) => configured[index] === "");
}

/** The configured value, or the empty string where there is none. */
async function readConfig(folder: string, key: string): Promise<string> {
  return (await runGit(folder, ["config", "--get", "--default", "", key])).trim();
}
