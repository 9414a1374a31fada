import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import {
  localValue,
  parentOf,
  parseWorkspacePath,
  placeOf,
} from "../../../../../lib/local/databricks/files/workspace-path.ts";

describe("a path of the workspace", () => {
  test.each([
    { path: "/Shared/a", parsed: "/Shared/a" },
    { path: "/Workspace/Shared/a/", parsed: "/Shared/a" },
    { path: "/Workspace", parsed: "/" },
    { path: "/WorkspaceX/a", parsed: "/WorkspaceX/a" },
    { path: "//Shared//a", parsed: "/Shared/a" },
    { path: "/", parsed: "/" },
  ])("is $parsed for $path", ({ path, parsed }) => {
    expect(parseWorkspacePath(path)).toBe(parsed);
  });

  test.each(["Shared/a", "", "/a/../../b", "/./a", "/a\0b", `/${"a".repeat(256)}`])("is not %j", (path) => {
    expect(() => parseWorkspacePath(path)).toThrow("Path");
  });

  test("is in the folder of the workspace, and has a parent", () => {
    expect(placeOf("/root", "/Workspace/a/b")).toBe(join("/root", "a", "b"));
    expect([parentOf("/a/b"), parentOf("/a")]).toEqual(["/a", "/"]);
  });

  test("is given to code as a path of this machine, and other values as they are", () => {
    expect(localValue("/root", "/Workspace/a")).toBe(join("/root", "a"));
    expect(localValue("/root", "/a")).toBe("/a");
  });
});
