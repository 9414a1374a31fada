import { expect, test } from "@jest/globals";
import { isSafePath } from "../../../lib/update/safe-path.ts";

test.each([
  "README.md",
  ".gitignore",
  ".gitattributes",
  "a/b/c.py",
  "a..b/c",
  ".eac-model/x",
  "a b/é.md",
  "console/nullable.py",
  "-rf",
])("accepts %s", (path) => {
  expect(isSafePath(path)).toBe(true);
});

test.each([
  "",
  "/etc/passwd",
  "../x",
  "a/../../x",
  "a/./b",
  "a//b",
  "a/",
  ".git/config",
  ".GIT/config",
  "sub/.git/config",
  "GIT~1/config",
  ".git./config",
  "a\\..\\b",
  "C:/x",
  "a\0b",
  "a\nb",
  ".g\u200cit/config",
  "a\ud800b",
  "src/NUL",
  "aux.py",
  "com1",
  "a/b:stream",
  "a /b",
])("refuses %j", (path) => {
  expect(isSafePath(path)).toBe(false);
});
