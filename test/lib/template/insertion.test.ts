import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { parse } from "yaml";
import { code, link, markdown, toml, yaml } from "../../../lib/template/insertion.ts";

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }).map((value) => Buffer.from(value, "utf8").toString("utf8")),
  fc.stringMatching(/^[ \-?:,[\]{}#&*!|>'"%@`~\\\n\t\r0-9a-zA-Z]{0,12}$/),
  fc.constantFrom(
    "",
    " ",
    "null",
    "~",
    "yes",
    "No",
    "on",
    "y",
    "1e3",
    "0x1F",
    "1_000",
    "12:30:45",
    ".inf",
    "-",
  ),
  fc.constantFrom(
    "2001-01-01",
    "'",
    '"',
    "\\",
    "a: b",
    "a #b",
    "- a",
    "\u0085",
    "\u2028",
    "\ufeff",
    "𝄞",
    "é",
  ),
);

describe("yaml", () => {
  test.each([
    { value: "iris", written: "iris" },
    { value: "Data Science", written: "Data Science" },
    { value: "pipelines/pr_pipeline.yml", written: "pipelines/pr_pipeline.yml" },
    { value: "", written: "''" },
    { value: "it's", written: "'it''s'" },
    { value: "on", written: "'on'" },
    { value: "3.11", written: "'3.11'" },
    { value: "\\iris\\iris-ci-pipeline", written: "'\\iris\\iris-ci-pipeline'" },
    { value: "two\nlines", written: '"two\\nlines"' },
    { value: 3, written: "3" },
    { value: true, written: "true" },
  ])("writes $value as $written", ({ value, written }) => {
    expect(yaml(value).text).toBe(written);
  });

  test("writes any text so that YAML 1.1 and 1.2 read the same text again, in a mapping and in a list", () => {
    fc.assert(
      fc.property(text, fc.constantFrom("1.1" as const, "1.2" as const), (value, version) => {
        const document = `a: ${yaml(value).text}\nb:\n  - ${yaml(value).text}\n`;

        expect(parse(document, { version })).toEqual({ a: value, b: [value] });
      }),
    );
  });
});

describe("toml", () => {
  test("writes any text as a basic string on one line", () => {
    fc.assert(
      fc.property(text, (value) => {
        const written = toml(value).text;

        expect(written).toMatch(/^"(?:[^"\\\p{Cc}]|\\(?:["\\bfnrt]|u[0-9a-f]{4}))*"$/u);
        expect(JSON.parse(written)).toBe(value);
      }),
    );
  });
});

describe("markdown", () => {
  test.each([
    { value: "data_science", written: "data\\_science" },
    { value: "[x](javascript:y)", written: "\\[x\\](javascript:y)" },
    { value: "<b>", written: "\\<b\\>" },
    { value: "a | b", written: "a \\| b" },
    { value: "- item", written: "\\- item" },
    { value: "1. first", written: "1\\. first" },
    { value: "# title\n\n# title", written: "\\# title \\# title" },
    { value: "ada@example.com", written: "ada@example.com" },
  ])("writes $value as $written", ({ value, written }) => {
    expect(markdown(value).text).toBe(written);
  });

  test("leaves no character with a meaning unescaped", () => {
    fc.assert(
      fc.property(text, (value) => {
        const written = markdown(value).text;

        expect(written.replaceAll(/\\[^a-z0-9\s]/gi, "")).not.toMatch(/[\\`*_[\]<>#|~&!$\p{Cc}]/u);
      }),
    );
  });
});

describe("code", () => {
  test.each([
    { value: "main", written: "`main`" },
    { value: "a`b", written: "``a`b``" },
    { value: "`a`", written: "`` `a` ``" },
    { value: "a|b", written: "`a\\|b`" },
  ])("writes $value as $written", ({ value, written }) => {
    expect(code(value).text).toBe(written);
  });
});

describe("link", () => {
  test("escapes the text and encodes the address", () => {
    expect(link("a]b", "https://x.example/My Project/?s=\\iris&t=<y>").text).toBe(
      "[a\\]b](<https://x.example/My%20Project/?s=%5Ciris&t=%3Cy%3E>)",
    );
  });
});
