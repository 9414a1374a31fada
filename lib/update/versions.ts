import { isSafePath } from "./safe-path.ts";
import { findRenames } from "./similar-entries.ts";
import type { Tree, TreeEntry, UpdateInput } from "./update-plan.ts";

/** One file in all trees, wherever each of them has it. */
export interface Versions {
  readonly base: TreeEntry | undefined;
  readonly ours: TreeEntry | undefined;
  readonly theirs: TreeEntry | undefined;
  /** The new templates with the old answers. */
  readonly theirsBefore: TreeEntry | undefined;
  /** A file of the team that cannot follow its new name, because another file of the repository has that. */
  readonly isBlocked?: boolean;
}

/**
 * Finds what belongs together: by renames that are known, by path, then by content. Each entry of each tree is in one of the results;
 * what the templates have in a place that is taken is in two.
 */
export function pairVersions(input: UpdateInput): readonly Versions[] {
  const { base, ours, theirs } = input;
  const toTheirs = templateNames(input);
  const blockedNames = namesOfOthers(input, toTheirs);
  const toOurs = repositoryNames(input, toTheirs);
  const ofBase = [...base.values()].map((entry): Versions => {
    const blocked = at(theirs, blockedNames.get(entry.path));
    const target = blocked ?? at(theirs, toTheirs.get(entry.path));
    const theirsBefore = findBefore(input, target ?? entry) ?? at(input.theirsBefore, entry.path);
    const versions = { base: entry, ours: at(ours, toOurs.get(entry.path)), theirs: target, theirsBefore };
    return blocked === undefined ? versions : { ...versions, isBlocked: true };
  });
  const paired = { ours: new Set(toOurs.values()), theirs: new Set(toTheirs.values()) };
  const newPaths = [...new Set([...theirs.keys(), ...ours.keys()])];
  const ofOthers = newPaths.flatMap((path): readonly Versions[] => {
    const entry = paired.ours.has(path) ? undefined : ours.get(path);
    const target = paired.theirs.has(path) ? undefined : theirs.get(path);
    if (entry === undefined && target === undefined) return [];
    const theirsBefore = target && findBefore(input, target);
    return [{ base: undefined, ours: entry, theirs: target, theirsBefore }];
  });
  return [...ofBase, ...ofOthers];
}

function at(tree: Tree, path: string | undefined): TreeEntry | undefined {
  return path === undefined ? undefined : tree.get(path);
}

/** Where the new templates have the files of the base. */
function templateNames({ base, ours, theirs, renames, ownerOf }: UpdateInput): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  /** A file that the team has there already is another one, unless the team made the same move. */
  const isFree = (from: string, to: string): boolean =>
    !taken.has(to) && (base.has(to) || !ours.has(to) || !ours.has(from));
  const pair = (from: string, to: string): void => {
    if (names.has(from) || !base.has(from) || !theirs.has(to) || !isFree(from, to)) return;
    names.set(from, to);
    taken.add(to);
  };
  for (const { from, to } of renames) pair(from, to);
  for (const path of base.keys()) pair(path, path);
  /** A guess is no reason to touch what is the team's. */
  const isGuessed = ({ path }: TreeEntry): boolean => ownerOf(path) === "platform";
  const gone = [...base.values()].filter((entry) => !names.has(entry.path) && isGuessed(entry));
  const added = [...theirs.values()].filter(
    (entry) => !taken.has(entry.path) && !base.has(entry.path) && isGuessed(entry),
  );
  for (const { from, to } of findRenames(gone, added)) pair(from, to);
  return names;
}

/** The new names of the team's files that other files of the repository have. */
function namesOfOthers(
  { base, ours, theirs, renames, ownerOf }: UpdateInput,
  toTheirs: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const blocked = renames.filter(
    ({ from, to }) =>
      base.has(from) && ours.has(from) && theirs.has(to) && !toTheirs.has(from) && ownerOf(to) === "team",
  );
  return new Map(blocked.map(({ from, to }) => [from, to]));
}

/** Where the repository has the files of the base: under their path, under the new one, or where the team moved them. */
function repositoryNames(
  { base, ours, theirs, ownerOf }: UpdateInput,
  toTheirs: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const path of base.keys()) {
    const target = toTheirs.get(path);
    if (ours.has(path)) names.set(path, path);
    else if (target !== undefined && !base.has(target) && ours.has(target)) names.set(path, target);
  }
  const gone = [...base.values()].filter(
    ({ path }) => !names.has(path) && ownerOf(toTheirs.get(path) ?? path) === "platform",
  );
  if (gone.length === 0) return names;
  const added = [...ours.values()].filter(
    ({ path }) => !base.has(path) && !theirs.has(path) && isSafePath(path),
  );
  for (const { from, to } of findRenames(gone, added)) names.set(from, to);
  return names;
}

/** The file in the new templates with the old answers: under the new path, or under one that the new answers turned into it. */
function findBefore({ theirsBefore, renames }: UpdateInput, { path }: TreeEntry): TreeEntry | undefined {
  const same = theirsBefore.get(path);
  if (same !== undefined) return same;
  const from = renames.find((rename) => rename.to === path && theirsBefore.has(rename.from));
  return from && theirsBefore.get(from.from);
}
