import { describe, expect, test } from "@jest/globals";
import { changesBetween, readChangeLog } from "../../../lib/update/change-log.ts";
import { compareVersions } from "../../../lib/update/compare-versions.ts";

const log = [
  "# Changelog",
  "Words about the log.",
  "## Unreleased",
  "- next",
  "## [1.10.0] - 2026-03-01",
  "- ten",
  "## 1.2.0",
  "### Added",
  "- two",
  "## 1.1.0 - 2026-01-01",
  "- one",
].join("\n");

describe("The changes between two versions", () => {
  test("are those after the old one up to the new one, newest first", () => {
    const changes = changesBetween(log, "1.1.0", "1.10.0");

    expect(changes).toBe("## [1.10.0] - 2026-03-01\n- ten\n## 1.2.0\n### Added\n- two");
  });

  test("of a version without a heading are the unreleased ones as well", () => {
    expect(changesBetween(log, "1.2.0", "1.11.0")).toBe(
      "## Unreleased\n- next\n## [1.10.0] - 2026-03-01\n- ten",
    );
  });

  test("are none between a version and itself", () => {
    expect(changesBetween(log, "1.2.0", "1.2.0")).toBe("");
    expect(changesBetween(log, "1.11.0", "1.11.0")).toBe("");
  });

  test("come from the log of this package", () => {
    expect(readChangeLog()).toContain("# Changelog");
  });
});

describe("Versions", () => {
  test("have the order of semver.org", () => {
    const ordered = [
      "0.9.0",
      "1.0.0-1",
      "1.0.0-alpha",
      "1.0.0-alpha.1",
      "1.0.0-alpha.beta",
      "1.0.0-beta.2",
      "1.0.0-beta.11",
      "1.0.0",
      "1.0.1",
      "1.2.0",
      "1.10.0",
    ];

    expect(ordered.toReversed().toSorted(compareVersions)).toEqual(ordered);
    expect(compareVersions("1.0.0+build.1", "1.0.0+build.2")).toBe(0);
  });
});
