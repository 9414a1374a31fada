import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Answers } from "../../lib/answers/answers.ts";
import { anAnswers } from "../support/an-answers.ts";
import { isolateGit } from "../support/git-environment.ts";
import { startLocalServers, type LocalServers } from "../support/local-servers.ts";
import { ModelRuns, type Change, type ModelRun } from "../support/model-runs.ts";
import { findPython } from "../support/python-environment.ts";

type ModelType = Answers["model_type"];
type Serving = Answers["serving"];
// oxlint-disable-next-line typescript/no-explicit-any -- the shape of an answer is what the tests look at
type Json = any;
type Both<T> = Readonly<Record<Serving, T>>;

const basePython = findPython();
const describeWithPython = basePython === undefined ? describe.skip : describe;
const planted = "planted-s3cret-of-the-release";
const parameters = "demo_model/model_parameters.yml";
const thresholds = "demo_model/evaluation_thresholds.yml";
const scoring = "demo_model/model_modules/scoring.py";

jest.setTimeout(1_800_000);
isolateGit();

let servers: LocalServers | undefined;
const repositories = new Map<string, ModelRuns>();

beforeAll(async () => {
  if (basePython !== undefined) servers = await startLocalServers(basePython);
});

afterAll(async () => {
  for (const repository of repositories.values()) await repository[Symbol.asyncDispose]();
  await servers?.[Symbol.asyncDispose]();
});

function started(): LocalServers {
  if (servers === undefined) throw new Error("No servers were started.");
  return servers;
}

async function repositoryOf(type: ModelType, serving: Serving): Promise<ModelRuns> {
  const name = `${type}-${serving}`;
  const known = repositories.get(name);
  if (known !== undefined) return known;
  const environment_file = serving === "batch" ? "conda" : "pip";
  const answers = anAnswers({ model_name: name, model_type: type, serving, environment_file });
  const made = await ModelRuns.make(started(), answers);
  if (type === "supervised") await made.commit("Leave room for a better model", weaker);
  repositories.set(name, made);
  return made;
}

/** A first version that a second one can be better than. */
const weaker: readonly Change[] = [
  [parameters, "inverse_regularisation: 1.0", "inverse_regularisation: 0.1"],
  [thresholds, "minimum: 0.9 ", "minimum: 0.85 "],
];

/** The same for both servings at once: more would not be faster on a small machine. */
async function forBoth<T>(type: ModelType, work: (repository: ModelRuns) => Promise<T>): Promise<Both<T>> {
  const one = async (serving: Serving): Promise<T> => await work(await repositoryOf(type, serving));
  const [batch, rest] = await Promise.all([one("batch"), one("rest")]);
  return { batch, rest };
}

interface Way {
  readonly pr: ModelRun;
  readonly ci: ModelRun;
  readonly training: ModelRun;
  readonly registered: readonly string[];
  readonly release: ModelRun;
  readonly released: readonly string[];
}

async function wayToProduction(repository: ModelRuns, training: "train" | "score"): Promise<Way> {
  return {
    pr: await repository.run("pr"),
    ci: await repository.run("ci"),
    training: await repository.run(training, "--approve", "tst"),
    registered: await repository.versions(),
    release: await repository.run("release", "--approve", "qa,prod"),
    released: await repository.versions(),
  };
}

function succeeded(...names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, "succeeded"]));
}

describeWithPython("with the servers of this machine, eac-model run", () => {
  test.each<readonly [ModelType, "train" | "score", string]>([
    ["supervised", "train", "Train_Model"],
    ["unsupervised", "train", "Train_Model"],
    ["rule-based", "score", "Score_Model"],
  ])("is green from the pull request to production for %s models", async (type, training, stage) => {
    const ways = await forBoth(type, (repository) => wayToProduction(repository, training));

    for (const way of Object.values(ways)) expectGreen(way, stage);
    expect(ways.batch.ci.stages).toEqual(succeeded("Model_CI", "Publish_Code", "Import_Code"));
    expect(ways.rest.ci.stages).toEqual(succeeded("Model_CI", "Publish_Code"));
    expect(ways.rest.release.log.match(/Smoke-testing http:\/\/127\.0\.0\.1:\d+/g)).toHaveLength(2);
    expect(await scoringJobs(`${type}-batch`)).toEqual([`models:/${type}-batch/1`]);
  });

  test("is not red for a model that is no better, which goes no further", async () => {
    const runs = await forBoth("supervised", async (repository) => {
      const training = await repository.run("train", "--approve", "tst");
      return { training, versions: await repository.versions() };
    });

    for (const { training, versions } of Object.values(runs)) {
      expect(training).toMatchObject({
        code: 0,
        stages: {
          Train_Model: "succeeded",
          Evaluate_Model: "succeededWithIssues",
          Register_Model: "skipped",
        },
        artifacts: ["candidate", "evaluated_candidate"],
      });
      expect(training.log).toContain("Version 1 stays in production, and nothing is registered");
      expect(versions).toEqual(["1 Production"]);
    }
  });

  test("is red for a metric below its threshold, and registers nothing", async () => {
    const runs = await forBoth("supervised", async (repository) => {
      await repository.commit("Ask for more", [[thresholds, "minimum: 0.85 ", "minimum: 0.99 "]]);
      const training = await repository.run("train", "--approve", "tst");
      return { training, versions: await repository.versions() };
    });

    for (const { training, versions } of Object.values(runs)) {
      expect(training).toMatchObject({
        code: 8,
        stages: { Train_Model: "succeeded", Evaluate_Model: "failed", Register_Model: "skipped" },
        artifacts: ["candidate", "evaluated_candidate"],
      });
      expect(versions).toEqual(["1 Production"]);
    }
  });

  test("is red for a rejected approval and for a smoke test that fails, and rolls back what was promoted", async () => {
    const runs = await forBoth("supervised", async (repository) => {
      await repository.commit("Be better, but not everywhere", better(repository.name));
      const training = await repository.run("train", "--approve", "tst");
      const rejected = await repository.run("release");
      await repository.setGroups(groupsOf(repository.name, "qa"));
      const inQa = await repository.run("release", "--approve", "all");
      const before = await repository.versions();
      await repository.setGroups(groupsOf(repository.name, "prod"));
      const inProd = await repository.run("release", "--approve", "all");
      return { training, rejected, inQa, before, inProd, after: await repository.versions() };
    });

    const steps = { batch: "Smoke-test the model", rest: "Serve the version on the agent" };
    for (const [serving, run] of Object.entries(runs)) {
      const step = serving === "batch" ? steps.batch : steps.rest;
      expect(run.training.code).toBe(0);
      expect(run.rejected).toMatchObject({ code: 8, stages: endsAt("Deploy_QA"), steps: {} });
      expect(run.inQa).toMatchObject({ code: 8, stages: endsAt("Deploy_QA"), artifacts: [] });
      expectRolledBack(run.inQa, "Deploy_QA", step);
      expect(run.before).toEqual(["2 Staging", "1 Production"]);
      expect(run.inProd).toMatchObject({
        code: 8,
        stages: { ...succeeded("Deploy_QA", "Promote_Model", "Roll_Back"), Deploy_PROD: "failed" },
        artifacts: ["evidence_qa"],
      });
      expectRolledBack(run.inProd, "Deploy_PROD", step);
      expect(run.after).toEqual(["2 Archived", "1 Production"]);
    }
  });
});

