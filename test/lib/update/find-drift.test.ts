import { describe, expect, test } from "@jest/globals";
import { findDrift } from "../../../lib/update/find-drift.ts";
import type { PreparedUpdate } from "../../../lib/update/prepare-update.ts";
import type { EntryMode, Tree } from "../../../lib/update/update-plan.ts";

function aTree(files: Readonly<Record<string, string>>, mode: EntryMode = "100644"): Tree {
  return new Map(
    Object.entries(files).map(([path, text]) => [path, { path, mode, bytes: Buffer.from(text) }]),
  );
}

function anInput(base: Tree, released: readonly string[] = []): PreparedUpdate["input"] {
  return {
    base,
    theirs: base,
    theirsBefore: base,
    ownerOf: (path) => (path.startsWith("team/") ? "team" : "platform"),
    renames: [],
    released: new Set(released),
    restored: new Set(),
    labels: { ours: "", base: "", theirs: "" },
  };
}

describe("findDrift", () => {
  test("finds changed and missing files of the platform", () => {
    const input = anInput(aTree({ a: "1\n", b: "2\n", c: "3\n" }));

    expect(findDrift(input, aTree({ a: "1\n", b: "two\n" }))).toEqual([
      { path: "b", state: "changed" },
      { path: "c", state: "missing" },
    ]);
  });

  test("takes a mode for a difference, and line ends for none", () => {
    const input = anInput(aTree({ a: "1\n2\n" }));

    expect(findDrift(input, aTree({ a: "1\r\n2\r\n" }))).toEqual([]);
    expect(findDrift(input, aTree({ a: "1\n2\n" }, "100755"))).toEqual([{ path: "a", state: "changed" }]);
  });

  test("leaves the team's files and released ones alone", () => {
    const input = anInput(aTree({ "team/a": "1\n", b: "2\n" }), ["b"]);

    expect(findDrift(input, aTree({}))).toEqual([]);
  });
});
