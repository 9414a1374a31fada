import { expect, test } from "@jest/globals";
import { fileApplies, ruledPaths } from "../../../lib/template/file-rules.ts";
import { readTemplates } from "../../../lib/template/read-templates.ts";
import { anAnswers } from "../../support/an-answers.ts";

test.each([
  { path: "pipelines/train_pipeline.yml", supervised: true, ruleBased: false },
  { path: "pipelines/score_pipeline.yml", supervised: false, ruleBased: true },
  { path: "pipelines/ci_pipeline.yml", supervised: true, ruleBased: true },
  { path: "demo_model/notebooks/train.py", supervised: true, ruleBased: false },
  { path: "demo_model/notebooks/evaluate.py", supervised: false, ruleBased: true },
])("decides by model type about $path", ({ path, supervised, ruleBased }) => {
  expect(fileApplies(path, anAnswers({ model_type: "supervised" }))).toBe(supervised);
  expect(fileApplies(path, anAnswers({ model_type: "rule-based" }))).toBe(ruleBased);
});

test("leaves the pipeline templates out where they are central", () => {
  const answers = anAnswers({ templates: "central" });

  expect(fileApplies("pipelines/templates/template_ci_unit_tests.yml", answers)).toBe(false);
  expect(fileApplies("pipelines/ci_pipeline.yml", answers)).toBe(true);
});

test("has rules only for templates that exist", async () => {
  const { files } = await readTemplates();
  const paths = new Set(files.map(({ path }) => path));

  expect(ruledPaths.filter((path) => !paths.has(path))).toEqual([]);
});
