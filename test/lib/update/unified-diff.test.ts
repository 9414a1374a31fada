import { describe, expect, test } from "@jest/globals";
import type { EntryMode, TreeEntry, UpdateEntry } from "../../../lib/update/update-plan.ts";
import { unifiedDiff } from "../../../lib/update/unified-diff.ts";

function aFile(bytes: string | Uint8Array, mode: EntryMode = "100644"): TreeEntry {
  return { path: "a.yml", mode, bytes: Buffer.from(bytes) };
}

function anEntry(difference: Partial<UpdateEntry>): UpdateEntry {
  return { path: "a.yml", verdict: "update", reason: "", before: undefined, after: undefined, ...difference };
}

function manyLines(word: string): string {
  return Array.from({ length: 20_000 }, (_, index) => `${word}${index}\n`).join("");
}

describe("unifiedDiff", () => {
  test("shows changed lines with three lines around them", async () => {
    const before = aFile("1\n2\n3\n4\n5\n6\n7\n8\n");
    const after = aFile("1\n2\n3\n4\nfive\n6\n7\n8\n");

    expect(await unifiedDiff(anEntry({ before, after }))).toBe(
      [
        "diff --git a/a.yml b/a.yml",
        "--- a/a.yml",
        "+++ b/a.yml",
        "@@ -2,7 +2,7 @@",
        " 2",
        " 3",
        " 4",
        "-5",
        "+five",
        " 6",
        " 7",
        " 8",
        "",
      ].join("\n"),
    );
  });

  test.each([
    {
      name: "a new file",
      entry: { after: aFile("x\n") },
      shows: ["new file mode 100644", "--- /dev/null", "+x"],
    },
    {
      name: "a deleted file",
      entry: { before: aFile("x\n") },
      shows: ["deleted file mode 100644", "+++ /dev/null", "-x"],
    },
    {
      name: "a mode",
      entry: { before: aFile("x\n"), after: aFile("x\n", "100755") },
      shows: ["old mode 100644", "new mode 100755"],
    },
    {
      name: "a move",
      entry: { movedFrom: "b.yml", before: aFile("x\n"), after: aFile("x\n") },
      shows: ["diff --git a/b.yml b/a.yml", "rename from b.yml", "rename to a.yml"],
    },
    {
      name: "bytes that are no text",
      entry: { before: aFile(Buffer.of(0, 1)), after: aFile(Buffer.of(0, 2)) },
      shows: ["Binary files a/a.yml and b/a.yml differ"],
    },
    {
      name: "a missing line feed at the end",
      entry: { before: aFile("x"), after: aFile("x\n") },
      shows: ["\\ No newline at end of file"],
    },
  ])("shows $name", async ({ entry, shows }) => {
    const lines = (await unifiedDiff(anEntry(entry))).split("\n");

    expect(lines).toEqual(expect.arrayContaining(shows));
  });

  test("is empty where nothing changes", async () => {
    expect(await unifiedDiff(anEntry({ before: aFile("x"), after: aFile("x") }))).toBe("");
  });

  test("spells control characters out, so that no file talks to the terminal", async () => {
    const diff = await unifiedDiff(anEntry({ before: aFile("a\n"), after: aFile("\u001B[2Jé\ttab\r\n") }));

    expect(diff).toContain("+\\x1b[2Jé\ttab\n");
  });

  test("gives up on files that have nothing in common instead of searching for long", async () => {
    const started = performance.now();

    const diff = await unifiedDiff(anEntry({ before: aFile(manyLines("a")), after: aFile(manyLines("b")) }));

    expect(diff).toContain("Too many lines differ");
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
