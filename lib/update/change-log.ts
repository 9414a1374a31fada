import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isErrno } from "../errors/is-errno.ts";
import { findPackage } from "../template/read-templates.ts";
import { compareVersions } from "./compare-versions.ts";

/** The text of the change log that came with this package; empty where it did not come. */
export function readChangeLog(): string {
  try {
    return readFileSync(join(findPackage().folder, "docs", "changelog.md"), "utf8");
  } catch (error) {
    if (isErrno(error)) return "";
    throw error;
  }
}

/**
 * What changed after one version up to another, newest first, without the title of the log.
 * What is not released yet belongs to a version that has no heading of its own.
 */
export function changesBetween(log: string, from: string, to: string): string {
  const sections = log.split(/^(?=## )/m).filter((section) => section.startsWith("## "));
  const versions = sections.map((section) => /^## \[?v?(\d+\.\d+\.\d+[^\s\]]*)/.exec(section)?.[1]);
  const hasOwn = versions.includes(to);
  return sections
    .filter((_, index) => {
      const version = versions[index];
      if (version === undefined) return !hasOwn && from !== to;
      return compareVersions(version, from) > 0 && compareVersions(version, to) <= 0;
    })
    .join("")
    .trim();
}
