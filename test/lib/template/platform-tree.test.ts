import { expect, test } from "@jest/globals";
import { parse } from "yaml";
import { frameTemplate } from "../../../lib/template/extend-central.ts";
import { platformTree, platformVersionFile, templatesTag } from "../../../lib/template/platform-tree.ts";
import { readTemplates } from "../../../lib/template/read-templates.ts";
import { renderTree } from "../../../lib/template/render-tree.ts";
import { anAnswers } from "../../support/an-answers.ts";
import { everyCombination } from "../../support/every-combination.ts";

const textIn = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString("utf8");

test("holds every template that any model has a copy of, byte for byte, and the frame of all pipelines", async () => {
  const templates = await readTemplates();
  const copies = new Map(
    everyCombination
      .flatMap((answers) => renderTree(templates, answers))
      .filter(({ path }) => path.startsWith("pipelines/templates/"))
      .map(({ path, bytes }) => [path, textIn(bytes)]),
  );

  const shared = platformTree(templates).filter(({ path }) => path.startsWith("pipelines/"));
  const central = shared.filter(({ path }) => path !== frameTemplate);

  expect(shared).toHaveLength(central.length + 1);
  expect(Object.fromEntries(central.map(({ path, bytes }) => [path, textIn(bytes)]))).toEqual(
    Object.fromEntries(copies),
  );
});

test("says which version it is, and what it is for", async () => {
  const templates = await readTemplates();

  const tree = platformTree(templates);
  const others = tree.map(({ path }) => path).filter((path) => !path.startsWith("pipelines/"));

  expect(others).toEqual([platformVersionFile, ".gitattributes", "README.md"]);
  expect(parse(textIn(tree.find(({ path }) => path === platformVersionFile)?.bytes))).toEqual({
    version: templates.version,
  });
});

test("is what central models refer to", async () => {
  const templates = await readTemplates();
  const tree = platformTree(templates);
  const answers = anAnswers({ templates: "central", maturity_level: 5 });

  const text = renderTree(templates, answers)
    .filter(({ path }) => path.startsWith("pipelines/"))
    .map(({ bytes }) => textIn(bytes))
    .join("\n");
  const used = [...text.matchAll(/\/(pipelines\/\S+\.yml)@templates/g)].map(([, path]) => path);

  expect(text).toContain(`ref: refs/tags/${templatesTag(templates.version)}`);
  expect(used.filter((path) => !tree.some((file) => file.path === path))).toEqual([]);
});
