import { unifiedDiff } from "./unified-diff.ts";
import type { UpdateEntry, UpdatePlan } from "./update-plan.ts";

/** An entry of a plan as data for `--json`: what happens and why, without the bytes. */
export interface EntryValue {
  readonly path: string;
  readonly movedFrom?: string;
  readonly verdict: UpdateEntry["verdict"];
  readonly reason: string;
  readonly conflict?: { readonly kind: string; readonly sidecar?: string };
  /** What the entry changes, as git shows it; only where the plan is looked at and not carried out. */
  readonly diff?: string;
}

/** The entries of a plan as data, each with its diff where that is wanted. */
export async function entryValues(
  { entries }: UpdatePlan,
  { withDiffs }: { readonly withDiffs: boolean },
): Promise<readonly EntryValue[]> {
  return await Promise.all(
    entries.map(async (entry) => {
      const diff = withDiffs ? await unifiedDiff(entry) : "";
      return { ...entryValue(entry), ...(diff === "" ? {} : { diff }) };
    }),
  );
}

function entryValue({ path, movedFrom, verdict, reason, conflict }: UpdateEntry): EntryValue {
  const sidecar = conflict?.sidecar?.path;
  return {
    path,
    ...(movedFrom === undefined ? {} : { movedFrom }),
    verdict,
    reason,
    ...(conflict === undefined
      ? {}
      : { conflict: { kind: conflict.kind, ...(sidecar === undefined ? {} : { sidecar }) } }),
  };
}
