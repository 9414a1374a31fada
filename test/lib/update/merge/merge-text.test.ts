import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { mergeText, type TextMerge } from "../../../../lib/update/merge/merge-text.ts";
import { runs } from "../../../support/property-seed.ts";
import { someLabels } from "../../../support/trees.ts";

type Side = string | Uint8Array;

function merge(base: Side, ours: Side, theirs: Side, path = "file.txt"): TextMerge | undefined {
  const bytes = { base: Buffer.from(base), ours: Buffer.from(ours), theirs: Buffer.from(theirs) };
  return mergeText({ ...bytes, path, labels: someLabels });
}

function mergedText(base: Side, ours: Side, theirs: Side): string {
  const merged = merge(base, ours, theirs);
  expect(merged?.conflict).toBeUndefined();
  return Buffer.from(merged?.bytes ?? []).toString("latin1");
}

function utf16(text: string): Buffer {
  return Buffer.from(`\ufeff${text}`, "utf16le");
}

function bigEndian(text: string): Buffer {
  return Buffer.from(utf16(text)).swap16();
}

function stages(first: string, second: string): string {
  return [
    "stages:",
    "  - stage: one",
    "    pool:",
    `      vmImage: ${first}`,
    "  - stage: two",
    "    pool:",
    `      vmImage: ${second}`,
    "",
  ].join("\n");
}

function step(name: string, extra = ""): string {
  return `  - task: A@1\n    displayName: ${name}\n${extra}`;
}

function crlf(text: string): string {
  return text.replaceAll("\n", "\r\n");
}

describe("mergeText", () => {
  test("takes changes of both sides", () => {
    expect(mergedText("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n")).toBe("A\nb\nC\n");
  });

  test("takes the same change of both sides once", () => {
    expect(mergedText("a\nb\n", "a\nnew\nb\n", "a\nnew\nb\n")).toBe("a\nnew\nb\n");
  });

  test("names all three sides in a conflict", () => {
    const merged = merge("1\na\n2\n", "1\nours\n2\n", "1\ntheirs\n2\n");

    expect(merged?.conflict).toBe("content");
    expect(Buffer.from(merged?.bytes ?? []).toString()).toBe(
      "1\n<<<<<<< ours\nours\n||||||| base\na\n=======\ntheirs\n>>>>>>> theirs\n2\n",
    );
  });

  test("finds a conflict in changes of neighbouring lines, as git does", () => {
    expect(merge("a\nb\n", "A\nb\n", "a\nB\n")?.conflict).toBe("content");
  });

  test("puts markers on lines of their own where a side ends without a line feed", () => {
    const merged = merge("a", "ours", "theirs");

    expect(Buffer.from(merged?.bytes ?? []).toString()).toBe(
      "<<<<<<< ours\nours\n||||||| base\na\n=======\ntheirs\n>>>>>>> theirs\n",
    );
  });

  test("shows only what differs when both sides added the text", () => {
    const merged = merge("", "same\nours\nend\n", "same\ntheirs\nend\n");

    expect(Buffer.from(merged?.bytes ?? []).toString()).toBe(
      "same\n<<<<<<< ours\nours\n||||||| base\n=======\ntheirs\n>>>>>>> theirs\nend\n",
    );
  });

  test("merges the end of the last line like any other change", () => {
    expect(mergedText("a\nb\nc\nd", "A\nb\nc\nd", "a\nb\nc\nd\n")).toBe("A\nb\nc\nd\n");
  });

  test("takes no notice of marker-like lines that a person wrote", () => {
    const text = "<<<<<<< ours\n=======\n>>>>>>> theirs\nb\nc\n";

    expect(mergedText(text, `${text}d\n`, text.replace("b", "B"))).toBe(`${text.replace("b", "B")}d\n`);
  });

  test("gives up on binary", () => {
    expect(merge("a\n", Buffer.of(0x61, 0, 0x0a), "b\n")).toBeUndefined();
  });
});

