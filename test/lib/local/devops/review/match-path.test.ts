import { describe, expect, test } from "@jest/globals";
import { matchesPath } from "../../../../../lib/local/devops/review/match-path.ts";

describe("patterns of a policy", () => {
  test.each([
    { patterns: [], path: "a.py", expected: true },
    { patterns: ["/src/*"], path: "src/deep/a.py", expected: true },
    { patterns: ["/src/*"], path: "tests/src/a.py", expected: false },
    { patterns: ["*.py"], path: "src/a.py", expected: true },
    { patterns: ["/readme.md"], path: "readme.md", expected: true },
    { patterns: ["/README.md"], path: "readme.md", expected: true },
    { patterns: ["/src/*", "!/src/docs/*"], path: "src/docs/a.md", expected: false },
    { patterns: ["/src/*", "!/src/docs/*", "/src/docs/b.md"], path: "src/docs/b.md", expected: true },
    { patterns: ["!/docs/*"], path: "src/a.py", expected: true },
    { patterns: ["!/docs/*"], path: "docs/a.md", expected: false },
    { patterns: ["/a+b/*"], path: "a+b/c", expected: true },
  ])("$patterns say $expected about $path", ({ patterns, path, expected }) => {
    expect(matchesPath(patterns, path)).toBe(expected);
  });
});
