import { execFileSync } from "node:child_process";
import { expect, test } from "@jest/globals";
import { assert, property, string } from "fast-check";
import { shellWord } from "../../../lib/report/shell-word.ts";

test("leaves plain words as they are", () => {
  expect(shellWord("/models/iris-2")).toBe("/models/iris-2");
});

test("writes any other word so that a shell reads it back unchanged", () => {
  assert(
    property(string({ minLength: 1, maxLength: 20 }), (text) => {
      const word = text.replaceAll("\0", "");
      const read = execFileSync("sh", ["-c", `printf %s ${shellWord(`x${word}`)}`], { encoding: "utf8" });
      expect(read).toBe(`x${word}`);
    }),
    { numRuns: 40 },
  );
});
