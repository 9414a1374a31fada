import { expect, test } from "@jest/globals";
import { nearest } from "../../../lib/errors/nearest.ts";

test.each([
  { word: "initt", expected: "init" },
  { word: "provison", expected: "provision" },
  { word: "schema", expected: "schema" },
  { word: "zebra", expected: undefined },
  { word: "", expected: undefined },
])("finds $expected for $word", ({ word, expected }) => {
  expect(nearest(word, ["init", "provision", "schema"])).toBe(expected);
});
