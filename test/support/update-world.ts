import { join } from "node:path";
import type { CommandResult } from "./eac-model.ts";
import { isolateGit } from "./git-environment.ts";
import { twoReleases, type Releases } from "./releases.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { modelWork, type ModelWork } from "./updated-repository.ts";

/** What the tests of updates share: two releases, and a repository that the old one made. Nobody changes any of it. */
export interface UpdateWorld extends AsyncDisposable {
  readonly releases: Releases;
  /** A copy of the repository, as its team has cloned it; `inside` names the folder in the temporary one. */
  readonly aRepository: (inside?: string) => Promise<ModelWork>;
  /** Runs a command of the next release in the repository. */
  readonly run: (work: Pick<ModelWork, "folder">, ...words: readonly string[]) => Promise<CommandResult>;
}

/** Makes both releases and the repository; takes some seconds. */
export async function updateWorld(): Promise<UpdateWorld> {
  isolateGit();
  const [releases, made] = await Promise.all([twoReleases(), temporaryFolder()]);
  const words = ["init", "model", "--set", "model_name=iris", "--set", "team_name=red", "--no-provision"];
  const umlaut = ["--set", 'business.category="Größe & Maß: 100 %"'];
  const { code, error } = await releases.old.eacModel([...words, ...umlaut], { cwd: made.path });
  if (code !== 0) throw new Error(error);
  return {
    releases,
    aRepository: (inside) => modelWork(join(made.path, "model"), inside),
    run: ({ folder }, ...command) => releases.next.eacModel(command, { cwd: folder }),
    [Symbol.asyncDispose]: async () => {
      await made[Symbol.asyncDispose]();
      await releases[Symbol.asyncDispose]();
    },
  };
}
