import { readCommitFile, type CommitFile } from "../git/commit-files.ts";
import type { ObjectReader } from "../git/object-reader.ts";
import { isSafePath } from "./safe-path.ts";
import type { Tree, TreeEntry } from "./update-plan.ts";
import type { WantedPaths } from "./working-tree/read-working-tree.ts";

/** More files than this are no place where a file of the base is looked for. */
const mostCandidates = 5000;
/** Files of a repository can be large; few at a time keep the memory small. */
const candidatesAtOnce = 20;
const mostTimesLonger = 4;
const mostBytes = 1024 * 1024;

/**
 * Our side of a merge, from a commit instead of a work tree: every path of the trees that exists, whatever stands in the way of one,
 * twins of one, and, where a file of the base is gone, what it may have been moved to.
 */
export async function readCommitTree(
  reader: ObjectReader,
  files: readonly CommitFile[],
  wanted: WantedPaths,
): Promise<Tree> {
  const takesPart = participation(wanted);
  const known = files.filter(({ path }) => takesPart(path));
  const entries = new Map(await readEntries(reader, known));
  const gone = [...wanted.base.values()].filter(({ path }) => !entries.has(path));
  if (gone.length === 0) return entries;
  const others = files.filter(
    ({ path, mode }) => !entries.has(path) && mode.startsWith("100") && isSafePath(path),
  );
  for (let at = 0; at < Math.min(others.length, mostCandidates); at += candidatesAtOnce)
    for (const [path, entry] of await readEntries(reader, others.slice(at, at + candidatesAtOnce)))
      if (isAboutAsLong(entry, gone)) entries.set(path, entry);
  return entries;
}

/** Tells of a path whether it is one of the trees, above or below one, or differs from one only in letter case. */
function participation({ base, others }: WantedPaths): (path: string) => boolean {
  const paths = new Set<string>();
  const folders = new Set<string>();
  for (const tree of [base, ...others])
    for (const path of tree.keys()) {
      const folded = path.toLowerCase();
      paths.add(folded);
      for (const folder of foldersAbove(folded)) folders.add(folder);
    }
  return (path) => {
    const folded = path.toLowerCase();
    return (
      paths.has(folded) || folders.has(folded) || foldersAbove(folded).some((folder) => paths.has(folder))
    );
  };
}

function foldersAbove(path: string): readonly string[] {
  const names = path.split("/");
  return names.slice(1).map((_, index) => names.slice(0, index + 1).join("/"));
}

async function readEntries(
  reader: ObjectReader,
  files: readonly CommitFile[],
): Promise<readonly (readonly [string, TreeEntry])[]> {
  return await Promise.all(
    files.map(async (file) => {
      const { path, mode } = file;
      return [path, { path, mode, bytes: await readCommitFile(reader, file) }] as const;
    }),
  );
}

/** A file that was moved and edited is still about as long; longer ones are no templates. */
function isAboutAsLong({ bytes }: TreeEntry, gone: readonly TreeEntry[]): boolean {
  if (bytes.length > mostBytes) return false;
  return gone.some(
    (entry) =>
      bytes.length * mostTimesLonger >= entry.bytes.length &&
      bytes.length <= entry.bytes.length * mostTimesLonger,
  );
}
