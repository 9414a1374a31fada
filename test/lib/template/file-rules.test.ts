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

test.each([
  { model_type: "supervised", serving: "batch", has: ["train_databricks", "evaluate_external"] },
  { model_type: "supervised", serving: "rest", has: ["train_agent", "evaluate_external"] },
  { model_type: "rule-based", serving: "batch", has: ["score_databricks"] },
  { model_type: "rule-based", serving: "rest", has: ["score_agent"] },
] as const)("gives a $model_type $serving model the pipeline templates $has", ({ has, ...differences }) => {
  const all = ["train_databricks", "train_agent", "score_databricks", "score_agent", "evaluate_external"];

  const applied = all.filter((name) =>
    fileApplies(`pipelines/templates/template_${name}.yml`, anAnswers(differences)),
  );

  expect(applied).toEqual(has);
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
