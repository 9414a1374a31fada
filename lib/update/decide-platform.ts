import { decideBoth } from "./decide-both.ts";
import type { Decision } from "./decision.ts";
import { isSameEntry, isSameText } from "./tree-entries.ts";
import type { TreeEntry, UpdateInput } from "./update-plan.ts";
import type { Versions } from "./versions.ts";

/** What is to become of a file that the platform owns: whatever both sides did to it, or a conflict. */
export function decidePlatform(versions: Versions, input: UpdateInput): Decision {
  const { base, ours, theirs } = versions;
  if (ours === undefined) return decideAbsent(versions, input);
  if (theirs === undefined) return decideDropped(ours, base);
  return decideBoth({ base, ours, theirs }, input.labels);
}

function decideAbsent({ base, theirs }: Versions, { restored }: UpdateInput): Decision {
  if (theirs === undefined) return { verdict: "same", reason: "It is gone on both sides.", after: undefined };
  if (base === undefined) return { verdict: "add", reason: "It is new in the template.", after: theirs };
  if (restored.has(theirs.path) || restored.has(base.path)) {
    return { verdict: "add", reason: "It was deleted here, and is wanted back.", after: theirs };
  }
  if (isSameEntry(theirs, base) && theirs.path === base.path) {
    return { verdict: "keep", reason: "It was deleted here.", after: undefined };
  }
  const reason = `It was deleted here, and the template changed it. Bring it back with --restore ${theirs.path}.`;
  return { verdict: "stay-deleted", reason, after: undefined };
}

function decideDropped(ours: TreeEntry, base: TreeEntry | undefined): Decision {
  if (base === undefined) return { verdict: "keep", reason: "The template does not have it.", after: ours };
  if (ours.path === base.path && isSameText(ours, base)) {
    return { verdict: "delete", reason: "The template does not have it any more.", after: undefined };
  }
  const did = ours.path === base.path ? "changed here" : `moved here from ${base.path}`;
  const reason = `It was ${did}, and the template deleted it.`;
  return { verdict: "conflict", conflict: "modify-delete", reason, after: ours };
}
