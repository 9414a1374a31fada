import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import type { Answers } from "../../../lib/answers/answers.ts";
import { deriveNames } from "../../../lib/answers/derived-names.ts";
import { readTemplates } from "../../../lib/template/read-templates.ts";
import { renderTree } from "../../../lib/template/render-tree.ts";
import { anAnswers } from "../../support/an-answers.ts";
import { hasPipelinesSchema, pipelineProblems } from "../../support/azure-pipelines-schema.ts";

const describeWithSchema = hasPipelinesSchema ? describe : describe.skip;

interface Stage {
  readonly stage: string;
  readonly variables?: readonly { readonly group?: string }[];
  readonly jobs: readonly {
    readonly template: string;
    readonly parameters?: Readonly<Record<string, string>>;
  }[];
}

interface Pipeline {
  readonly trigger: unknown;
  readonly pr: unknown;
  readonly lockBehavior?: string;
  readonly resources?: {
    readonly pipelines?: readonly {
      readonly source: string;
      readonly trigger: { readonly branches: { readonly include: readonly string[] } };
    }[];
    readonly repositories?: readonly { readonly name: string; readonly ref: string }[];
  };
  readonly pool: Readonly<Record<string, string>>;
  readonly stages: readonly Stage[];
}

async function render(differences: Partial<Answers> = {}): Promise<ReadonlyMap<string, string>> {
  const tree = renderTree(await readTemplates(), anAnswers(differences));
  return new Map(tree.map(({ path, bytes }) => [path, Buffer.from(bytes).toString("utf8")]));
}

function pipeline(files: ReadonlyMap<string, string>, name: string): Pipeline {
  const parsed: Pipeline = parse(files.get(`pipelines/${name}_pipeline.yml`) ?? "");
  return parsed;
}

function stageNames(file: Pipeline): readonly string[] {
  return file.stages.map(({ stage }) => stage);
}

function pipelineFiles(files: ReadonlyMap<string, string>): readonly string[] {
  return [...files.keys()].flatMap((path) => /^pipelines\/(\w+)_pipeline\.yml$/.exec(path)?.slice(1) ?? []);
}

describe("the pipelines of a model", () => {
  test.each([
    { maturity_level: 1, trained: ["ci", "pr"], ruleBased: ["ci", "pr"] },
    { maturity_level: 2, trained: ["ci", "pr", "train"], ruleBased: ["ci", "pr", "score"] },
    {
      maturity_level: 3,
      trained: ["ci", "pr", "release", "train"],
      ruleBased: ["ci", "pr", "release", "score"],
    },
  ] as const)("are $trained at level $maturity_level", async ({ maturity_level, trained, ruleBased }) => {
    expect(pipelineFiles(await render({ maturity_level }))).toEqual(trained);
    expect(pipelineFiles(await render({ maturity_level, model_type: "rule-based" }))).toEqual(ruleBased);
  });

  test.each(["supervised", "rule-based"] as const)(
    "follow each other by the names that provisioning gives them (%s)",
    async (model_type) => {
      const differences = { model_name: "cash-flow", model_type, default_branch: "trunk" };
      const names = deriveNames(anAnswers(differences));
      const files = await render(differences);

      const training = pipeline(files, model_type === "rule-based" ? "score" : "train");
      const release = pipeline(files, "release");

      const branches = { include: ["trunk"] };
      expect(training.resources?.pipelines).toMatchObject([
        { source: `\\cash-flow\\${names.pipeline("ci")}`, trigger: { branches } },
      ]);
      expect(release.resources?.pipelines).toMatchObject([
        { source: `\\cash-flow\\${names.pipeline(names.trainingKind)}`, trigger: { branches } },
      ]);
    },
  );

  test("start by nothing but what they state", async () => {
    const files = await render({ default_branch: "trunk" });

    for (const name of ["pr", "train", "release"]) {
      expect(pipeline(files, name)).toMatchObject({ trigger: "none", pr: "none" });
    }
    expect(pipeline(files, "ci")).toMatchObject({
      trigger: { batch: true, branches: { include: ["trunk"] } },
      pr: "none",
    });
  });

  test("make the model in three stages", async () => {
    expect(stageNames(pipeline(await render(), "train"))).toEqual([
      "Train_Model",
      "Evaluate_Model",
      "Register_Model",
    ]);
    expect(stageNames(pipeline(await render({ model_type: "rule-based" }), "score"))).toEqual([
      "Score_Model",
      "Evaluate_Model",
      "Register_Model",
    ]);
  });

  test("release to every environment after the first, in order, each with its own variable group", async () => {
    const environments = ["dev", "qa", "pre-prod", "prod"].map((name) => ({
      name,
      workspace_url: "",
      approvers: [],
    }));

    const release = pipeline(await render({ environments }), "release");

    expect(release.lockBehavior).toBe("sequential");
    expect(
      release.stages.map(({ stage, variables, jobs }) => [
        stage,
        variables?.map(({ group }) => group),
        jobs.map(({ parameters }) => parameters?.["environment"]),
      ]),
    ).toEqual([
      ["Deploy_QA", ["iris-qa"], ["iris-qa"]],
      ["Deploy_PRE_PROD", ["iris-pre-prod"], ["iris-pre-prod"]],
      ["Deploy_PROD", ["iris-prod"], ["iris-prod"]],
    ]);
  });

  test("see no variable group and no secret before the release", async () => {
    const files = await render();

    const texts = [...files].filter(([path]) => /^pipelines\/(?!release_)/.test(path));

    expect(
      texts.filter(([, text]) => /group:|secret|SYSTEM_ACCESSTOKEN|AccessToken/i.test(withoutComments(text))),
    ).toEqual([]);
  });

  test("run where the answers say", async () => {
    expect(pipeline(await render(), "ci").pool).toEqual({ vmImage: "${{ variables.VM_IMAGE }}" });
    expect(pipeline(await render({ agent_pool: "ML agents" }), "ci").pool).toEqual({
      name: "${{ variables.AGENT_POOL }}",
    });
  });
});

