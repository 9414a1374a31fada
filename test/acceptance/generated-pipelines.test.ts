import { describe, expect, test } from "@jest/globals";
import type { Answers } from "../../lib/answers/answers.ts";
import type { Value } from "../../lib/pipelines/expressions/value.ts";
import { readParameters, type Parameter } from "../../lib/pipelines/parameters.ts";
import { parseYamlNode } from "../../lib/pipelines/parse-yaml-node.ts";
import { formatProblem } from "../../lib/pipelines/problem.ts";
import { entryOf } from "../../lib/pipelines/yaml-node.ts";
import { anAnswers } from "../support/an-answers.ts";
import { everyCombination, nameOf } from "../support/every-combination.ts";
import type { Files } from "../support/expand-files.ts";
import { pipelinesIn, renderYaml, validateRendered } from "../support/rendered-pipelines.ts";

type Parameters = Readonly<Record<string, Value>>;

/** Every value of every parameter, each beside every value of each other one; free texts have one beside their default. */
function everyChoice(files: Files, file: string): readonly Parameters[] {
  const root = parseYamlNode(files[file] ?? "", file);
  const { parameters } = readParameters(entryOf(root, "parameters"));
  const choices = parameters.flatMap((parameter) =>
    choicesOf(parameter).map((value) => ({ name: parameter.name, value })),
  );
  const pairs = choices.flatMap((one, index) =>
    choices
      .slice(index)
      .filter((other) => other === one || other.name !== one.name)
      .map((other) => ({ [one.name]: one.value, [other.name]: other.value })),
  );
  return [{}, ...pairs];
}

function choicesOf({ type, values }: Parameter): readonly Value[] {
  if (values.length > 0) return values;
  if (type === "boolean") return [true, false];
  return type === "number" ? [7] : ["some text"];
}

/** All that is wrong with the pipelines of a repository, and the files that no pipeline uses. */
function judge(files: Files, central?: Files): readonly string[] {
  const given = { files, ...(central === undefined ? {} : { central }) };
  const used = new Set<string>();
  const problems = pipelinesIn(files).flatMap((file) =>
    everyChoice(files, file).flatMap((parameters) => {
      const { expanded, problems } = validateRendered({ ...given, file, parameters });
      for (const path of expanded?.files ?? []) used.add(path);
      return problems.map((problem) => `${JSON.stringify(parameters)} ${formatProblem(problem)}`);
    }),
  );
  const unused = Object.keys(files).filter((path) => path.startsWith("pipelines/") && !used.has(path));
  return [...problems, ...unused.map((path) => `${path} is used by no pipeline.`)];
}

describe("the pipelines of every kind of repository", () => {
  test.each(everyCombination.map((answers): [string, Answers] => [nameOf(answers), answers]))(
    "%s expand with every allowed value, are valid and use every template",
    async (_name, answers) => {
      expect(judge(await renderYaml(answers))).toEqual([]);
    },
  );

  test.each<readonly [title: string, differences: Partial<Answers>]>([
    ["an agent pool of its own", { agent_pool: "ML agents" }],
    ["tokens instead of workload identity", { authentication: "pat" }],
    ["another branch", { default_branch: "trunk" }],
    [
      "a scale of four environments",
      {
        environments: ["dev", "qa", "pre-prod", "prod"].map((name) => ({
          name,
          workspace_url: "",
          approvers: [],
        })),
      },
    ],
  ])("with %s are valid", async (_title, differences) => {
    expect(judge(await renderYaml(anAnswers({ maturity_level: 5, ...differences })))).toEqual([]);
  });

  test("with central templates are valid with the files of the tag", async () => {
    const central = await renderYaml(anAnswers({ maturity_level: 5 }));
    const files = await renderYaml(anAnswers({ maturity_level: 5, templates: "central" }));

    expect(judge(files, central)).toEqual([]);
  });
});
