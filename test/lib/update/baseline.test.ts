import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { gzipSync } from "node:zlib";
import { formatBaseline, parseBaseline, type Baseline } from "../../../lib/update/baseline.ts";

function aBaseline(bytes: Uint8Array): Baseline {
  return { tree: [{ path: "a.bin", mode: "100755", bytes }], answersText: "model_name: iris\n" };
}

function zipped(content: unknown): Uint8Array {
  return gzipSync(JSON.stringify(content));
}

describe("formatBaseline and parseBaseline", () => {
  test("keep any bytes, whatever their encoding", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const [file] = parseBaseline(formatBaseline(aBaseline(bytes))).tree;

        expect(Buffer.from(file?.bytes ?? [])).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test.each([
    { name: "a byte order mark", bytes: Buffer.from("\ufefftext", "utf8") },
    { name: "carriage returns", bytes: Buffer.from("a\r\nb\r\n", "utf8") },
    { name: "Latin-1", bytes: Buffer.from("café", "latin1") },
    { name: "UTF-16", bytes: Buffer.from("\ufefftext", "utf16le") },
    { name: "no line feed at the end", bytes: Buffer.from("text", "utf8") },
    { name: "nothing", bytes: Buffer.of() },
  ])("keep $name", ({ bytes }) => {
    expect(Buffer.from(parseBaseline(formatBaseline(aBaseline(bytes))).tree[0]?.bytes ?? [])).toEqual(bytes);
  });

  test("keep paths and modes, sorted", () => {
    const tree: Baseline["tree"] = [
      { path: "B", mode: "100755", bytes: Buffer.of(1) },
      { path: "a", mode: "100644", bytes: Buffer.of(2) },
    ];

    const parsed = parseBaseline(formatBaseline({ tree, answersText: "" }));

    expect(parsed.tree.map(({ path, mode }) => [path, mode])).toEqual([
      ["B", "100755"],
      ["a", "100644"],
    ]);
  });

  test("keep the answers to the letter", () => {
    const answersText = "# Straße\nteam_name: Größen\n";

    expect(parseBaseline(formatBaseline({ tree: [], answersText })).answersText).toBe(answersText);
  });

  test("write neither a time nor the operating system into the header", () => {
    expect([...formatBaseline(aBaseline(Buffer.of())).subarray(0, 10)]).toEqual([
      31, 139, 8, 0, 0, 0, 0, 0, 0, 255,
    ]);
  });
});

describe("parseBaseline", () => {
  const file = { mode: "100644", text: "x" };

  test.each([
    { name: "bytes that are not zipped", bytes: Buffer.from("{}") },
    { name: "a cut-off file", bytes: formatBaseline(aBaseline(Buffer.from("text"))).subarray(0, 20) },
    { name: "text that is not JSON", bytes: gzipSync("{") },
    { name: "a list", bytes: zipped([]) },
    { name: "another schema", bytes: zipped({ schema: 2, files: {} }) },
    { name: "no files", bytes: zipped({ schema: 1, answers: "" }) },
    { name: "no answers", bytes: zipped({ schema: 1, files: {} }) },
    {
      name: "a file without content",
      bytes: zipped({ schema: 1, answers: "", files: { a: { mode: "100644" } } }),
    },
    {
      name: "an unknown mode",
      bytes: zipped({ schema: 1, answers: "", files: { a: { ...file, mode: "120000" } } }),
    },
    {
      name: "a path out of the repository",
      bytes: zipped({ schema: 1, answers: "", files: { "../a": file } }),
    },
    {
      name: "a path into .git",
      bytes: zipped({ schema: 1, answers: "", files: { ".git/hooks/pre-commit": file } }),
    },
  ])("refuses $name", ({ bytes }) => {
    expect(() => parseBaseline(bytes)).toThrow(expect.objectContaining({ code: "EAC_UPDATE_STATE_INVALID" }));
  });

  test("refuses to unzip more than any template holds", () => {
    const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024));

    expect(() => parseBaseline(bomb)).toThrow(expect.objectContaining({ code: "EAC_UPDATE_STATE_INVALID" }));
  });
});
