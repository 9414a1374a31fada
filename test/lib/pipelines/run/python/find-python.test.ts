import { describe, expect, test } from "@jest/globals";
import { isVersionMeant } from "../../../../../lib/pipelines/run/python/find-python.ts";

describe("a version of Python", () => {
  test.each([
    ["3.12.1", "3.12", true],
    ["3.12.1", "3.12.1", true],
    ["3.12.1", "3.1", false],
    ["3.12.1", "3.x", true],
    ["3.12.1", "3", true],
    ["3.12.1", "3.12.x", true],
    ["3.12.1", "x", true],
    ["3.12.1", "3.13", false],
    ["3.12.1", ">=3.10", true],
    ["3.12.1", ">= 3.10 < 3.12", false],
    ["3.12.1", ">=3.10,<3.13", true],
    ["3.9.18", ">=3.10", false],
    ["3.12.1", "=3.12", true],
    ["3.12.1", ">3.12.1", false],
    ["3.12.1", "<=3.12.1", true],
  ])("%s is meant by %s: %s", (version, specification, expected) => {
    expect(isVersionMeant(version, specification)).toBe(expected);
  });
});
