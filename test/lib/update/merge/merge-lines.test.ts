import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { mergeText } from "../../../../lib/update/merge/merge-text.ts";
import type { Tree } from "../../../../lib/update/update-plan.ts";
import { isolateGit } from "../../../support/git-environment.ts";
import { mergeWithGit } from "../../../support/merge-with-git.ts";
import { runs } from "../../../support/property-seed.ts";
import { someLabels } from "../../../support/trees.ts";

isolateGit();

/** Few different lines, many of them blank: where a change belongs is often not obvious. */
const lines = fc.array(fc.constantFrom("", "a", "b", "c", "d", "}", "  x"), { maxLength: 14 });
/** What a side makes of them: some lines gone, some new, some twice. */
const edits = fc.array(
  fc.tuple(fc.nat({ max: 13 }), fc.nat({ max: 2 }), fc.constantFrom("", "a", "new", "}")),
  {
    maxLength: 4,
  },
);
const cases = fc.tuple(lines, edits, edits).map(([base, ours, theirs]) => ({
  base: textOf(base),
  ours: textOf(edit(base, ours)),
  theirs: textOf(edit(base, theirs)),
}));

function edit(base: readonly string[], changes: readonly (readonly [number, number, string])[]): string[] {
  const result = [...base];
  for (const [at, removed, added] of changes) result.splice(at, removed, added);
  return result;
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

describe("a merge of texts with the same lines again and again", () => {
  test("is byte by byte what git makes of it, and a conflict where git has one", async () => {
    const { seed, numRuns } = runs(1500);
    const examples = fc.sample(cases, { seed, numRuns });
    const treeOf = (side: "base" | "ours" | "theirs"): Tree =>
      new Map(
        examples.map((example, index) => {
          const path = `${index}.txt`;
          return [path, { path, mode: "100644", bytes: Buffer.from(example[side]) }];
        }),
      );

    const git = await mergeWithGit({ base: treeOf("base"), ours: treeOf("ours"), theirs: treeOf("theirs") });

    const different = examples.filter(({ base, ours, theirs }, index) => {
      const bytes = { base: Buffer.from(base), ours: Buffer.from(ours), theirs: Buffer.from(theirs) };
      const merged = mergeText({ ...bytes, path: "file.txt", labels: someLabels });
      const path = `${index}.txt`;
      if (git.conflicts.has(path)) return merged?.conflict === undefined;
      return (
        merged?.conflict !== undefined ||
        git.tree.get(path)?.bytes.compare(merged?.bytes ?? Buffer.of()) !== 0
      );
    });
    expect(different).toEqual([]);
  }, 60_000);
});
