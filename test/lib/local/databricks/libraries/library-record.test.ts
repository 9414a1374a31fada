import { expect, test } from "@jest/globals";
import { isSameLibrary } from "../../../../../lib/local/databricks/libraries/library-record.ts";

test.each([
  [{ whl: "/a.whl" }, { whl: "/a.whl" }, true],
  [{ pypi: { package: "a", repo: "b" } }, { pypi: { repo: "b", package: "a" } }, true],
  [{ pypi: { package: "a" } }, { pypi: { package: "a==1" } }, false],
])("%j and %j are the same library: %s", (left, right, isSame) => {
  expect(isSameLibrary(left, right)).toBe(isSame);
});
