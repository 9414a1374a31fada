import { isSameEntry } from "./tree-entries.ts";
import type { TreeEntry } from "./update-plan.ts";
import type { Versions } from "./versions.ts";

/** What makes the new render of a file differ from the last one; the words of a sentence's subject. */
export type ChangeSource = "template" | "answers" | "template and the answers";

/** Found by the render between the two: the new templates with the old answers. */
export function changeSource({
  base,
  theirs,
  theirsBefore,
}: Pick<Versions, "base" | "theirs" | "theirsBefore">): ChangeSource {
  if (isSamePlace(theirsBefore, theirs)) return "template";
  return isSamePlace(theirsBefore, base) ? "answers" : "template and the answers";
}

function isSamePlace(left: TreeEntry | undefined, right: TreeEntry | undefined): boolean {
  return left?.path === right?.path && isSameEntry(left, right);
}

/** The words for a file that the last render did not have. */
export const newReasons: Readonly<Record<ChangeSource, string>> = {
  template: "It is new in the template.",
  answers: "It is new with these answers.",
  "template and the answers": "It is new with these answers.",
};
