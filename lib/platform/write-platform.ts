import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { platformNotReady } from "../errors/catalogue/platform.ts";
import { isErrno } from "../errors/is-errno.ts";
import { commitPaths } from "../git/create-repository.ts";
import { runGit } from "../git/run-git.ts";
import { writeRepository } from "../scaffold/write-repository.ts";
import type { PlatformPlan } from "./platform-folder.ts";

/** Carries the plan out: the files, one commit, one tag. After an interruption the same command finishes it. */
export async function writePlatform(
  plan: PlatformPlan,
  options: { readonly signal: AbortSignal; readonly hasGitFolder: boolean },
): Promise<void> {
  const { action, folder, tag } = plan;
  if (action === "keep") return;
  if (action === "create" || action === "fill") await writeRepository({ ...plan, action }, options);
  if (action === "update") await updateRepository(plan);
  await runGit(folder, ["tag", "--no-sign", "--end-of-options", tag, "HEAD"]);
}

async function updateRepository({ folder, files, removed, commitMessage }: PlatformPlan): Promise<void> {
  try {
    for (const { path, bytes } of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes);
    }
    for (const path of removed) await rm(join(folder, path), { force: true });
  } catch (error) {
    throw isErrno(error) ? platformNotReady(folder, `a file could not be written, ${error.message}`) : error;
  }
  await commitPaths(folder, [...files.map(({ path }) => path), ...removed], commitMessage);
}
