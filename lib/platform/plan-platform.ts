import {
  platformChanged,
  platformForeign,
  platformNewer,
  platformNotReady,
  platformTagTaken,
} from "../errors/catalogue/platform.ts";
import { copiedTemplates } from "../template/file-rules.ts";
import { platformVersionFile, templatesTag } from "../template/platform-tree.ts";
import type { RenderedTree } from "../template/rendered-tree.ts";
import { compareVersions } from "../update/compare-versions.ts";
import { blobHash } from "./blob-hash.ts";
import type { PlatformFolder, PlatformPlan, TreeHashes } from "./platform-folder.ts";

export interface PlatformInput {
  readonly folder: string;
  readonly version: string;
  /** The platform's repository of this version. */
  readonly tree: RenderedTree;
  readonly present: PlatformFolder;
}

const newBranch = "main";

/** What a new version replaces; the rest of the repository is written once and then the platform team's own. */
export function isReplaced(path: string): boolean {
  return path.startsWith(copiedTemplates) || path === platformVersionFile;
}

/** Decides how the folder comes to hold this version, with its tag; refuses what would undo somebody's work or move a tag. */
export function planPlatform({ folder, version, tree, present }: PlatformInput): PlatformPlan {
  const tag = templatesTag(version);
  const common = { folder, tag, commitMessage: `Templates of eac-model ${version}`, removed: [] };
  if (present.kind === "free")
    return { ...common, action: present.exists ? "fill" : "create", branch: newBranch, files: tree };
  const { branch, head } = present;
  if (present.version === undefined) throw platformForeign(folder, `it has no ${platformVersionFile}`);
  const replaced = tree.filter(({ path }) => isReplaced(path));
  const settled = { ...common, branch: branch ?? newBranch, files: [] };
  const tagged = present.tags.get(tag);
  if (tagged !== undefined) {
    if (holds(tagged, replaced)) return { ...settled, action: "keep" };
    throw platformTagTaken(folder, tag, "holds other templates than this version of eac-model");
  }
  if (branch === undefined) throw platformNotReady(folder, "no branch is checked out");
  if (holds(head, replaced)) return { ...settled, action: "tag" };
  refuseLoss({ folder, version, present: { ...present, version: present.version } });
  return {
    ...settled,
    action: "update",
    files: replaced,
    removed: [...head.keys()].filter(
      (path) => isReplaced(path) && !replaced.some((file) => file.path === path),
    ),
  };
}

interface Standing {
  readonly folder: string;
  readonly version: string;
  readonly present: Extract<PlatformFolder, { kind: "repository" }> & { readonly version: string };
}

function refuseLoss({ folder, version, present }: Standing): void {
  if (compareVersions(present.version, version) > 0) throw platformNewer(folder, present.version, version);
  if (present.uncommitted.length > 0)
    throw platformNotReady(
      folder,
      `not everything is committed: ${present.uncommitted.slice(0, 5).join(", ")}`,
    );
  const before = present.tags.get(templatesTag(present.version));
  const changed = before === undefined ? [] : differing(before, present.head);
  if (changed.length > 0) throw platformChanged(folder, present.version, changed);
}

function differing(before: TreeHashes, now: TreeHashes): readonly string[] {
  return [...new Set([...before.keys(), ...now.keys()])]
    .filter((path) => isReplaced(path) && before.get(path) !== now.get(path))
    .toSorted();
}

/** Whether a commit holds exactly these files where a version replaces files. */
function holds(hashes: TreeHashes, files: RenderedTree): boolean {
  const own = [...hashes].filter(([path]) => isReplaced(path));
  return (
    own.length === files.length &&
    files.every(({ path, bytes }) => {
      const hash = hashes.get(path);
      return hash !== undefined && hash === blobHash(bytes, hash.length);
    })
  );
}
