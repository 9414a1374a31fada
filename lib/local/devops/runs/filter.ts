import { entryOf, itemsOf, textOf, type YamlNode } from "../../../pipelines/yaml-node.ts";

/** Names that are wanted and names that are not; of two patterns that fit, the longer one decides. */
export interface Filter {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** A filter as YAML writes it: a list, one name, or include and exclude; undefined where there is none. */
export function readFilter(node: YamlNode | undefined): Filter | undefined {
  if (node === undefined) return undefined;
  if (node.kind === "map") return { include: textsOf(node, "include"), exclude: textsOf(node, "exclude") };
  return { include: textsIn(node), exclude: [] };
}

/** Whether a branch or tag passes; patterns may be full refs or short names. */
export function passesName(filter: Filter, ref: string): boolean {
  const short = ref.replace(/^refs\/(?:heads|tags)\//, "");
  return decide(filter, (pattern) => nameForm(pattern).test(pattern.startsWith("refs/") ? ref : short));
}

/** Whether any of the changed files passes; a pattern that names a folder stands for all in it. */
export function passesPaths(filter: Filter, paths: readonly string[]): boolean {
  return paths.some((path) => decide(filter, (pattern) => pathForm(pattern).test(path)));
}

/** The texts of a list, or of one scalar, under a key. */
export function textsOf(node: YamlNode | undefined, key: string): readonly string[] {
  const found = entryOf(node, key);
  return found === undefined ? [] : textsIn(found);
}

function textsIn(node: YamlNode): readonly string[] {
  if (node.kind === "scalar") return node.text === "" ? [] : [node.text];
  return itemsOf(node).flatMap((item) => (item.kind === "scalar" ? [item.text] : []));
}

/** Whether a flag is set in YAML. */
export function isOn(node: YamlNode | undefined, key: string): boolean {
  return textOf(node, key)?.toLowerCase() === "true";
}

function decide({ include, exclude }: Filter, fits: (pattern: string) => boolean): boolean {
  const longest = (patterns: readonly string[]): number =>
    Math.max(-1, ...patterns.filter(fits).map(({ length }) => length));
  const wanted = include.length === 0 ? 0 : longest(include);
  return wanted >= 0 && wanted > longest(exclude);
}

function nameForm(pattern: string): RegExp {
  return new RegExp(
    `^${pattern
      .split(/(\*+|\?)/)
      .map(namePart)
      .join("")}$`,
  );
}

function namePart(part: string): string {
  if (part.startsWith("*")) return ".*";
  return part === "?" ? "." : escaped(part);
}

function pathForm(pattern: string): RegExp {
  const clean = pattern.replaceAll(/^\/+|\/+$/g, "");
  return new RegExp(
    `^${clean
      .split(/(\*\*\/?|\*|\?)/)
      .map(pathPart)
      .join("")}(?:/.*)?$`,
  );
}

function pathPart(part: string): string {
  if (part === "**/") return "(?:.*/)?";
  if (part === "**") return ".*";
  if (part === "*") return "[^/]*";
  return part === "?" ? "[^/]" : escaped(part);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
