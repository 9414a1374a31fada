import { readdir } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";

/**
 * The files below a folder that patterns name, one pattern a line: `*` and `?` within a name, `**` for any folders, `!` in front takes
 * away. A pattern may be an absolute path below the folder. In the order of their paths.
 */
export async function filesMatching(folder: string, patterns: string): Promise<readonly string[]> {
  const rules = patterns
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => readRule(folder, line));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  return paths.filter((path) => {
    const name = relative(folder, path).split(sep).join("/");
    return rules.reduce((isIn, rule) => (rule.pattern.test(name) ? rule.adds : isIn), false);
  });
}

function readRule(folder: string, line: string): { readonly pattern: RegExp; readonly adds: boolean } {
  const adds = !line.startsWith("!");
  const text = adds ? line : line.slice(1);
  const path = isAbsolute(text) ? relative(folder, text) : text;
  return { adds, pattern: patternOf(path.split(sep).join("/").replace(/^\.\//, "")) };
}

function patternOf(text: string): RegExp {
  const source = text.replaceAll(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (found) => {
    if (found === "**/") return "(?:.*/)?";
    if (found === "**") return ".*";
    if (found === "*") return "[^/]*";
    return found === "?" ? "[^/]" : `\\${found}`;
  });
  return new RegExp(`^${source}$`);
}
