import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { commands } from "../lib/cli/commands.ts";
import { exitCodes } from "../lib/errors/exit-codes.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const read = (path: string): string => readFileSync(join(root, path), "utf8");

function filesBelow(folder: string, suffix: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .toSorted();
}

describe("the error catalogue", () => {
  const codes = [
    ...new Set(
      filesBelow("lib", ".ts").flatMap((path) =>
        [...read(path).matchAll(/code: "(EAC_[A-Z_]+)"/g)].map(([, code]) => code),
      ),
    ),
  ].filter((code) => code !== "EAC_BUG");

  test("is documented code by code, and documents no other", () => {
    const documented = [...read("docs/reference/errors.md").matchAll(/^## (EAC_[A-Z_]+)$/gm)].map(
      ([, code]) => code,
    );

    expect(new Set(documented)).toEqual(new Set(codes));
    expect(documented).toHaveLength(codes.length);
  });
});

describe("the commands reference", () => {
  const page = read("docs/reference/commands.md");

  test.each(commands.map(({ name, options }) => ({ name, options })))(
    "names $name and its options",
    ({ name, options }) => {
      const section = page.split(/^## /m).find((text) => text.startsWith(name)) ?? "";

      expect(
        options.map((option) => option.name).filter((option) => !section.includes(`--${option}`)),
      ).toEqual([]);
    },
  );

  test("lists every exit code", () => {
    const listed = [...page.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));

    expect(listed).toEqual(Object.values(exitCodes));
  });
});

test("relative links in the documents lead somewhere", () => {
  const documents = [...filesBelow("docs", ".md"), "README.md", "CONTRIBUTING.md"];

  const broken = documents.flatMap((path) =>
    [...read(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)/g)]
      .filter(([, link]) => link !== undefined && !existsSync(join(root, dirname(path), link)))
      .map(([, link]) => `${path}: ${link}`),
  );

  expect(broken).toEqual([]);
});

test("nothing at the root of a top-level folder is an index.ts, and no file is a barrel", () => {
  const sources = filesBelow("lib", ".ts");

  expect(sources.filter((path) => path.endsWith("/index.ts"))).toEqual([]);
  expect(sources.filter((path) => /^export \* from/m.test(read(path)))).toEqual([]);
});
