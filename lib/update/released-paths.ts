import { pathNotManaged } from "../errors/catalogue/update.ts";
import { nearest } from "../errors/nearest.ts";
import type { RepositoryState } from "./read-state.ts";
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
