import type { BothVersions, Decision } from "./decision.ts";
import { lockCommand } from "./lock-files.ts";
import { mergeEntries } from "./merge-entries.ts";
import { isSameEntry, isSameText } from "./tree-entries.ts";
import type { Labels, TreeEntry, Verdict } from "./update-plan.ts";

/** The three-way merge of a file's path, mode and bytes. */
export function decideBoth(versions: BothVersions, labels: Labels): Decision {
  const content = decideContent(versions, labels);
  const path = mergedPath(versions);
  if (path === undefined) {
    const reason = `It was moved here, and the ${versions.source} moved it to ${versions.theirs.path}.`;
    return { ...content, verdict: "conflict", conflict: content.conflict ?? "path", reason };
  }
  if (content.after === undefined || path === content.after.path) return explainMove(versions, content);
  const after = { ...content.after, path };
  if (content.conflict !== undefined) return { ...content, after };
  return {
    ...content,
    verdict: "move",
    reason: `The ${versions.source} ${moveReasons[content.verdict] ?? moved}`,
    after,
  };
}

/** Undefined where both sides moved it, to different places. */
function mergedPath({ base, ours, theirs }: BothVersions): string | undefined {
  if (base === undefined || ours.path === base.path) return theirs.path;
  return theirs.path === base.path || theirs.path === ours.path ? ours.path : undefined;
}

const moved = "moved it.";
const moveReasons: Partial<Record<Verdict, string>> = {
  keep: "moved it; what was changed here goes with it.",
  update: "moved and changed it.",
  merge: "moved and changed it; what was changed here is merged.",
};

function explainMove({ base, ours }: BothVersions, content: Decision): Decision {
  if (base === undefined || ours.path === base.path || content.verdict === "keep") return content;
  return { ...content, reason: `${content.reason} It was moved here from ${base.path}.` };
}

function decideContent({ base, ours, theirs, source }: BothVersions, labels: Labels): Decision {
  const path = ours.path;
  if (isSameEntry(ours, theirs)) return unchanged("same", "It is as the template has it.", ours);
  if (base !== undefined && isSameEntry(theirs, base)) {
    return isSameText(ours, base)
      ? unchanged("same", "It is as the template has it, line ends apart.", ours)
      : unchanged("keep", "Only this repository changed it.", ours);
  }
  if (base !== undefined && isSameEntry(ours, base)) {
    return { verdict: "update", reason: `Only the ${source} changed it.`, after: { ...theirs, path } };
  }
  return decideMerged({ base, ours, theirs, source }, labels);
}

function decideMerged({ base, ours, theirs, source }: BothVersions, labels: Labels): Decision {
  const path = ours.path;
  const command = lockCommand(path);
  if (command !== undefined) {
    const reason = `Both sides changed it. Run "${command}" to bring it up to date.`;
    return unchanged("regenerate", reason, ours);
  }
  const { entry, conflict } = mergeEntries({ base, ours, theirs, path: theirs.path, labels });
  const after = { ...entry, path };
  if (conflict !== undefined) {
    return { verdict: "conflict", reason: conflict.reason, after, conflict: conflict.kind };
  }
  if (isSameEntry(after, ours)) return unchanged("keep", "It has the change of the templates already.", ours);
  if (base !== undefined && isSameText(ours, base))
    return { verdict: "update", reason: `Only the ${source} changed it; line ends are as here.`, after };
  return { verdict: "merge", reason: "Both sides changed it, in different places.", after };
}

function unchanged(verdict: Verdict, reason: string, ours: TreeEntry): Decision {
  return { verdict, reason, after: ours };
}
