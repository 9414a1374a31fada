import { spawnSync } from "node:child_process";
import type { Sides } from "../../lib/update/merge/merge-lines.ts";
import type { Tree } from "../../lib/update/update-plan.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export interface GitMerge {
  /** Paths that git left to a person. */
  readonly conflicts: ReadonlySet<string>;
  /** What git wrote, conflict markers included. */
  readonly tree: ReadonlyMap<string, { readonly mode: string; readonly bytes: Buffer }>;
}

/** What `git merge-tree` makes of three trees: two commits on the same one, merged without a work tree. */
export async function mergeWithGit(trees: Sides<Tree>): Promise<GitMerge> {
  await using folder = await temporaryFolder();
  const git = (args: readonly string[], input?: Buffer): Buffer => {
    const all = ["-C", folder.path, "-c", "merge.directoryRenames=false", ...args];
    const result = spawnSync("git", all, { input, maxBuffer: 2 ** 28, env: process.env });
    if (result.status !== 0 && result.status !== 1)
      throw new Error(`git ${args.join(" ")}: ${result.stderr.toString()}`);
    return result.stdout;
  };
  git(["init", "--quiet", "--bare"]);
  git(
    ["fast-import", "--quiet"],
    Buffer.concat([commit("base", trees.base), commit("ours", trees.ours), commit("theirs", trees.theirs)]),
  );
  const [tree = "", ...conflicts] = git([
    "merge-tree",
    "--write-tree",
    "--name-only",
    "--no-messages",
    "-z",
    "ours",
    "theirs",
  ])
    .toString("latin1")
    .split("\0")
    .filter((part) => part !== "");
  return { conflicts: new Set(conflicts), tree: readTree(git, tree.trim()) };
}

/** One commit in the language of fast-import. */
function commit(name: "base" | "ours" | "theirs", tree: Tree): Buffer {
  const start = name === "base" ? "" : "from refs/heads/base\ndeleteall\n";
  const head = `commit refs/heads/${name}\ncommitter Test <test@example.com> 0 +0000\ndata 0\n${start}`;
  const files = [...tree.values()].flatMap(({ path, mode, bytes }) => [
    Buffer.from(`M ${mode} inline ${path}\ndata ${bytes.length}\n`),
    bytes,
    Buffer.from("\n"),
  ]);
  return Buffer.concat([Buffer.from(head), ...files, Buffer.from("\n")]);
}

function readTree(git: (args: readonly string[], input?: Buffer) => Buffer, tree: string): GitMerge["tree"] {
  const listed = git(["ls-tree", "-r", "-z", tree])
    .toString("utf8")
    .split("\0")
    .filter((line) => line !== "");
  const files = listed.map((line) => {
    const [description = "", path = ""] = line.split("\t");
    const [mode = "", , id = ""] = description.split(" ");
    return { path, mode, id };
  });
  const output = git(["cat-file", "--batch"], Buffer.from(files.map(({ id }) => `${id}\n`).join("")));
  let at = 0;
  return new Map(
    files.map(({ path, mode }) => {
      const start = output.indexOf("\n", at) + 1;
      const size = Number(output.toString("latin1", at, start).split(" ")[2]);
      at = start + size + 1;
      return [path, { mode, bytes: output.subarray(start, start + size) }];
    }),
  );
}
