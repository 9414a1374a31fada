import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { answersSchema, type SchemaNode } from "../lib/answers/answers-schema.ts";
import { checkAnswers } from "../lib/answers/check-answers.ts";
import { allRoutes } from "../lib/local/devops/all-routes.ts";
import { describeRoutes } from "../lib/local/devops/locations.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const read = (page: string): string => readFileSync(join(root, "docs", "reference", page), "utf8");

const plain = (text = ""): string => text.replaceAll("`", "");

interface Answer {
  readonly path: string;
  readonly node: SchemaNode;
  readonly isRequired: boolean;
}

/** Every answer that holds a value: mappings stand for what is in them, lists for themselves and what is in their entries. */
function answersBelow(node: SchemaNode, prefix: string): readonly Answer[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, inner]): readonly Answer[] => {
    const path = prefix === "" ? name : `${prefix}.${name}`;
    if (inner.type === "object") return answersBelow(inner, path);
    const answer = { path, node: inner, isRequired: node.required?.includes(name) ?? false };
    return inner.items?.type === "object" ? [answer, ...answersBelow(inner.items, `${path}[]`)] : [answer];
  });
}

describe("the answers reference", () => {
  const page = read("answers.md");
  const answers = answersBelow(answersSchema, "");
  const rows = page
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.slice(2, -2).split(" | "));
  const rowOf = (path: string): readonly string[] => rows.find(([cell]) => cell === `\`${path}\``) ?? [];

  test("has one row for every answer of the schema, in its order, and no other", () => {
    expect(rows.map(([path]) => plain(path))).toEqual(answers.map(({ path }) => path));
  });

  test.each(answers)("gives type and default of $path", ({ path, node, isRequired }) => {
    const [, type, shown = ""] = rowOf(path);
    const types = {
      string: "text",
      integer: "whole number",
      boolean: "yes or no",
      array: "list",
      object: "mapping",
    };
    const absent = isRequired ? "required" : "none";

    expect(plain(type)).toBe(node.enum?.join(", ") ?? types[node.type ?? "object"]);
    expect(shown === absent ? undefined : parse(plain(shown))).toEqual(node.default);
  });

  test.each(answers)("gives meaning and rule of $path", ({ path, node }) => {
    const [, , , meaning, rule = ""] = rowOf(path);
    const limits = [node.minimum, node.maximum, node.maxLength, node.minItems, node.maxItems];
    const numbers: readonly string[] = rule.match(/\d+/g) ?? [];

    expect(plain(meaning)).toBe(node.description);
    expect(plain(rule)).toContain(node["x-rule"] ?? node.items?.["x-rule"] ?? "");
    expect(limits.filter((limit) => limit !== undefined && !numbers.includes(String(limit)))).toEqual([]);
  });

  test("names the answers that are asked for", () => {
    const asked = answers.filter(({ node }) => node["x-prompt"] !== undefined).map(({ path }) => path);
    const sentence = page.split("\n").find((line) => line.includes("are asked for in a terminal")) ?? "";

    expect([...sentence.matchAll(/`(\w+)`/g)].map(([, name]) => name)).toEqual(asked);
  });

  test("shows an answers file that is valid", () => {
    const example = /```yaml\n([^]*?)```/.exec(page)?.[1] ?? "";

    expect(checkAnswers(parse(example))).toMatchObject({ ok: true });
  });
});

describe("the resources reference", () => {
  const page = read("resources.md");
  const kinds = new Set(
    readdirSync(join(root, "lib", "provision", "resources")).map((name) => name.replace(/\.ts$/, "")),
  );

  test("has a heading for every kind of resource, and no other", () => {
    const headings = [...page.matchAll(/^### (.+)$/gm)].map(([, kind]) => kind);

    expect(new Set(headings)).toEqual(kinds);
    expect(headings).toHaveLength(kinds.size);
  });

  test("lists every kind in the order of the plan", () => {
    const order = /## Order[^]*?\n(\| kind[^]*?)\n\n/.exec(page)?.[1] ?? "";
    const listed = order
      .split("\n")
      .slice(2)
      .map((row) => row.split(" | ")[0]?.slice(2));

    expect(new Set(listed)).toEqual(kinds);
  });
});

describe("the page about the local organisation", () => {
  test("lists every route with its methods, and no other", () => {
    const shown = read("local-organisation.md")
      .split("\n")
      .flatMap((line) => {
        const [, path, methods] = /\| `(\S+)` \| ([A-Z, ]+) \|$/.exec(line) ?? [];
        return methods === undefined ? [] : methods.split(", ").map((method) => `${method} ${path}`);
      });

    expect(new Set(shown)).toEqual(new Set(describeRoutes(allRoutes)));
  });
});
