import type { ChangeSource } from "./change-source.ts";
import type { ConflictKind, TreeEntry, Verdict } from "./update-plan.ts";
import type { Versions } from "./versions.ts";

/** What is to become of one file, before it is looked at together with the others. */
export interface Decision {
  readonly verdict: Verdict;
  /** One sentence for a person. */
  readonly reason: string;
  readonly after: TreeEntry | undefined;
  readonly conflict?: ConflictKind;
}

/** A file of which the repository and the new templates each have a version. */
export interface BothVersions extends Pick<Versions, "base"> {
  readonly ours: TreeEntry;
  readonly theirs: TreeEntry;
  /** What makes theirs differ from base. */
  readonly source: ChangeSource;
}