describe("line endings", () => {
  test("of the repository stay, also in lines of the template", () => {
    expect(mergedText("a\nb\nc\n", "A\r\nb\r\nc\r\n", "a\nb\nC\nd\n")).toBe("A\r\nb\r\nC\r\nd\r\n");
  });

  test("of the template come with its new version when only they changed", () => {
    expect(mergedText("a\nb\nc\n", "A\nb\nc\n", "a\r\nb\r\nC\r\n")).toBe("A\r\nb\r\nC\r\n");
  });

  test("that are mixed stay as they are, line by line", () => {
    expect(mergedText("a\nb\nc\nd\ne\n", "a\r\nb\r\nc\nd\r\nE\r\n", "A\nb\nc\nd\ne\n")).toBe(
      "A\r\nb\r\nc\nd\r\nE\r\n",
    );
  });

  test("are used for conflict markers too", () => {
    const merged = merge("a\nb\n", "ours\r\nb\r\n", "theirs\nb\n");

    expect(Buffer.from(merged?.bytes ?? []).toString()).toBe(
      "<<<<<<< ours\r\nours\r\n||||||| base\r\na\r\n=======\r\ntheirs\r\n>>>>>>> theirs\r\nb\r\n",
    );
  });

  test("never double", () => {
    fc.assert(
      fc.property(texts, texts, texts, (base, ours, theirs) => {
        const merged = merge(base, crlf(ours), theirs);

        expect(Buffer.from(merged?.bytes ?? []).toString()).not.toContain("\r\r");
      }),
      runs(200),
    );
  });
});

describe("encodings", () => {
  test("that are no UTF-8 keep their bytes", () => {
    const base = Buffer.from("caf\xe9\nb\nc\n", "latin1");
    const ours = Buffer.from("caf\xe9 noir\nb\nc\n", "latin1");

    expect(mergedText(base, ours, Buffer.from("caf\xe9\nb\nC\n", "latin1"))).toBe("caf\xe9 noir\nb\nC\n");
  });

  test("keep the byte order mark of the repository", () => {
    expect(mergedText("a\nb\nc\n", "\ufeffA\nb\nc\n", "a\nb\nC\n")).toBe("\xef\xbb\xbfA\nb\nC\n");
  });

  test("merge UTF-16 with the template's UTF-8, in UTF-16", () => {
    const merged = merge("a\nb\nc\n", utf16("ä\r\nb\r\nc\r\n"), "a\nb\nÖ\n");

    expect(merged?.conflict).toBeUndefined();
    expect(Buffer.from(merged?.bytes ?? [])).toEqual(utf16("ä\r\nb\r\nÖ\r\n"));
  });

  test("merge big-endian UTF-16", () => {
    const merged = merge(bigEndian("a\nb\nc\n"), bigEndian("ä\nb\nc\n"), bigEndian("a\nb\nö\n"));

    expect(Buffer.from(merged?.bytes ?? [])).toEqual(bigEndian("ä\nb\nö\n"));
  });

  test("that do not go together are a conflict, not a loss", () => {
    expect(merge("a\n", utf16("ours\n"), Buffer.from("\xe9\n", "latin1"))).toBeUndefined();
  });
});

