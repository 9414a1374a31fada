import { describe, expect, test } from "@jest/globals";
import { corePipelines } from "../../../lib/answers/pipelines.ts";
import { readTemplates } from "../../../lib/template/read-templates.ts";
import { renderTree } from "../../../lib/template/render-tree.ts";
import { anAnswers } from "../../support/an-answers.ts";

const levels = [1, 2, 3, 4, 5] as const;
const types = ["supervised", "unsupervised", "rule-based"] as const;

describe("corePipelines", () => {
  test.each(types.flatMap((model_type) => levels.map((maturity_level) => ({ model_type, maturity_level }))))(
    "names exactly the pipeline files that are rendered for $model_type at level $maturity_level",
    async ({ model_type, maturity_level }) => {
      const answers = anAnswers({ model_type, maturity_level });

      const rendered = renderTree(await readTemplates(), answers).map(({ path }) => path);

      const files = rendered.filter((path) => /^pipelines\/[^/]+_pipeline\.yml$/.test(path));
      expect(new Set(corePipelines(answers).map(({ file }) => file))).toEqual(new Set(files));
    },
  );

  test("names them as the first model of the platform did", () => {
    expect(corePipelines(anAnswers({ model_name: "cashflow2" })).map(({ name }) => name)).toEqual([
      "cashflow2-pr-pipeline",
      "cashflow2-ci-pipeline",
      "cashflow2-train-evaluate-pipeline",
      "cashflow2-evaluate-pipeline",
      "cashflow2-release-pipeline",
      "cashflow2-deploy-pipeline",
      "cashflow2-promote-pipeline",
    ]);
  });

  test.each([
    { maturity_level: 1, kinds: ["pr", "ci"] },
    { maturity_level: 2, kinds: ["pr", "ci", "train-evaluate", "evaluate"] },
    {
      maturity_level: 3,
      kinds: ["pr", "ci", "train-evaluate", "evaluate", "release", "deploy", "promote"],
    },
  ] as const)("are $kinds at level $maturity_level", ({ maturity_level, kinds }) => {
    expect(corePipelines(anAnswers({ maturity_level })).map(({ kind }) => kind)).toEqual(kinds);
  });

  test("end with the data and the operation of the model", () => {
    const kinds = corePipelines(anAnswers({ maturity_level: 5, model_type: "rule-based" })).map(
      ({ kind }) => kind,
    );

    expect(kinds).toContain("score-evaluate");
    expect(kinds.slice(-2)).toEqual(["data-cleansing", "monitor"]);
  });
});
