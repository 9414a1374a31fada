import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import type { Answers } from "../../../lib/answers/answers.ts";
import { deriveNames } from "../../../lib/answers/derived-names.ts";
import type { ExpandedPipeline } from "../../../lib/pipelines/expand-pipeline.ts";
import { stepsOf, type PipelineModel, type StepModel } from "../../../lib/pipelines/pipeline-model.ts";
import { validatePipeline } from "../../../lib/pipelines/validate/validate-pipeline.ts";
import { toJson } from "../../../lib/pipelines/yaml-node.ts";
import { frameTemplate } from "../../../lib/template/extend-central.ts";
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
  readonly extends?: unknown;
  readonly trigger: unknown;
  readonly pr: unknown;
  readonly lockBehavior?: string;
  readonly schedules?: readonly unknown[];
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
        {
          source: `\\cash-flow\\${names.pipeline(names.trainingKind)}`,
          trigger: { branches, stages: ["Register_Model"] },
        },
      ]);
    },
  );

  test("start by nothing but what they state", async () => {
    const files = await render({ default_branch: "trunk", maturity_level: 5 });

    for (const name of pipelineFiles(files).filter((file) => file !== "ci")) {
      expect(pipeline(files, name)).toMatchObject({ trigger: "none", pr: "none" });
    }
    expect(pipeline(files, "ci")).toMatchObject({
      trigger: { batch: true, branches: { include: ["trunk"] } },
      pr: "none",
    });
    for (const name of ["data_cleansing", "monitor"]) {
      expect(pipeline(files, name).schedules).toMatchObject([
        { branches: { include: ["trunk"] }, always: true },
      ]);
    }
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
        jobs.map(({ parameters }) => parameters?.["resource"]),
      ]),
    ).toEqual([
      ["Deploy_QA", ["iris-qa"], ["iris-qa"]],
      ["Deploy_PRE_PROD", ["iris-pre-prod"], ["iris-pre-prod"]],
      ["Promote_Model", ["iris-pre-prod"], [undefined]],
      ["Deploy_PROD", ["iris-prod"], ["iris-prod"]],
      ["Roll_Back", ["iris-prod"], [undefined]],
    ]);
  });

  test("promote at once where no environment lies before production, and nothing that is not registered", async () => {
    const environments = ["dev", "prod"].map((name) => ({ name, workspace_url: "", approvers: [] }));
    const registry = { ...anAnswers().registry, register_model: false };

    const two = pipeline(await render({ environments }), "release");
    const unregistered = pipeline(await render({ model_type: "rule-based", registry }), "release");

    expect(stageNames(two)).toEqual(["Promote_Model", "Deploy_PROD", "Roll_Back"]);
    expect(stageNames(unregistered)).toEqual(["Deploy_QA", "Deploy_PROD"]);
  });

  test("see no variable group and no credential in pull requests", async () => {
    const files = await render({ maturity_level: 5 });

    const { expanded, model } = validated(files, "pr");

    const text = JSON.stringify(toJson(expanded.root));
    expect(text).not.toMatch(/AccessToken|_TOKEN|azureSubscription/i);
    expect([...model.groups, ...model.stages.flatMap(({ groups }) => groups)]).toEqual([]);
  });

  test("give the access token only to steps that call Databricks or start a pipeline", async () => {
    const steps = await everyStep({ maturity_level: 5 });

    const holders = steps.filter(({ env }) => env.some(([name]) => name === "SYSTEM_ACCESSTOKEN"));

    const others = holders.filter(
      ({ main }) =>
        !/^mloccli (?:notebooks|cluster|libraries|job|model fetch|monitor trigger|data cleanse)/.test(
          main.text,
        ),
    );
    expect(holders.length).toBeGreaterThan(5);
    expect(others.map(({ main }) => main.text)).toEqual([]);
  });

  test("sign in to Databricks with a token where the answers say so, without the access token of the run", async () => {
    const steps = await everyStep({ maturity_level: 3, authentication: "pat" });

    const names = new Set(steps.flatMap(({ env }) => env.map(([name]) => name)));

    expect([...names]).toContain("DATABRICKS_TOKEN");
    expect([...names]).not.toContain("SYSTEM_ACCESSTOKEN");
  });

  test("read the data lake with a SAS token only where the answers say so", async () => {
    const withToken = await everyStep({ maturity_level: 5, data_access: "sas_token" });
    const without = await everyStep({ maturity_level: 5 });

    expect(withToken.filter(({ env }) => env.some(([name]) => name === "SAS_TOKEN")).length).toBeGreaterThan(
      5,
    );
    expect(without.filter(({ env }) => env.some(([name]) => name === "SAS_TOKEN"))).toEqual([]);
  });

  test("start and fill a cluster of their own only where jobs share one", async () => {
    expect(await commandsOn("all_purpose")).toContain("mloccli cluster start");
    expect(await commandsOn("job_cluster")).not.toContain("mloccli cluster start");
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

    const frame = `/${frameTemplate}@templates`;
    const references = [...central.values()]
      .flatMap((text) =>
        [...text.matchAll(/template: '?([^\s']+@templates)/g)].map(([, reference = ""]) => reference),
      )
      .filter((reference) => reference !== frame);

    expect([...central.keys()].filter((path) => path.startsWith("pipelines/templates/"))).toEqual([]);
    expect(references.length).toBeGreaterThan(5);
    expect(
      references.filter((reference) => !copied.has(reference.replace(/^\/(.*)@templates$/, "$1"))),
    ).toEqual([]);
    for (const name of pipelineFiles(central)) {
      expect(pipeline(central, name).extends).toMatchObject({ template: frame });
      expect(pipeline(central, name).stages).toBeUndefined();
      expect(pipeline(central, name).resources?.repositories).toEqual([
        { repository: "templates", type: "git", name: "eac-model-platform", ref: `refs/tags/v${version}` },
      ]);
    }
  });

  describeWithSchema("for the published schema, skipped where ../shared is absent", () => {
    test("are referred to as it allows", async () => {
      const files = await render({ templates: "central", agent_pool: "ML agents" });

      const problems = [...files]
        .filter(([path]) => path.startsWith("pipelines/") && path !== "pipelines/evaluate_pipeline.yml")
        .flatMap(([path, text]) => pipelineProblems(text).map((problem) => `${path}: ${problem}`));

      expect(problems).toEqual([]);
    });
  });

  test("are the same files for every model", async () => {
    const { files } = await readTemplates();

    const templates = files.filter(({ path }) => path.startsWith("pipelines/templates/"));
    const names = templates.map(({ path }) => path.split("/").at(-1) ?? "");
    const one = await render({ maturity_level: 5 });
    const other = await render({
      maturity_level: 5,
      model_name: "other",
      model_folder: "o",
      serving: "rest",
    });

    expect(names.filter((name) => !/^template_[a-z]+_[a-z_]+\.yml$/.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    const shared = [...other].filter(([path]) => path.startsWith("pipelines/templates/") && one.has(path));
    expect(shared.length).toBeGreaterThan(10);
    expect(shared.filter(([path, text]) => one.get(path) !== text)).toEqual([]);
  });
});

/** A pipeline as the service runs it. */
function validated(
  files: ReadonlyMap<string, string>,
  name: string,
): { readonly expanded: ExpandedPipeline; readonly model: PipelineModel } {
  const { expanded, model } = validatePipeline({
    file: `pipelines/${name}_pipeline.yml`,
    read: ({ path }) => files.get(path),
  });
  if (expanded === undefined || model === undefined) throw new Error(`${name} cannot be expanded.`);
  return { expanded, model };
}

/** The steps of all pipelines. */
async function everyStep(differences: Partial<Answers>): Promise<readonly StepModel[]> {
  const files = await render(differences);
  return pipelineFiles(files).flatMap((name) =>
    validated(files, name).model.stages.flatMap(({ jobs }) => jobs.flatMap(stepsOf)),
  );
}

async function commandsOn(mode: Answers["compute"]["mode"]): Promise<readonly string[]> {
  return (await everyStep({ compute: { mode } })).map(({ main }) => main.text);
}
