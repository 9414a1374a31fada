import { expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Answers } from "../../../lib/answers/answers.ts";
import { readTemplates } from "../../../lib/template/read-templates.ts";
import { renderTree } from "../../../lib/template/render-tree.ts";
import type { TemplateSet } from "../../../lib/template/template-set.ts";
import { anAnswers } from "../../support/an-answers.ts";

interface SchemaNode {
  readonly type: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
}

type Path = readonly (string | number)[];

const schemaFile = join(import.meta.dirname, "..", "..", "..", "lib", "answers", "answers.schema.json");
const schema: SchemaNode = JSON.parse(readFileSync(schemaFile, "utf8"));

/** Answers in which every answer that may be empty is given. */
const answers = anAnswers({
  members: ["ada@example.com"],
  cluster: { ...anAnswers().cluster, min_workers: 2, max_workers: 4 },
  templates: "central",
  azure_devops: {
    organization_url: "https://dev.azure.com/contoso",
    project: "AnalyticsOps",
    repository: "r",
  },
});

test.each(leaves(schema, []).map(({ path, node }) => ({ name: path.join("."), path, node })))(
  "another $name gives another repository",
  async ({ path, node }) => {
    const templates = await readTemplates();

    const changed = replace(answers, path, otherValue(node, valueAt(answers, path)));

    expect(contentOf(templates, changed)).not.toBe(contentOf(templates, answers));
  },
);

test("one more environment gives another repository", async () => {
  const templates = await readTemplates();
  const environments = [{ name: "dev", workspace_url: "", approvers: [] }, ...answers.environments];

  const content = contentOf(templates, { ...answers, environments });

  expect(content).not.toBe(contentOf(templates, answers));
});

test("each maturity level gives another repository", async () => {
  const templates = await readTemplates();

  const contents = ([1, 2, 3, 4, 5] as const).map((maturity_level) =>
    contentOf(templates, { ...answers, maturity_level }),
  );

  expect(new Set(contents).size).toBe(5);
});

/** Every answer that holds a value of its own; of a list of objects the second object stands for all. */
function leaves(node: SchemaNode, path: Path): readonly { readonly path: Path; readonly node: SchemaNode }[] {
  if (node.properties !== undefined) {
    return Object.entries(node.properties).flatMap(([name, child]) => leaves(child, [...path, name]));
  }
  if (node.items?.properties !== undefined) return leaves(node.items, [...path, 1]);
  return [{ path, node }];
}

function otherValue(node: SchemaNode, present: unknown): unknown {
  if (node.enum !== undefined) return node.enum.find((value) => value !== present);
  if (node.type === "integer") return Number(present) + 1;
  if (node.type === "array") return ["grace@example.com"];
  const pattern = new RegExp(node.pattern ?? "");
  const candidates = ["other", "https://other.example.com", "#other", "99.9.x-other"];
  return candidates.find((value) => pattern.test(value));
}

function valueAt(node: unknown, path: Path): unknown {
  return path.reduce(
    (value, key) => Object.entries(value ?? {}).find(([name]) => name === String(key))?.[1],
    node,
  );
}

function replace(given: Answers, path: Path, value: unknown): Answers {
  const copy: Answers = structuredClone(given);
  const parent = valueAt(copy, path.slice(0, -1));
  if (typeof parent !== "object" || parent === null || value === undefined) throw new Error(path.join("."));
  Object.assign(parent, { [String(path.at(-1))]: value });
  return copy;
}

function contentOf(templates: TemplateSet, given: Answers): string {
  return JSON.stringify(
    renderTree(templates, given).map(({ path, bytes }) => [path, Buffer.from(bytes).toString("latin1")]),
  );
}
