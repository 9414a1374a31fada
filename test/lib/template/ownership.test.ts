import { describe, expect, test } from "@jest/globals";
import {
  ownerOf,
  ownershipRule,
  parseOwnership,
  platformPaths,
  type Ownership,
} from "../../../lib/template/ownership.ts";
import { readTemplates } from "../../../lib/template/read-templates.ts";

const ownership: Ownership = [
  { path: "src/**", owner: "platform" },
  { path: "src/local/**", owner: "team" },
  { path: "docs/**", owner: "team" },
  { path: "docs/operations.md", owner: "platform" },
  { path: "pyproject.toml", owner: "platform" },
];

describe("ownerOf", () => {
  test.each([
    { path: "src/cli.py", owner: "platform" },
    { path: "src/checks/deep/file.py", owner: "platform" },
    { path: "src/local/file.py", owner: "team" },
    { path: "docs/getting_started.md", owner: "team" },
    { path: "docs/operations.md", owner: "platform" },
    { path: "pyproject.toml", owner: "platform" },
    { path: "pyproject.toml.bak", owner: "team" },
    { path: "src", owner: "team" },
    { path: "srcs/a.py", owner: "team" },
    { path: "other/src/cli.py", owner: "team" },
  ])("says that $path is the $owner's", ({ path, owner }) => {
    expect(ownerOf(ownership, path)).toBe(owner);
  });
});

describe("ownershipRule", () => {
  test("knows no rule for a file that the team added", () => {
    expect(ownershipRule(ownership, "scripts/mine.py")).toBeUndefined();
  });
});

describe("platformPaths", () => {
  test("lists the platform's paths, and the team's exceptions below them with an exclamation mark", () => {
    expect(platformPaths(ownership)).toEqual([
      "/docs/operations.md",
      "/pyproject.toml",
      "/src/*",
      "!/src/local/*",
    ]);
  });
});

describe("the ownership of templates/model", () => {
  test("names each path once", async () => {
    const paths = (await readTemplates()).ownership.map(({ path }) => path);

    expect(paths).toEqual([...new Set(paths)]);
  });
});

describe("parseOwnership", () => {
  test("reads the rules in their order", () => {
    expect(parseOwnership("- { path: src/**, owner: platform }\n- { path: a.md, owner: team }\n")).toEqual([
      { path: "src/**", owner: "platform" },
      { path: "a.md", owner: "team" },
    ]);
  });

  test.each(["a: b", "- { path: src/** }", "- { path: src/**, owner: everyone }", "- text"])(
    "refuses %j",
    (text) => {
      expect(() => parseOwnership(text)).toThrow("ownership.yml");
    },
  );
});
