import { decideBoth } from "./decide-both.ts";
import { changeSource, newReasons } from "./change-source.ts";
import type { BothVersions, Decision } from "./decision.ts";
import { isSameEntry, isSameText } from "./tree-entries.ts";
import type { TreeEntry, UpdateInput } from "./update-plan.ts";
import type { Versions } from "./versions.ts";

/**
 * What is to become of a file that the team owns: new files are added; else it is left alone,
 * unless the answers changed in this run and the file with them. Then the difference that the answers make is merged.
 */
export function decideTeam(versions: Versions, input: UpdateInput): Decision {
  const { ours, theirs } = versions;
  if (ours === undefined) return decideAbsent(versions, input);
  if (theirs === undefined) return decideDropped(ours, versions);
  const source = changeSource(versions);
  return versions.isBlocked === true && source !== "template"
    ? refuseMove({ ours, theirs, source })
    : decidePresent({ ...versions, ours, theirs }, input);
}

function refuseMove({ ours, theirs, source }: Omit<BothVersions, "base">): Decision {
  const reason = `The ${source} moved it to ${theirs.path}, but another file is there.`;
  return { verdict: "conflict", conflict: "path", reason, after: ours };
}

function decidePresent(
  versions: Versions & Pick<BothVersions, "ours" | "theirs">,
  input: UpdateInput,
): Decision {
  const { base, ours, theirs, theirsBefore } = versions;
  const before = theirsBefore ?? (base?.path === theirs.path ? undefined : base);
  if (base === undefined || before === undefined || isUnaffected(before, theirs)) return leave(ours);
  const source = changeSource(versions);
  if (isSameEntry(ours, base)) return decideBoth({ base, ours, theirs, source }, input.labels);
  return decideBoth({ base: { ...before, path: base.path }, ours, theirs, source: "answers" }, input.labels);
}

function isUnaffected(before: TreeEntry, theirs: BothVersions["theirs"]): boolean {
  return before.path === theirs.path && isSameEntry(before, theirs);
}

function leave(ours: TreeEntry | undefined): Decision {
  return { verdict: "team", reason: "It belongs to the team.", after: ours };
}

function decideAbsent(versions: Versions, { restored }: UpdateInput): Decision {
  const { base, theirs, theirsBefore } = versions;
  if (theirs === undefined) return leave(undefined);
  if (base === undefined)
    return { verdict: "add", reason: newReasons[changeSource(versions)], after: theirs };
  if (restored.has(theirs.path) || restored.has(base.path)) {
    return { verdict: "add", reason: "It was deleted here, and is wanted back.", after: theirs };
  }
  if (theirsBefore === undefined || isUnaffected(theirsBefore, theirs)) return leave(undefined);
  const reason = `It was deleted here, and the answers change it. Bring it back with --restore ${theirs.path}.`;
  return { verdict: "stay-deleted", reason, after: undefined };
}

/** Only the answers take a file from the team, and only as it was given. */
function decideDropped(ours: TreeEntry, { base, theirsBefore }: Versions): Decision {
  if (base === undefined || theirsBefore === undefined) return leave(ours);
  if (isSameText(ours, base) || isSameText(ours, theirsBefore)) {
    return { verdict: "delete", reason: "With these answers there is no such file.", after: undefined };
  }
  const reason = "It was changed here, and with these answers there is no such file.";
  return { verdict: "conflict", conflict: "modify-delete", reason, after: ours };
}
