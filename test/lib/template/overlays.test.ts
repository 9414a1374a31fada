import { expect, test } from "@jest/globals";
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

test("knows its own names only", () => {
  expect(isOverlayName("base")).toBe(true);
  expect(isOverlayName("constructor")).toBe(false);
});
