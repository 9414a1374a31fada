import { expect, test } from "@jest/globals";
import { SecretMasker } from "../../../../lib/pipelines/run/masker.ts";
import { LineSplitter } from "../../../../lib/pipelines/run/split-lines.ts";

function split(...chunks: readonly (string | Buffer)[]): readonly string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((text) => lines.push(text));
  for (const chunk of chunks) splitter.write(Buffer.from(chunk));
  splitter.end();
  return lines;
}

test.each([
  ["line feeds", ["a\nb\n"]],
  ["carriage returns, as programs write that show their progress", ["a\rb\r"]],
  ["both together", ["a\r\nb\r\n"]],
  ["both together in two pieces", ["a\r", "\nb\r", "\n"]],
  ["nothing at the end", ["a\r", "b"]],
])("lines end at %s", (_name, chunks) => {
  expect(split(...chunks)).toEqual(["a", "b"]);
});

test("empty lines stay", () => {
  expect(split("a\n\n\r\nb\n")).toEqual(["a", "", "", "b"]);
});

test("a letter that comes in two pieces stays whole", () => {
  const bytes = Buffer.from("é");

  expect(split(bytes.subarray(0, 1), bytes.subarray(1))).toEqual(["é"]);
});

test.each([65_500, 65_530, 65_535, 65_536])(
  "a secret behind %d letters without an end is not cut",
  (count) => {
    const secret = "planted-secret-of-some-length";
    const masker = new SecretMasker();
    masker.add(secret);
    const lines: string[] = [];
    const splitter = new LineSplitter(
      (text) => lines.push(masker.mask(text)),
      (text) => masker.uncut(text),
    );

    splitter.write(Buffer.from("x".repeat(count) + secret.slice(0, 7)));
    splitter.write(Buffer.from(`${secret.slice(7)} and more`));
    splitter.end();

    expect(lines.join("")).toBe(`${"x".repeat(count)}*** and more`);
  },
);
