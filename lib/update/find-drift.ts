import type { PreparedUpdate } from "./prepare-update.ts";
import type { Tree, TreeEntry } from "./update-plan.ts";

/** A file of the platform that is not as the templates made it. */
export interface Drift {
  readonly path: string;
  readonly state: "changed" | "missing";
}

/** The files of the platform that differ here from the last render; not those that the team took over, and no difference of line ends. */
export function findDrift(
  { base, ownerOf, released }: PreparedUpdate["input"],
  ours: Tree,
): readonly Drift[] {
  return [...base.values()]
    .filter(({ path }) => ownerOf(path) === "platform" && !released.has(path))
    .flatMap((entry): readonly Drift[] => {
      const now = ours.get(entry.path);
      if (now === undefined) return [{ path: entry.path, state: "missing" }];
      return isUnchanged(entry, now) ? [] : [{ path: entry.path, state: "changed" }];
    });
}

/** git may have checked the file out with other line ends. */
function isUnchanged(base: TreeEntry, now: TreeEntry): boolean {
  if (base.mode !== now.mode) return false;
  if (Buffer.compare(base.bytes, now.bytes) === 0) return true;
  return withLineFeeds(base.bytes) === withLineFeeds(now.bytes);
}

function withLineFeeds(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1").replaceAll("\r\n", "\n");
}
