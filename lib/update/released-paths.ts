import { pathNotManaged } from "../errors/catalogue/update.ts";
import { nearest } from "../errors/nearest.ts";
import type { RenderedTree } from "../template/rendered-tree.ts";
import type { RepositoryState } from "./read-state.ts";
import { findRenames } from "./similar-entries.ts";
import type { Rename, Tree, UpdateInput } from "./update-plan.ts";

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
  for (const path of release) refuseRelease(path, managed);
  for (const path of restore) refuseUnknown("--restore", path, managed.theirs);
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

/** What the next update starts from: of a file that the team took over what it was last merged with, so that nothing is missing in it once it is given back. */
export function baselineAfter(
  tree: RenderedTree,
  { state, released, renames }: Pick<UpdateInput, "released" | "renames"> & Pick<ReleaseRequest, "state">,
): RenderedTree {
  const last = new Map(state.baseline.map((file) => [file.path, file]));
  const oldNames = new Map(renames.map(({ from, to }) => [to, from]));
  return tree.map((file) => {
    const path = last.has(file.path) ? file.path : oldNames.get(file.path);
    const merged = path !== undefined && released.has(file.path) ? last.get(path) : undefined;
    return merged === undefined ? file : { ...merged, path: file.path };
  });
}

function refuseRelease(path: string, { base, theirs, ownerOf }: Managed): void {
  refuseUnknown("--release", path, new Map([...base, ...theirs]));
  if (ownerOf(path) === "team") {
    throw pathNotManaged(
      `--release ${path}`,
      "the file belongs to the team already, so no update touches it",
    );
  }
}

function refuseUnknown(option: string, path: string, known: Tree): void {
  if (known.has(path)) return;
  const guess = nearest(path, [...known.keys()]);
  throw pathNotManaged(`${option} ${path}`, "the templates have no such file", guess);
}