/** A version that is better, cannot be served where FAILS_IN says, and a step that shows a secret. */
function better(name: string): readonly Change[] {
  const place = name.endsWith("-rest") ? ' and "uvicorn" in sys.modules' : "";
  const fails = `os.environ.get("ENVIRONMENT") == os.environ.get("FAILS_IN", "nowhere")${place}`;
  return [
    [parameters, "inverse_regularisation: 0.1", "inverse_regularisation: 1.0"],
    [thresholds, "minimum: 0.99 ", "minimum: 0.85 "],
    [scoring, "import pandas as pd\n", "import os\nimport sys\n\nimport pandas as pd\n"],
    [
      scoring,
      "    probabilities =",
      `    if ${fails}:\n        raise RuntimeError("broken here")\n    probabilities =`,
    ],
    [
      "pipelines/templates/template_release_model.yml",
      "\nsteps:\n",
      "\nsteps:\n  - bash: printenv PLANTED\n    displayName: Show a secret\n    env:\n      PLANTED: $(PLANTED)\n\n",
    ],
  ];
}

function groupsOf(name: string, FAILS_IN: string): Readonly<Record<string, unknown>> {
  const values = { FAILS_IN, PLANTED: { secret: planted } };
  return { [`${name}-qa`]: values, [`${name}-prod`]: values };
}

/** A release that fails there and comes to nothing after it. */
function endsAt(stage: string): Readonly<Record<string, string>> {
  return { Promote_Model: "skipped", Deploy_PROD: "skipped", Roll_Back: "skipped", [stage]: "failed" };
}

function expectRolledBack(run: ModelRun, stage: string, step: string): void {
  expect(run.steps).toMatchObject({
    [`${stage}: Show a secret`]: "succeeded",
    [`${stage}: ${step}`]: "failed",
    [`${stage}: Say what the environment runs now`]: "succeeded",
  });
  expect(run.log).toContain("***");
  for (const secret of [planted, started().token]) expect(run.everything.includes(secret)).toBe(false);
}

function expectGreen(way: Way, trainingStage: string): void {
  const unit = ["Sanity tests", "Unit tests"];
  expect(way.pr).toMatchObject({ code: 0, stages: succeeded("Model_CI"), tests: unit, artifacts: [] });
  expect(way.ci).toMatchObject({ code: 0, tests: unit, artifacts: ["code"] });
  expect(way.training).toMatchObject({
    code: 0,
    stages: succeeded(trainingStage, "Evaluate_Model", "Register_Model"),
    artifacts: ["candidate", "evaluated_candidate", "evidence", "model", "registration"],
  });
  expect(way.registered).toEqual(["1 Staging"]);
  expect(way.release).toMatchObject({
    code: 0,
    stages: { ...succeeded("Deploy_QA", "Promote_Model", "Deploy_PROD"), Roll_Back: "skipped" },
    tests: ["Model tests"],
    artifacts: ["evidence_prod", "evidence_qa"],
  });
  expect(way.released).toEqual(["1 Production"]);
  for (const run of [way.pr, way.ci, way.training, way.release]) {
    expect(run.junit).toHaveLength(run.tests.length);
    for (const results of run.junit) expect(results).toContain("<testsuite");
    // A machine without Python 3.12 takes another one, and says so.
    expect(run.notEmulated.filter((what) => !what.startsWith("Python "))).toEqual([]);
    expect(run.everything.includes(started().token)).toBe(false);
  }
}

/** The versions that the scoring jobs of a model were told to score with. */
async function scoringJobs(model: string): Promise<readonly string[]> {
  const { jobs } = await started().ask("databricks", "/api/2.1/jobs/list?limit=100");
  const own = jobs.filter(({ settings }: Json) => settings.name === `${model}-score_table-main`);
  return own.map(
    ({ settings }: Json) => settings.parameters.find(({ name }: Json) => name === "model").default,
  );
}
