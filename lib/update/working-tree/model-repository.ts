import { realpathSync } from "node:fs";
import { join } from "node:path";
import { notARepository } from "../../errors/catalogue/update.ts";
import { isErrno } from "../../errors/is-errno.ts";
import { GitError } from "../../git/git-error.ts";
import { runPlumbing } from "../../git/run-plumbing.ts";
import { sha256 } from "../sha256.ts";
import { realDisk, type Disk } from "./disk.ts";

/** A model repository on this machine: the root of a git work tree, or a folder in one. */
export interface ModelRepository {
  /** The real path of the folder that holds `.eac-model`. */
  readonly folder: string;
  /** From the root of the git work tree to the folder: empty, or with a slash at the end. */
  readonly prefix: string;
  /** Where the update keeps its lock and its journal: inside git's own folder, of this work tree alone. */
  readonly stateFolder: string;
  readonly indexFile: string;
  /** git takes the modes of files from the file system; otherwise only the index knows them. */
  readonly hasFileModes: boolean;
  readonly disk: Disk;
}

/** Finds the git repository around a folder; changes nothing. Worktrees, submodules and subfolders are all right, bare ones are not. */
export async function openRepository(folder: string, disk: Disk = realDisk): Promise<ModelRepository> {
  const root = realFolder(folder);
  try {
    const [where, fileModes] = await Promise.all([
      runPlumbing(root, [
        "rev-parse",
        "--path-format=absolute",
        "--is-inside-work-tree",
        "--git-path",
        "eac-model",
        "--git-path",
        "index",
        "--show-prefix",
      ]),
      runPlumbing(root, ["config", "--type=bool", "--default=true", "--get", "core.fileMode"]),
    ]);
    const [isInside, gitPath = "", indexFile = "", prefix = ""] = where.split("\n");
    if (isInside !== "true")
      throw notARepository(folder, "it is inside a .git folder, or the repository is bare");
    const name = prefix === "" ? "model" : `model-${sha256(Buffer.from(prefix)).slice(0, 16)}`;
    return {
      folder: root,
      prefix,
      stateFolder: join(gitPath, name),
      indexFile,
      hasFileModes: fileModes.trim() === "true",
      disk,
    };
  } catch (error) {
    throw error instanceof GitError ? notARepository(folder, error.stderr, error) : error;
  }
}

function realFolder(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch (error) {
    throw isErrno(error) ? notARepository(folder, error.message, error) : error;
  }
}
