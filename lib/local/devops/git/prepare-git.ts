import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { initBareRepository } from "../../../git/bare-repository.ts";
import { runGit } from "../../../git/run-git.ts";
import { localGitTooOld } from "../../../errors/catalogue/local.ts";
import { isRepository, repositoryFolder, repositoryKind } from "../routes/repository-record.ts";
import type { Organization } from "../state/organization.ts";
import { noteHistory } from "./note-history.ts";
import { writeHooks } from "./hooks-folder.ts";

/** The first git that takes settings from its environment and asks a hook about single refs. */
const oldestGit = [2, 31] as const;

/**
 * Makes everything ready before the first request: refuses a git that could not protect branches, and catches up with what an
 * interrupted process left undone.
 */
export async function prepareGit(organization: Organization): Promise<void> {
  const { gitFolder } = organization;
  refuseOldGit(await runGit(gitFolder, ["version"]));
  writeHooks(gitFolder);
  for (const repository of organization.list(repositoryKind, isRepository)) {
    const folder = join(gitFolder, repositoryFolder(repository));
    if (!existsSync(folder)) await initBareRepository(folder);
    else if (repository.defaultBranch === undefined && hasRefs(folder))
      await noteHistory(organization, repository.id);
  }
}

function refuseOldGit(version: string): void {
  const [, major = "0", minor = "0"] = /(\d+)\.(\d+)/.exec(version) ?? [];
  const isOld =
    Number(major) < oldestGit[0] || (Number(major) === oldestGit[0] && Number(minor) < oldestGit[1]);
  if (isOld) throw localGitTooOld(version.trim(), oldestGit.join("."));
}

/** A look at the files: asking git about each of hundreds of empty repositories would delay the start by seconds. */
function hasRefs(folder: string): boolean {
  return existsSync(join(folder, "packed-refs")) || readdirSync(join(folder, "refs", "heads")).length > 0;
}
