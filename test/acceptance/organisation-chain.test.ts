import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { eacModel, root, type CommandResult } from "../support/eac-model.ts";
import { isolateGit } from "../support/git-environment.ts";
import { person, until, type Answer, type Person } from "../support/person.ts";
import { findPython } from "../support/python-environment.ts";
import { temporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- the shape of an answer is what a test looks at
type Json = any;

const describeWithPython = findPython() === undefined ? describe.skip : describe;
const project = "AnalyticsOps";
const approver = "lea@example.com";
/** A run installs Python packages when it is the first on a machine. */
const runMs = 1_200_000;

jest.setTimeout(3_600_000);
isolateGit();

interface Services {
  readonly organization: { readonly url: string; readonly token: string };
  readonly databricks: string;
  readonly mlflow: string;
}

let folder: TemporaryFolder | undefined;
let services: Services | undefined;

beforeAll(async () => {
  if (findPython() === undefined) return;
  folder = await temporaryFolder();
  await command(["local", "start"]);
  services = await until("Databricks and MLflow", runMs, async () => {
    const { output } = await command(["local", "status", "--json"]);
    const { url, tokenFile, databricks, mlflow } = JSON.parse(output);
    for (const { state, detail } of [databricks, mlflow])
      if (state === "unavailable") throw new Error(detail);
    if (databricks.state !== "running" || mlflow.state !== "running") return undefined;
    const token = (await readFile(tokenFile, "utf8")).trim();
    return { organization: { url, token }, databricks: databricks.url, mlflow: mlflow.url };
  });
});

afterAll(async () => {
  if (folder === undefined) return;
  await command(["local", "stop"]);
  await folder[Symbol.asyncDispose]();
});

describeWithPython("a change of a model, with git and REST only", () => {
  test.each([
    { model: "roses", serving: "batch", lifecycle: "stages" },
    { model: "tulips", serving: "rest", lifecycle: "aliases" },
  ])(
    "goes by pull request, CI and training to production, as a $serving model with $lifecycle",
    async ({ model, serving, lifecycle }) => {
      await makeModel(model, { serving, lifecycle });
      const [ana, rob, lea] = ["ana@example.com", "rob@example.com", approver].map(acting);
      if (ana === undefined || rob === undefined || lea === undefined) throw new Error("Nobody is there.");

      const pushed = await pushChange(ana, model);
      const opened = await ana.ask("POST", `${repositoryOf(model)}/pullrequests`, {
        sourceRefName: "refs/heads/less-regularisation",
        targetRefName: "refs/heads/main",
        title: "Train with less regularisation",
      });
      const path = `${repositoryOf(model)}/pullrequests/${opened.body.pullRequestId}`;
      const early = await complete(ana, path);
      const pr = await endedRun(ana, `${model}-pr-pipeline`);
      const unseen = await complete(ana, path);
      const { id } = (await rob.ask("GET", "_apis/connectionData")).body.authenticatedUser;
      await rob.ask("PUT", `${path}/reviewers/${id}`, { vote: 10 });
      await complete(ana, path);
      const merged = await until("the merge", 60_000, async () => {
        const { body } = await ana.ask("GET", path);
        return body.status === "completed" ? body : undefined;
      });
      const ci = await endedRun(ana, `${model}-ci-pipeline`);
      const accepted = await approve(lea, `${model}-train-evaluate-pipeline`);
      const train = await endedRun(ana, `${model}-train-evaluate-pipeline`);
      const registered = await versionsOf(model);
      const toQa = await approve(lea, `${model}-release-pipeline`);
      const toProd = await approve(lea, `${model}-release-pipeline`);
      const release = await endedRun(ana, `${model}-release-pipeline`);
      const released = await versionsOf(model);

      expect(pushed.refusal).toContain("TF402455");
      expect([early, unseen].map(({ status }) => status)).toEqual([403, 403]);
      expect(early.body.message).toMatch(/must succeed/);
      expect(unseen.body.message).toMatch(/approv|review/i);
      const commit = merged.lastMergeCommit.commitId;
      expect(await tellRuns(ana, [pr, ci, train, release])).toEqual([
        ["pullRequest", "succeeded", "Model_CI"],
        ["batchedCI", "succeeded", ...ciStages(serving)],
        ["resourceTrigger", "succeeded", "Train_Model", "Evaluate_Model", "Register_Model"],
        ["resourceTrigger", "succeeded", "Deploy_QA", "Promote_Model", "Deploy_PROD", "Roll_Back (skipped)"],
      ]);
      expect([ci, train, release].map(({ sourceVersion }) => sourceVersion)).toEqual([
        commit,
        commit,
        commit,
      ]);
      expect([accepted, toQa, toProd]).toEqual(["Register_Model", "Deploy_QA", "Deploy_PROD"]);
      expect(registered).toEqual([{ version: "1", commit, inProduction: false }]);
      expect(released).toEqual([{ version: "1", commit, inProduction: true }]);
      expect(await jobsOf(model)).toEqual(serving === "batch" ? ["SUCCESS", "SUCCESS", "SUCCESS"] : []);
      const log = await logsOf(ana, [pr, ci, train, release]);
      expect(log).toContain("first version");
      expect(log).not.toContain(started().organization.token);
    },
  );
});

/** The command line makes and provisions the repository; everything later is git and REST. */
async function makeModel(
  model: string,
  { serving, lifecycle }: { readonly serving: string; readonly lifecycle: string },
): Promise<void> {
  const approvers = `approvers: [${approver}]`;
  const settings = [
    `model_name=${model}`,
    "team_name=gardeners",
    `serving=${serving}`,
    `registry.lifecycle=${lifecycle}`,
    "environment_file=pip",
    `environments=[{name: tst, ${approvers}}, {name: qa, ${approvers}}, {name: prod, ${approvers}}]`,
  ];
  const words = settings.flatMap((setting) => ["--set", setting]);
  await command(["init", join(folder?.path ?? "", model), ...words, "--local", "--yes"]);
}

/** Pushes a branch with a change of the model, after main refused it. */
async function pushChange(ana: Person, model: string): Promise<{ readonly refusal: string }> {
  const clone = join(folder?.path ?? "", `${model}-of-ana`);
  await ana.git("clone", "-q", `${started().organization.url}/${project}/_git/${model}`, clone);
  const git = (...words: string[]): Promise<string> => ana.git("-C", clone, ...words);
  const parameters = join(clone, "demo_model", "model_parameters.yml");
  const text = await readFile(parameters, "utf8");
  await writeFile(parameters, text.replace(/^inverse_regularisation: .*$/m, "inverse_regularisation: 2.0"));
  // The platform's own tests have a suite of their own and would take most of the time here.
  await git("rm", "-rq", "tests/platform");
  await git("switch", "-qc", "less-regularisation");
  await git("commit", "-qam", "Train with less regularisation");
  const refusal = await git("push", "-q", "origin", "HEAD:main").catch(({ message }: Error) => message);
  await git("push", "-q", "origin", "HEAD");
  return { refusal };
}

async function complete(ana: Person, path: string): Promise<Answer> {
  const { lastMergeSourceCommit } = (await ana.ask("GET", path)).body;
  return await ana.ask("PATCH", path, {
    status: "completed",
    lastMergeSourceCommit,
    completionOptions: { mergeStrategy: "squash", deleteSourceBranch: true },
  });
}

/** The only run of a pipeline, once it has ended. */
async function endedRun(ana: Person, pipeline: string): Promise<Json> {
  const [definition] = (await ana.ask("GET", `${project}/_apis/build/definitions?name=${pipeline}`)).body
    .value;
  const runs = await until(`the end of ${pipeline}`, runMs, async () => {
    const { body } = await ana.ask("GET", `${project}/_apis/build/builds?definitions=${definition.id}`);
    return body.value[0]?.status === "completed" ? body.value : undefined;
  });
  if (runs.length !== 1) throw new Error(`${pipeline} ran ${runs.length} times.`);
  if (runs[0].result !== "succeeded") throw new Error(await logsOf(ana, runs));
  return runs[0];
}

/** Approves what a run of a pipeline waits for; answers which stage that is. */
async function approve(lea: Person, pipeline: string): Promise<string> {
  const approvals = `${project}/_apis/pipelines/approvals`;
  const pending = await until(`an approval of ${pipeline}`, runMs, async () => {
    const { body } = await lea.ask("GET", `${approvals}?state=pending`);
    return body.value.find((approval: Json) => approval.pipeline.name === pipeline);
  });
  const timeline = `${project}/_apis/build/builds/${pending.pipeline.owner.id}/timeline`;
  const { records } = (await lea.ask("GET", timeline)).body;
  const { parentId } = records.findLast(({ type }: Json) => type === "Checkpoint");
  const decided = await lea.ask("PATCH", approvals, [{ approvalId: pending.id, status: "approved" }]);
  expect(decided.body.value).toMatchObject([{ status: "approved" }]);
  return records.find(({ id }: Json) => id === parentId).identifier;
}

function ciStages(serving: string): readonly string[] {
  return ["Model_CI", "Publish_Code", ...(serving === "batch" ? ["Import_Code"] : [])];
}

async function tellRuns(ana: Person, runs: readonly Json[]): Promise<readonly (readonly string[])[]> {
  return await Promise.all(
    runs.map(async ({ id, reason, result }) => {
      const { body } = await ana.ask("GET", `${project}/_apis/build/builds/${id}/timeline`);
      const stages = body.records
        .filter(({ type }: Json) => type === "Stage")
        .toSorted((left: Json, right: Json) => left.order - right.order)
        .map((stage: Json) => stage.identifier + (stage.result === "succeeded" ? "" : ` (${stage.result})`));
      return [reason, result, ...stages];
    }),
  );
}

/** Everything that the steps of runs wrote. */
async function logsOf(ana: Person, runs: readonly Json[]): Promise<string> {
  const texts: string[] = [];
  for (const { id } of runs) {
    const logs = `${project}/_apis/build/builds/${id}/logs`;
    for (const log of (await ana.ask("GET", logs)).body.value)
      texts.push(...(await ana.ask("GET", `${logs}/${log.id}`)).body.value);
  }
  return texts.join("\n");
}

/** The versions of a model, as MLflow itself tells them. */
async function versionsOf(model: string): Promise<readonly Json[]> {
  const mlflow = person({ url: started().mlflow, token: started().organization.token }, "");
  const filter = encodeURIComponent(`name='${model}'`);
  const found = await mlflow.ask("GET", `api/2.0/mlflow/model-versions/search?filter=${filter}`);
  const { body } = await mlflow.ask("GET", `api/2.0/mlflow/registered-models/get?name=${model}`);
  const aliases: Json[] = body.registered_model.aliases ?? [];
  return found.body.model_versions.map(({ version, current_stage, tags }: Json) => ({
    version,
    commit: tags.find(({ key }: Json) => key === "git_commit").value,
    inProduction:
      current_stage === "Production" ||
      aliases.some((one) => one.alias === "champion" && one.version === version),
  }));
}

/** How the runs of a model's jobs in Databricks ended. */
async function jobsOf(model: string): Promise<readonly string[]> {
  const databricks = person({ url: started().databricks, token: started().organization.token }, "");
  const { body } = await databricks.ask("GET", "api/2.2/jobs/runs/list");
  return (body.runs ?? [])
    .filter(({ run_name }: Json) => run_name.startsWith(`${model}-`))
    .map(({ state }: Json) => state.result_state);
}

/** Packages of Python stay from one run of the tests to the next. */
async function command(words: readonly string[]): Promise<CommandResult> {
  const cwd = folder?.path ?? "";
  const env = { EAC_MODEL_HOME: join(cwd, "home"), XDG_CACHE_HOME: join(root, ".cache", "runs") };
  const result = await eacModel(words, { cwd, env });
  if (result.code !== 0) throw new Error(`${words.join(" ")}: ${result.output}${result.error}`);
  return result;
}

function started(): Services {
  if (services === undefined) throw new Error("The services were not started.");
  return services;
}

function acting(mail: string): Person {
  return person(started().organization, mail);
}

function repositoryOf(model: string): string {
  return `${project}/_apis/git/repositories/${model}`;
}
