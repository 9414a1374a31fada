import { tryBare, runBare } from "./run-bare.ts";

/** The newest commit that both have in their history; undefined where they have nothing in common. */
export async function mergeBase(folder: string, left: string, right: string): Promise<string | undefined> {
  const text = await tryBare(folder, ["merge-base", "--end-of-options", left, right]);
  return text?.trim();
}

/** The files that differ between two commits, from the root; a moved file is at both places. */
export async function changedPaths(folder: string, from: string, to: string): Promise<readonly string[]> {
  const text = await runBare(folder, ["diff", "--name-only", "--no-renames", "-z", from, to, "--"]);
  return text.split("\0").filter((path) => path !== "");
}

/** Every file of a commit. */
export async function allPaths(folder: string, commit: string): Promise<readonly string[]> {
  const text = await runBare(folder, ["ls-tree", "-r", "-z", "--name-only", commit]);
  return text.split("\0").filter((path) => path !== "");
}
