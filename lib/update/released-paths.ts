import { pathsNotManaged, type RefusedPath } from "../errors/catalogue/update.ts";
import { nearest } from "../errors/nearest.ts";
import type { RenderedFile, RenderedTree } from "../template/rendered-tree.ts";
import type { RepositoryState } from "./read-state.ts";
import { findRenames } from "./similar-entries.ts";
import { isSameEntry } from "./tree-entries.ts";
import type { Rename, Tree, UpdateInput, UpdatePlan } from "./update-plan.ts";

export interface ReleaseRequest {
  readonly state: RepositoryState;
  /** Paths that the team takes over from now on. */
  readonly release?: readonly string[];
  /** Paths that were deleted or released, and are to be as the templates have them. */
  readonly restore?: readonly string[];
}

interface Managed {
  readonly base: Tree;
  readonly theirs: Tree;
  readonly ownerOf: UpdateInput["ownerOf"];
  readonly renames: readonly Rename[];
}

/** The paths that the team has taken over after this run; a path that cannot be released or restored is refused with the reason. */
export function releasedAfter(request: ReleaseRequest, managed: Managed): ReadonlySet<string> {
  const { state, release = [], restore = [] } = request;
  refuse([
    ...release.flatMap((path) => whyNotReleased(path, { restore, managed })),
    ...restore.flatMap((path) => whyUnknown("--restore", path, managed.theirs)),
  ]);
  const released = new Set([...state.manifest.released, ...release]);
  for (const { from, to } of managed.renames) if (released.has(from)) released.add(to);
  for (const path of restore) released.delete(path);
  return released;
}

/** The new names of files that the team has taken over or takes over now, where the templates do not declare them. */
export function renamesOfReleased(
  { state, release = [] }: ReleaseRequest,
  { base, theirs }: Pick<Managed, "base" | "theirs">,
): readonly Rename[] {
  const released = new Set([...state.manifest.released, ...release]);
  if ([...released].every((path) => base.has(path) === theirs.has(path))) return [];
  const gone = [...base.values()].filter(({ path }) => !theirs.has(path));
  const added = [...theirs.values()].filter(({ path }) => !base.has(path));
  return findRenames(gone, added).filter(({ from, to }) => released.has(from) || released.has(to));
}

/**
 * What the next update starts from: the new render, but of a file that is left alone what it was last merged with.
 * So nothing is missing in it once it is given back, or becomes the platform's.
 */
export function baselineAfter(
  tree: RenderedTree,
  { state, input }: Pick<ReleaseRequest, "state"> & { readonly input: Omit<UpdateInput, "ours"> },
): RenderedTree {
  const last = new Map(state.baseline.map((file) => [file.path, file]));
  const oldNames = new Map(input.renames.map(({ from, to }) => [to, from]));
  return tree.map((file) => {
    if (!isLeftAlone(file, input)) return file;
    const merged = last.get(file.path) ?? last.get(oldNames.get(file.path) ?? "");
    return merged === undefined ? file : { ...merged, path: file.path };
  });
}

/** The team's files are written again only where answers change them, or where they are wanted back. */
function isLeftAlone(
  file: RenderedFile,
  { released, restored, ownerOf, theirsBefore }: Omit<UpdateInput, "ours">,
): boolean {
  if (released.has(file.path)) return true;
  if (ownerOf(file.path) === "platform" || restored.has(file.path)) return false;
  return isSameEntry(theirsBefore.get(file.path), file);
}

/** Refuses to bring back what is there: only a plan knows, because only it has looked. */
export function refusePresent(
  { state, input }: Pick<ReleaseRequest, "state"> & { readonly input: Omit<UpdateInput, "ours"> },
  { entries }: UpdatePlan,
): void {
  const released = new Set(state.manifest.released);
  const oldNames = new Map(input.renames.map(({ from, to }) => [to, from]));
  const present = [...input.restored].filter((path) => {
    if (released.has(path) || released.has(oldNames.get(path) ?? "")) return false;
    return !entries.some((entry) => entry.path === path && entry.before === undefined);
  });
  const why = "the file was neither deleted nor released here; a change of it is undone with git";
  refuse(present.map((path) => ({ option: "--restore", path, why })));
}

function refuse(refused: readonly RefusedPath[]): void {
  if (refused.length > 0) throw pathsNotManaged(refused);
}

function whyNotReleased(
  path: string,
  { restore, managed }: { readonly restore: readonly string[]; readonly managed: Managed },
): readonly RefusedPath[] {
  const option = "--release";
  const { base, theirs, ownerOf } = managed;
  const unknown = whyUnknown(option, path, new Map([...base, ...theirs]));
  if (unknown.length > 0) return unknown;
  if (ownerOf(path) === "team")
    return [{ option, path, why: "the file belongs to the team already, so no update touches it" }];
  return restore.includes(path)
    ? [{ option, path, why: "--restore gives the same file back in the same run" }]
    : [];
}

function whyUnknown(option: string, path: string, known: Tree): readonly RefusedPath[] {
  if (known.has(path)) return [];
  const guess = nearest(path, [...known.keys()]);
  return [{ option, path, why: "the templates have no such file", guess }];
}
