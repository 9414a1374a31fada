import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readTemplates } from "../../../lib/template/read-templates.ts";
import { parseRenames, renamesBetween } from "../../../lib/template/renames.ts";
import { anAnswers } from "../../support/an-answers.ts";
import { root } from "../../support/eac-model.ts";

const same = { before: anAnswers(), after: anAnswers() };

describe("parseRenames", () => {
  test("reads a list, and nothing from an empty text", () => {
    expect(parseRenames("- { from: a, to: b }\n")).toEqual([{ from: "a", to: "b" }]);
    expect(parseRenames("# nothing yet\n")).toEqual([]);
  });

  test.each(["from: a", "- a", "- { from: a }"])("refuses %j", (text) => {
    expect(() => parseRenames(text)).toThrow("renames.yml");
  });
});

describe("renamesBetween", () => {
  test("leads a file that was renamed twice to its newest name, from every older one", () => {
    const renames = [
      { from: "src/a.py", to: "src/b.py" },
      { from: "src/b.py", to: "src/c.py" },
    ];

    expect(renamesBetween({ files: [], renames }, same)).toEqual([
      { from: "src/a.py", to: "src/c.py" },
      { from: "src/b.py", to: "src/c.py" },
    ]);
  });

  test("ends where names go round in a circle", () => {
    const renames = [
      { from: "a", to: "b" },
      { from: "b", to: "a" },
    ];

    expect(renamesBetween({ files: [], renames }, same)).toEqual([{ from: "b", to: "a" }]);
  });

  test("places the model's files where the new answers want them, renamed ones too", async () => {
    const { files } = await readTemplates();
    const renames = [{ from: "demo_model/old.py", to: "demo_model/new.py" }];

    const found = renamesBetween(
      { files, renames },
      { before: anAnswers(), after: anAnswers({ model_folder: "iris" }) },
    );

    expect(found).toContainEqual({ from: "demo_model/old.py", to: "iris/new.py" });
    expect(found).toContainEqual({ from: "demo_model/model_variables.yml", to: "iris/model_variables.yml" });
    expect(found.every(({ from, to }) => from.startsWith("demo_model/") && to.startsWith("iris/"))).toBe(
      true,
    );
  });

  test("finds nothing where neither templates nor answers changed a name", async () => {
    expect(renamesBetween(await readTemplates(), same)).toEqual([]);
  });
});

test("renames.yml leads to files that exist, from files that do not", async () => {
  const { files, renames } = await readTemplates();
  const paths = new Set(files.map(({ path }) => path));
  const text = readFileSync(join(root, "templates", "model", "renames.yml"), "utf8");

  const found = renamesBetween({ files: [], renames }, same);

  expect(parse(text)).toEqual(renames);
  expect(found.filter(({ from, to }) => paths.has(from) || !paths.has(to))).toEqual([]);
});
