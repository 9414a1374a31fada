import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { platformForeign } from "../errors/catalogue/platform.ts";
import { isErrno } from "../errors/is-errno.ts";
import { GitError } from "../git/git-error.ts";
import { runGit } from "../git/run-git.ts";
import { platformVersionFile } from "../template/platform-tree.ts";
import type { RenderedTree } from "../template/rendered-tree.ts";
import { isReplaced } from "./plan-platform.ts";
import type { PlatformFolder, TreeHashes } from "./platform-folder.ts";

const versionTag = /^v\d+\.\d+\.\d+/;

/** Reads the folder and changes nothing; one with files and without commits is refused. */
export async function readPlatformFolder(folder: string, tree: RenderedTree): Promise<PlatformFolder> {
  const names = await listFolder(folder);
  if (names === undefined) return { kind: "free", exists: false, hasGitFolder: false };
  const hasGitFolder = names.includes(".git");
  if (!hasGitFolder || !(await hasCommit(folder))) {
    const others = names.filter((name) => name !== ".git");
    if (others.length > 0)
      throw platformForeign(folder, `it holds ${others.slice(0, 5).join(", ")} and no commit`);
    return { kind: "free", exists: true, hasGitFolder };
  }
  const tags = (await runGit(folder, ["tag", "--list", "v*"]))
    .split("\n")
    .filter((tag) => versionTag.test(tag));
  return {
    kind: "repository",
    branch: await readBranch(folder),
    version: await readVersion(folder),
    head: await readHashes(folder, "HEAD"),
    tags: new Map(
      await Promise.all(
        tags.map(async (tag) => [tag, await readHashes(folder, `refs/tags/${tag}`)] as const),
      ),
    ),
    uncommitted: await readUncommitted(folder, tree),
  };
}

async function listFolder(folder: string): Promise<readonly string[] | undefined> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isErrno(error, "ENOENT")) return undefined;
    throw isErrno(error, "ENOTDIR") ? platformForeign(folder, "it is no folder") : error;
  }
}

async function hasCommit(folder: string): Promise<boolean> {
  return (await tryGit(folder, ["rev-parse", "--verify", "HEAD"])) !== undefined;
}

async function readBranch(folder: string): Promise<string | undefined> {
  return (await tryGit(folder, ["symbolic-ref", "--short", "HEAD"]))?.trim();
}

async function readVersion(folder: string): Promise<string | undefined> {
  const text = await tryGit(folder, ["show", `HEAD:${platformVersionFile}`]);
  const content: unknown = text === undefined ? undefined : parse(text);
  if (typeof content !== "object" || content === null || !("version" in content)) return undefined;
  return typeof content.version === "string" ? content.version : undefined;
}

async function readHashes(folder: string, revision: string): Promise<TreeHashes> {
  const text = await runGit(folder, ["ls-tree", "-r", "-z", "--full-tree", revision]);
  return new Map(
    text
      .split("\0")
      .filter((line) => line !== "")
      .map((line) => {
        const end = line.indexOf("\t");
        return [line.slice(end + 1), line.slice(0, end).split(" ")[2] ?? ""] as const;
      }),
  );
}

/** What an interrupted run wrote already counts as committed: the next one writes the same. */
async function readUncommitted(folder: string, tree: RenderedTree): Promise<readonly string[]> {
  const text = await runGit(folder, [
    "status",
    "--porcelain=v1",
    "-z",
    "--no-renames",
    "--untracked-files=all",
  ]);
  const paths = text
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => line.slice(3));
  const wanted = new Map(tree.filter(({ path }) => isReplaced(path)).map(({ path, bytes }) => [path, bytes]));
  const foreign = await Promise.all(
    paths.map(async (path) => {
      const bytes = await readOptional(join(folder, path));
      const ours = wanted.get(path);
      const isOurs =
        isReplaced(path) &&
        (bytes === undefined ? ours === undefined : ours !== undefined && Buffer.compare(ours, bytes) === 0);
      return isOurs ? [] : [path];
    }),
  );
  return foreign.flat();
}

async function readOptional(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isErrno(error)) return undefined;
    throw error;
  }
}

async function tryGit(folder: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return await runGit(folder, args);
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}
