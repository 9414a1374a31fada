import { decideBoth } from "./decide-both.ts";
import { changeSource, newReasons } from "./change-source.ts";
import type { Decision } from "./decision.ts";
import { isSameEntry, isSameText } from "./tree-entries.ts";
import type { TreeEntry, UpdateInput } from "./update-plan.ts";
import type { Versions } from "./versions.ts";

/** What is to become of a file that the platform owns: whatever both sides did to it, or a conflict. */
export function decidePlatform(versions: Versions, input: UpdateInput): Decision {
  const { base, ours, theirs } = versions;
  if (ours === undefined) return decideAbsent(versions, input);
  if (theirs === undefined) return decideDropped(ours, versions);
  return decideBoth({ base, ours, theirs, source: changeSource(versions) }, input.labels);
}

function decideAbsent(versions: Versions, { restored }: UpdateInput): Decision {
  const { base, theirs } = versions;
  const source = changeSource(versions);
  if (theirs === undefined) return { verdict: "same", reason: "It is gone on both sides.", after: undefined };
  if (base === undefined) return { verdict: "add", reason: newReasons[source], after: theirs };
  if (restored.has(theirs.path) || restored.has(base.path)) {
    return { verdict: "add", reason: "It was deleted here, and is wanted back.", after: theirs };
  }
  if (isSameEntry(theirs, base) && theirs.path === base.path) {
    return { verdict: "keep", reason: "It was deleted here.", after: undefined };
  }
  const reason = `It was deleted here, and the ${source} changed it. Bring it back with --restore ${theirs.path}.`;
  return { verdict: "stay-deleted", reason, after: undefined };
}

const goneWithAnswers = "with these answers there is no such file";

function decideDropped(ours: TreeEntry, versions: Versions): Decision {
  const { base } = versions;
  if (base === undefined) return { verdict: "keep", reason: "The template does not have it.", after: ours };
  const isAnswers = changeSource(versions) !== "template";
  if (ours.path === base.path && isSameText(ours, base)) {
    const reason = isAnswers
      ? "With these answers there is no such file."
      : "The template does not have it any more.";
    return { verdict: "delete", reason, after: undefined };
  }
  const did = ours.path === base.path ? "changed here" : `moved here from ${base.path}`;
  const reason = `It was ${did}, and ${isAnswers ? goneWithAnswers : "the template deleted it"}.`;
  return { verdict: "conflict", conflict: "modify-delete", reason, after: ours };
}
