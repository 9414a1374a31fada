import { describe, expect, test } from "@jest/globals";
import { formatManifest, parseManifest, type Manifest } from "../../../lib/update/manifest.ts";

const hash = "0".repeat(64);
const file = { mode: "100644", owner: "team", sha256: hash } as const;

const manifest: Manifest = {
  schema: 1,
  template: { name: "model", version: "1.2.3", treeSha256: hash },
  engines: { ejs: "7.0.2" },
  answersSha256: hash,
  answersVersion: 1,
  files: { "b.md": file, "B.md": file, "a/b.sh": { ...file, mode: "100755", owner: "platform" } },
  unresolved: [],
  released: [],
};

describe("formatManifest", () => {
  test("sorts all keys by code units and ends in one line feed", () => {
    const text = formatManifest(manifest);

    expect(Object.keys(JSON.parse(text))).toEqual([
      "answersSha256",
      "answersVersion",
      "engines",
      "files",
      "schema",
      "template",
    ]);
    expect([...text.matchAll(/"([\w/]+\.(?:md|sh))"/g)].map(([, name]) => name)).toEqual([
      "B.md",
      "a/b.sh",
      "b.md",
    ]);
    expect(text).toMatch(/[^\n]\n$/);
  });

  test("is read again unchanged", () => {
    const full = { ...manifest, unresolved: ["a/b.sh", "a/b.sh.eac-new"], released: ["b.md"] };

    expect(parseManifest(formatManifest(manifest))).toEqual(manifest);
    expect(parseManifest(formatManifest(full))).toEqual(full);
  });
});

describe("parseManifest", () => {
  test.each([
    { name: "text that is not JSON", change: "{" },
    { name: "a list", change: [] },
    { name: "an old schema", change: { ...manifest, schema: 0 } },
    { name: "no template", change: { ...manifest, template: undefined } },
    { name: "a hash that is none", change: { ...manifest, answersSha256: "abc" } },
    { name: "an unknown owner", change: { ...manifest, files: { a: { ...file, owner: "me" } } } },
    { name: "an unknown mode", change: { ...manifest, files: { a: { ...file, mode: "100666" } } } },
    { name: "an engine without version", change: { ...manifest, engines: { ejs: 7 } } },
    { name: "a path out of the repository", change: { ...manifest, files: { "a/../../b": file } } },
    { name: "a released path out of the repository", change: { ...manifest, released: ["../b"] } },
    { name: "unresolved paths that are no list", change: { ...manifest, unresolved: "a" } },
    { name: "a version of the answers that is none", change: { ...manifest, answersVersion: 0 } },
    { name: "a path into .git", change: { ...manifest, files: { ".GIT/config": file } } },
  ])("refuses $name", ({ change }) => {
    const text = typeof change === "string" ? change : JSON.stringify(change);

    expect(() => parseManifest(text)).toThrow(expect.objectContaining({ code: "EAC_UPDATE_STATE_INVALID" }));
  });

  test.each([
    { name: "a later schema", change: { schema: 2 } },
    { name: "answers of a later form", change: { answersVersion: 99 } },
  ])("asks for the newer version that wrote $name", ({ change }) => {
    const text = JSON.stringify({ schema: 1, template: { version: "9.0.0" }, ...change });

    expect(() => parseManifest(text)).toThrow(
      expect.objectContaining({
        code: "EAC_UPDATE_STATE_TOO_NEW",
        message: expect.stringContaining("9.0.0"),
      }),
    );
  });
});
