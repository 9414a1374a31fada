import { parse } from "yaml";
import type { Answers } from "../answers/answers.ts";
import { targetPath } from "./target-path.ts";
import type { TemplateRename, TemplateSet } from "./template-set.ts";

/** Reads the text of a renames.yml: a list of `{ from, to }`, oldest first; an empty text has none. */
export function parseRenames(text: string): readonly TemplateRename[] {
  const document: unknown = parse(text) ?? [];
  if (!Array.isArray(document)) throw new Error("renames.yml is not a list of renames.");
  return document.map((rename: unknown) => {
    if (!isRename(rename)) throw new Error(`renames.yml has a wrong rename: ${JSON.stringify(rename)}`);
    return rename;
  });
}

/**
 * Where files of a repository are after an update: renamed by the templates, or placed elsewhere by changed answers.
 * A file that was renamed again and again is led to its newest name.
 */
export function renamesBetween(
  { files, renames }: Pick<TemplateSet, "files" | "renames">,
  { before, after }: { readonly before: Answers; readonly after: Answers },
): readonly TemplateRename[] {
  const declared = renames.map(({ from }) => ({ from, to: newestName(renames, from) }));
  const same = files.map(({ path }) => ({ from: path, to: path }));
  return [...declared, ...same]
    .map(({ from, to }) => ({ from: targetPath(from, before), to: targetPath(to, after) }))
    .filter(({ from, to }) => from !== to);
}

/** Each rename is looked at once and later ones only, so names that go round in a circle end. */
function newestName(renames: readonly TemplateRename[], name: string): string {
  const first = renames.findIndex(({ from }) => from === name);
  return renames.slice(first).reduce((current, { from, to }) => (from === current ? to : current), name);
}

function isRename(value: unknown): value is TemplateRename {
  return (
    typeof value === "object" &&
    value !== null &&
    "from" in value &&
    typeof value.from === "string" &&
    "to" in value &&
    typeof value.to === "string"
  );
}