describe("structure", () => {
  const newStage = "  - stage: zero\n    pool:\n      vmImage: ubuntu\n";

  test("keeps a change in its stage when the template adds one that looks alike", () => {
    const base = stages("ubuntu", "ubuntu");
    const theirs = base.replace("stages:\n", `stages:\n${newStage}`);

    const merged = merge(base, stages("windows", "ubuntu"), theirs, "a.yml");

    expect(merged?.conflict).toBeUndefined();
    expect(Buffer.from(merged?.bytes ?? []).toString()).toBe(
      stages("windows", "ubuntu").replace("stages:\n", `stages:\n${newStage}`),
    );
  });

  test("is broken by a key that both sides added in different places", () => {
    const base = "a: 1\nb: 2\nc: 3\nd: 4\n";

    const merged = merge(base, `new: 1\n${base}`, `${base}new: 2\n`, "a.yaml");

    expect(merged?.conflict).toBe("structure");
    expect(Buffer.from(merged?.bytes ?? []).toString()).toContain("<<<<<<< ours\nnew: 1\n");
  });

  test("of JSON is broken by a key that is there twice", () => {
    const base = '{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}\n';

    const ours = base.replace("{\n", '{\n  "new": 1,\n');
    const theirs = base.replace('"c": 3\n', '"c": 3,\n  "new": 2\n');

    expect(merge(base, ours, theirs, "a.json")?.conflict).toBe("structure");
    expect(merge(base, ours, theirs, "a.txt")?.conflict).toBeUndefined();
  });

  test("of a file that nobody could read before does not matter", () => {
    const base = "a: [\nb\nc\nd\n";

    expect(merge(base, `x: ]\n${base}`, `${base}e\n`, "a.yml")?.conflict).toBeUndefined();
  });

  test("is broken by a step that one side removed and the other one changed, even where the lines go together", () => {
    const removed = `steps:\n${step("last")}`;
    const base = `steps:\n${step("first", "    inputs:\n      key: 1\n")}${step("last")}`;
    const changed = `steps:\n${step("first")}${step("last")}`;

    expect(merge(base, changed, removed, "a.yml")?.conflict).toBeDefined();
    expect(merge(base, removed, changed, "a.yml")?.conflict).toBeDefined();
  });

  test("orders what both sides added at one place where one order alone makes sense", () => {
    const base = "steps:\n  - task: A@1\n    displayName: Run\n";
    const ours = `${base}  - task: B@1\n    displayName: Publish\n`;
    const theirs = `${base}    inputs:\n      key: value\n`;

    for (const merged of [merge(base, ours, theirs, "a.yml"), merge(base, theirs, ours, "a.yml")]) {
      expect(merged?.conflict).toBeUndefined();
      expect(Buffer.from(merged?.bytes ?? []).toString()).toBe(
        `${base}    inputs:\n      key: value\n  - task: B@1\n    displayName: Publish\n`,
      );
    }
  });

  test("never joins two lines that have no end", () => {
    expect(merge("", "\tz", "steps:", "a.yml")?.conflict).toBe("content");
  });

  test("leaves the order of two new steps to a person", () => {
    const base = "steps:\n  - script: a\n";

    expect(merge(base, `${base}  - script: b\n`, `${base}  - script: c\n`, "a.yml")?.conflict).toBe(
      "content",
    );
  });
});

const line = fc.constantFrom("a", "b", "c", "steps:", "", "  x", "  y", "\tz", "ä");
const texts = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom("", "\n"))
  .map(([lines, end]) => lines.join("\n") + end);
const names = fc.constantFrom("a.txt", "a.yml", "a.json");

describe("every merge of three texts", () => {
  test("gives back what only one side changed, byte by byte", () => {
    const bytes = fc.oneof(
      texts.map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 40 }),
    );
    fc.assert(
      fc.property(bytes, bytes, names, (base, other, path) => {
        for (const sides of [
          [base, other, base],
          [base, base, other],
          [base, other, other],
        ] as const) {
          const merged = merge(...sides, path);

          if (merged === undefined) continue;
          expect(merged.conflict).toBeUndefined();
          expect(Buffer.from(merged.bytes)).toEqual(Buffer.from(other));
        }
      }),
      runs(300),
    );
  });

  test("is the same from both sides", () => {
    fc.assert(
      fc.property(texts, texts, texts, names, (base, ours, theirs, path) => {
        const there = merge(base, ours, theirs, path);
        const back = merge(base, theirs, ours, path);

        expect(back?.conflict).toBe(there?.conflict);
        if (there?.conflict === undefined) expect(back).toEqual(there);
      }),
      runs(300),
    );
  });

  test("keeps each line that one side added, and as often", () => {
    fc.assert(
      fc.property(texts, texts, texts, names, (base, ours, theirs, path) => {
        const merged = Buffer.from(merge(base, ours, theirs, path)?.bytes ?? []).toString();

        for (const side of [ours, theirs]) {
          for (const [added, times] of addedLines(base, side)) {
            expect([added, countOf(merged, added) >= Math.min(times, countOf(side, added))]).toEqual([
              added,
              true,
            ]);
          }
        }
      }),
      runs(300),
    );
  });
});

/** The lines that a side has more often than the base, with how often more. */
function addedLines(base: string, side: string): readonly (readonly [string, number])[] {
  return [...new Set(side.split("\n"))]
    .map((text) => [text, countOf(side, text) - countOf(base, text)] as const)
    .filter(([text, times]) => text !== "" && times > 0);
}

function countOf(text: string, wanted: string): number {
  return text.split("\n").filter((candidate) => candidate === wanted).length;
}
