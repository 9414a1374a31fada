import { expect, test } from "@jest/globals";
import { compareVersions } from "../../../lib/update/compare-versions.ts";

test("orders versions as semantic versioning does", () => {
  const ordered = [
    "0.9.0",
    "0.10.0",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.1",
    "1.2.0",
    "10.0.0-x-y",
  ];

  for (const [index, older] of ordered.entries()) {
    expect(compareVersions(older, older)).toBe(0);
    for (const newer of ordered.slice(index + 1)) {
      expect(compareVersions(older, newer)).toBeLessThan(0);
      expect(compareVersions(newer, older)).toBeGreaterThan(0);
    }
  }
});

test("takes no account of build metadata, even where it holds a dash", () => {
  expect(compareVersions("1.0.0+a", "1.0.0+b-1")).toBe(0);
});
