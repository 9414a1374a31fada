import type { Problem } from "../errors/eac-error.ts";
import { formatPath } from "./answers-input.ts";
import { valueAt } from "./value-at.ts";

interface Entry {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/** Entries that differ at most in case: Azure DevOps takes them for the same environment or the same person. */
export function duplicateProblems(candidate: unknown): readonly Problem[] {
  const environments = indexesOf(candidate, ["environments"]);
  return [
    ...duplicatesOf(
      environments.flatMap((index) => entryAt(candidate, ["environments", index, "name"])),
      "Give each environment its own name.",
    ),
    ...environments.flatMap((index) => listProblems(candidate, ["environments", index, "approvers"])),
    ...listProblems(candidate, ["members"]),
  ];
}

function listProblems(candidate: unknown, path: Entry["path"]): readonly Problem[] {
  const entries = indexesOf(candidate, path).flatMap((index) => entryAt(candidate, [...path, index]));
  return duplicatesOf(entries, "Leave it out.");
}

function duplicatesOf(entries: readonly Entry[], suggestion: string): readonly Problem[] {
  const seen = new Map<string, Entry>();
  return entries.flatMap((entry) => {
    const key = entry.text.toLowerCase();
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, entry);
      return [];
    }
    const message = `is ${JSON.stringify(entry.text)}, as ${formatPath(first.path)} is already.`;
    return [{ path: formatPath(entry.path), rule: "unique", message, suggestion }];
  });
}

function indexesOf(candidate: unknown, path: Entry["path"]): readonly number[] {
  const list = valueAt(candidate, path);
  return Array.isArray(list) ? [...list.keys()] : [];
}

function entryAt(candidate: unknown, path: Entry["path"]): readonly Entry[] {
  const text = valueAt(candidate, path);
  return typeof text === "string" ? [{ path, text }] : [];
}