describe("central templates", () => {
  test("leave the copies out, and name the same files in the platform's repository", async () => {
    const copied = await render();
    const central = await render({ templates: "central" });
    const { version } = await readTemplates();

    const references = pipelineFiles(central).flatMap((name) =>
      pipeline(central, name).stages.flatMap(({ jobs }) => jobs.map(({ template }) => template)),
    );

    expect([...central.keys()].filter((path) => path.startsWith("pipelines/templates/"))).toEqual([]);
    expect(references.length).toBeGreaterThan(5);
    expect(
      references.filter((reference) => !copied.has(reference.replace(/^\/(.*)@templates$/, "$1"))),
    ).toEqual([]);
    for (const name of pipelineFiles(central)) {
      expect(pipeline(central, name).resources?.repositories).toEqual([
        { repository: "templates", type: "git", name: "eac-platform", ref: `refs/tags/v${version}` },
      ]);
    }
  });

  describeWithSchema("for the published schema, skipped where ../shared is absent", () => {
    test("are referred to as it allows", async () => {
      const files = await render({ templates: "central", agent_pool: "ML agents" });

      const problems = [...files]
        .filter(([path]) => path.startsWith("pipelines/"))
        .flatMap(([path, text]) => pipelineProblems(text).map((problem) => `${path}: ${problem}`));

      expect(problems).toEqual([]);
    });
  });

  test("are the same files for every model", async () => {
    const { files } = await readTemplates();

    const templates = files.filter(({ path }) => path.startsWith("pipelines/templates/"));
    const names = templates.map(({ path }) => path.split("/").at(-1) ?? "");
    const rendered = await render({ model_name: "other", model_folder: "other_folder", serving: "rest" });

    expect(names.filter((name) => !/^template_[a-z]+_[a-z_]+\.yml$/.test(name))).toEqual([]);
    expect([...rendered].filter(([path]) => path.startsWith("pipelines/templates/"))).toEqual(
      [...(await render())].filter(([path]) => path.startsWith("pipelines/templates/")),
    );
  });
});

function withoutComments(text: string): string {
  return text.replaceAll(/^\s*#.*$/gm, "");
}
