import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { parse, parseDocument } from "yaml";
import type { Answers } from "../../../lib/answers/answers.ts";
import { readTemplates } from "../../../lib/template/read-templates.ts";
import { renderTree } from "../../../lib/template/render-tree.ts";
import type { TemplateFile, TemplateSet } from "../../../lib/template/template-set.ts";
import { anAnswers } from "../../support/an-answers.ts";
import { everyCombination } from "../../support/every-combination.ts";

function aTemplateSet(files: readonly TemplateFile[]): TemplateSet {
  return { version: "1.0.0", engines: {}, files, ownership: [], renames: [], platformFiles: new Map() };
}

function aTemplate(overlay: TemplateFile["overlay"], path: string): TemplateFile {
  return { overlay, path, render: () => Buffer.from(`${overlay} ${path}`) };
}

function textOf(tree: ReturnType<typeof renderTree>, path: string): string {
  const file = tree.find((candidate) => candidate.path === path);
  return Buffer.from(file?.bytes ?? []).toString("utf8");
}

describe("renderTree", () => {
  test("sorts by code units, whatever the order of the templates", () => {
    const names = ["b.md", "a.md", "Z.md", "a/é.md", "a/z.md", "dot-x"];

    const tree = renderTree(aTemplateSet(names.map((name) => aTemplate("base", name))), anAnswers());

    expect(tree.map(({ path }) => path)).toEqual([".x", "Z.md", "a.md", "a/z.md", "a/é.md", "b.md"]);
  });

  test("copies every byte of a file that is not rendered", () => {
    const bytes = Uint8Array.from([0xef, 0xbb, 0xbf, 0xff, 0x00, 0x0d, 0x0a, 0x3c, 0x25]);

    const tree = renderTree(
      aTemplateSet([{ overlay: "base", path: "a.bin", render: () => bytes }]),
      anAnswers(),
    );

    expect(tree).toEqual([{ path: "a.bin", mode: "100644", bytes }]);
  });

  test.each([
    { name: "the same path", path: "a.md" },
    { name: "the same path in other letter case", path: "A.md" },
  ])("refuses two overlays with $name", ({ path }) => {
    const templates = aTemplateSet([aTemplate("base", "a.md"), aTemplate("batch", path)]);

    expect(() => renderTree(templates, anAnswers())).toThrow("Two templates make");
  });

  test("allows overlays that never apply together to hold the same path", () => {
    const templates = aTemplateSet([aTemplate("rest", "a.md"), aTemplate("batch", "a.md")]);

    expect(textOf(renderTree(templates, anAnswers({ serving: "rest" })), "a.md")).toBe("rest a.md");
  });

  test("uses every template in some combination", async () => {
    const templates = await readTemplates();
    const used = new Set<TemplateFile>();
    const watched = templates.files.map((file) => ({
      ...file,
      render: (locals: Parameters<TemplateFile["render"]>[0]) => {
        used.add(file);
        return file.render(locals);
      },
    }));

    for (const answers of everyCombination) renderTree({ ...templates, files: watched }, answers);

    expect(templates.files.filter((file) => !used.has(file)).map(({ path }) => path)).toEqual([]);
  });

  test("depends on nothing but the templates and the answers", async () => {
    const folder = join(import.meta.dirname, "..", "..", "..", "lib", "template");
    const world = /\b(?:Date|Intl|localeCompare|toLocale\w*|random|process|cwd|umask|env|homedir|hostname)\b/;

    const names = (await readdir(folder)).filter((name) => name.endsWith(".ts"));
    const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));

    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((_, index) => world.test(texts[index] ?? ""))).toEqual([]);
  });

  test("gives the same bytes again", async () => {
    const templates = await readTemplates();

    expect(renderTree(templates, anAnswers())).toEqual(renderTree(templates, anAnswers()));
  });
});

describe("answers are data", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 30 }),
    fc.constantFrom(
      "a: b",
      "- x",
      "'",
      '"',
      "#",
      "{a}",
      "[a]",
      "*a",
      "&a",
      "!t",
      "%x",
      "@x",
      "`x`",
      "|",
      ">",
    ),
    fc.constantFrom(
      "a\nb: c",
      "true",
      "null",
      "1e3",
      "<script>",
      "](x)",
      "o'brien@example.com",
      '"a b"@x.org',
    ),
    fc.constantFrom(
      "rm -rf /; echo",
      "`id`",
      "&& id",
      "\\",
      "\u2028",
      "<%= 1 %>",
      "\u0000",
      "\t",
      "--- ",
      "...",
    ),
  );

  test("a hostile text in any answer comes out of the YAML as the same text", async () => {
    const templates = await readTemplates();

    fc.assert(
      fc.property(hostile, (text) => {
        fc.pre(!/\$[({[]|##vso\[/.test(text));
        const answers = withText(text);
        const tree = renderTree(templates, answers);
        const base: Variables = parse(textOf(tree, "pipelines/base_variables.yml"));
        const model: Variables = parse(textOf(tree, "demo_model/model_variables.yml"));

        expect(model.variables).toMatchObject({
          TEAM_NAME: text,
          IMAGE: text,
          DATASET_NAME: text,
          CATEGORY: text,
        });
        expect(base.variables).toMatchObject({
          SLACK_CHANNEL: text,

          CMR_SCOPE: text,
        });
        const broken = tree.filter(
          ({ path }) => path.endsWith(".yml") && parseDocument(textOf(tree, path)).errors.length > 0,
        );
        expect(broken.map(({ path }) => path)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

interface Variables {
  readonly variables: Readonly<Record<string, unknown>>;
}

function withText(text: string): Answers {
  const answers = anAnswers();
  return {
    ...answers,
    team_name: text,
    members: [text],
    platform_team: text,
    image: text,
    agent_pool: text,
    dataset: { ...answers.dataset, name: text },
    business: { ...answers.business, category: text },
    notifications: { slack: text },
    registry: { ...answers.registry, cmr_scope: text },
    environments: answers.environments.map(({ name, workspace_url }) => ({
      name,
      workspace_url,
      approvers: [text],
    })),
  };
}
