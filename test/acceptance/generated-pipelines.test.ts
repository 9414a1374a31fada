import { describe, expect, test } from "@jest/globals";
import type { Answers } from "../../lib/answers/answers.ts";
import type { Value } from "../../lib/pipelines/expressions/value.ts";
import { readParameters, type Parameter } from "../../lib/pipelines/parameters.ts";
import { parseYamlNode } from "../../lib/pipelines/parse-yaml-node.ts";
import { formatProblem } from "../../lib/pipelines/problem.ts";
import { entryOf, toValue } from "../../lib/pipelines/yaml-node.ts";
import { anAnswers } from "../support/an-answers.ts";
import { everyCombination, nameOf } from "../support/every-combination.ts";
import type { Files } from "../support/expand-files.ts";
import { pipelinesIn, platformYaml, renderYaml, validateRendered } from "../support/rendered-pipelines.ts";

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

interface Judged {
  /** All that is wrong with the pipelines of a repository. */
  readonly problems: readonly string[];
  /** The files that they use; those of the platform's repository end in `@templates`. */
  readonly used: ReadonlySet<string>;
}

function judge(files: Files, central?: Files): Judged {
  const given = { files, ...(central === undefined ? {} : { central }) };
  const used = new Set<string>();
  const problems = pipelinesIn(files).flatMap((file) =>
    everyChoice(files, file).flatMap((parameters) => {
      const { expanded, problems } = validateRendered({ ...given, file, parameters });
      for (const path of expanded?.files ?? []) used.add(path);
      return problems.map((problem) => `${JSON.stringify(parameters)} ${formatProblem(problem)}`);
    }),
  );
  return { problems, used };
}

/** Problems, and files below pipelines/ that no pipeline uses. */
function findings(files: Files, central?: Files): readonly string[] {
  const { problems, used } = judge(files, central);
  const unused = Object.keys(files).filter((path) => path.startsWith("pipelines/") && !used.has(path));
  return [...problems, ...unused.map((path) => `${path} is used by no pipeline.`)];
}

/** The stages as plain values, without their places. */
function stagesOf({ expanded }: ReturnType<typeof validateRendered>): unknown {
  const stages = entryOf(expanded?.root, "stages");
  return stages === undefined ? undefined : toValue(stages);
}

const combinations = everyCombination.map((answers): [string, Answers] => [nameOf(answers), answers]);

describe("the pipelines of every kind of repository", () => {
  test.each(combinations)(
    "%s expand with every allowed value, are valid and use every template",
    async (_name, answers) => {
      expect(findings(await renderYaml(answers))).toEqual([]);
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
    expect(findings(await renderYaml(anAnswers({ maturity_level: 5, ...differences })))).toEqual([]);
  });
});

describe("with central templates the pipelines of every kind of repository", () => {
  const usedByAny = new Set<string>();

  test.each(combinations)("%s expand with every allowed value and are valid", async (_name, answers) => {
    const files = await renderYaml({ ...answers, templates: "central" });

    const { problems, used } = judge(files, await platformYaml());
    for (const path of used) usedByAny.add(path);

    expect(problems).toEqual([]);
    expect(Object.keys(files).filter((path) => path.startsWith("pipelines/templates/"))).toEqual([]);
    expect([...used].some((path) => path.endsWith("@templates"))).toBe(true);
  });

  test("use every template of the platform's repository, all together", async () => {
    const templates = Object.keys(await platformYaml()).filter((path) => path.startsWith("pipelines/"));

    expect(templates.filter((path) => !usedByAny.has(`${path}@templates`))).toEqual([]);
    expect(templates.length).toBeGreaterThan(20);
  });

  test("expand to the same stages, jobs and steps as with copies", async () => {
    const answers = anAnswers({ maturity_level: 5 });
    const central = {
      files: await renderYaml({ ...answers, templates: "central" }),
      central: await platformYaml(),
    };
    const copied = { files: await renderYaml(answers) };

    for (const file of pipelinesIn(copied.files)) {
      const [one, other] = [copied, central].map((given) => stagesOf(validateRendered({ ...given, file })));
      expect(one).toBeInstanceOf(Array);
      expect(other).toEqual(one);
    }
  });
});
