import { expect, test } from "@jest/globals";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isOverlayName, overlays } from "../../../lib/template/overlays.ts";
import { readTemplates } from "../../../lib/template/read-templates.ts";
import { anAnswers } from "../../support/an-answers.ts";

test("applies the overlays of the answers", () => {
  const answers = anAnswers({
    model_type: "rule-based",
    serving: "rest",
    environment_file: "pip",
    maturity_level: 2,
  });

  const applied = Object.entries(overlays)
    .filter(([, applies]) => applies(answers))
    .map(([name]) => name);

  expect(applied).toEqual(["base", "rest", "rule_based", "pip", "level_2"]);
});

test("has a folder with files for each overlay", async () => {
  const { files } = await readTemplates();

  expect([...new Set(files.map(({ overlay }) => overlay))].toSorted()).toEqual(
    Object.keys(overlays).toSorted(),
  );
});

test("names each overlay in the reference", async () => {
  const page = await readFile(join(import.meta.dirname, "../../../docs/reference/templates.md"), "utf8");

  expect(Object.keys(overlays).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test("knows its own names only", () => {
  expect(isOverlayName("base")).toBe(true);
  expect(isOverlayName("constructor")).toBe(false);
});
