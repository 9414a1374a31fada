import { execFileSync } from "node:child_process";
import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, jest, test } from "@jest/globals";
import { machineEnviron } from "../../lib/cli/pipelines/machine-environ.ts";
import { authorizationHeader } from "../../lib/devops/authorization-header.ts";
import { connect } from "../../lib/devops/http.ts";
import { pushBranch } from "../../lib/git/push.ts";
import { runGit } from "../../lib/git/run-git.ts";
import { planPlatform } from "../../lib/platform/plan-platform.ts";
import { publishPlatform, readPlatformRemote } from "../../lib/platform/publish-platform.ts";
import { readPlatformFolder } from "../../lib/platform/read-platform-folder.ts";
import { writePlatform } from "../../lib/platform/write-platform.ts";
import { prepareScaffold } from "../../lib/scaffold/prepare-scaffold.ts";
import { writeRepository } from "../../lib/scaffold/write-repository.ts";
import { platformTree } from "../../lib/template/platform-tree.ts";
import { readTemplates } from "../../lib/template/read-templates.ts";
import { anAnswers } from "../support/an-answers.ts";
import { eacModel, root, type CommandResult } from "../support/eac-model.ts";
import { isolateGit } from "../support/git-environment.ts";
import { localModel, type LocalModel } from "../support/local-model.ts";
import { findPython } from "../support/python-environment.ts";
import { workIn } from "../support/updated-repository.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- the shape of an answer is what a test looks at
type Json = any;

const project = "AnalyticsOps";
const name = "eac-model-platform";
const answers = anAnswers({ templates: "central", serving: "rest", environment_file: "pip" });
const describeWithPython = findPython() === undefined ? describe.skip : describe;
const template = "pipelines/templates/template_ci_unit_tests.yml";

jest.setTimeout(600_000);
isolateGit();

async function writeModel(folder: string): Promise<void> {
  const { plan } = await prepareScaffold(answers, folder);
  await writeRepository(plan, { signal: new AbortController().signal, hasGitFolder: false });
}

const call = (cwd: string, ...words: readonly string[]): Promise<CommandResult> => eacModel(words, { cwd });

async function publish({ local }: LocalModel, folder: string): Promise<boolean> {
  const credential = { kind: "pat", secret: local.token } as const;
  const templates = await readTemplates();
  const tree = platformTree(templates);
  const present = await readPlatformFolder(folder, tree);
  const plan = planPlatform({ folder, version: templates.version, tree, present });
  await writePlatform(plan, { signal: new AbortController().signal, hasGitFolder: false });
  const http = connect(local.url, credential);
  const remote = await readPlatformRemote(http, { project, name, tag: plan.tag });
  return await publishPlatform({
    http,
    remote,
    plan,
    authorize: (url) => authorizationHeader(credential, url),
  });
}

async function deleteTag(model: LocalModel, clone: string): Promise<void> {
  const { version } = await readTemplates();
  const repositories: Json[] = (await model.call("GET", `${project}/_apis/git/repositories`)).value;
  const { id } = repositories.find((repository) => repository.name === name);
  const commit = (await runGit(clone, ["rev-parse", "HEAD"])).trim();
  await model.call("POST", `${project}/_apis/git/repositories/${id}/refs`, [
    { name: `refs/tags/v${version}`, oldObjectId: commit, newObjectId: "0".repeat(40) },
  ]);
}

describe("eac-model platform templates", () => {
  test("makes a tagged repository once, and finds nothing to do the second time", async () => {
    await using folder = await temporaryFolder();
    const { version } = await readTemplates();
    const git = (...args: string[]): string =>
      execFileSync("git", ["-C", join(folder.path, name), ...args], { encoding: "utf8" }).trim();

    const planned = await call(folder.path, "platform", "templates", "--dry-run");
    const first = await call(folder.path, "platform", "templates", "--json");
    const commit = git("rev-parse", "HEAD");
    const second = await call(folder.path, "platform", "templates", "--json");

    expect(planned.output).toMatch(/\+ .*eac-model-platform: \d\d files, 1 commit, tag v/);
    expect(JSON.parse(first.output)).toMatchObject({ action: "create", tag: `v${version}`, isChanged: true });
    expect(JSON.parse(second.output)).toMatchObject({ action: "keep", files: [], isChanged: false });
    expect(git("rev-parse", `refs/tags/v${version}`)).toBe(commit);
    expect(git("status", "--porcelain")).toBe("");
    expect(git("ls-files", "pipelines/templates").split("\n").length).toBeGreaterThan(20);
  });

  test("brings an older repository the new version, and keeps what the platform team added", async () => {
    await using folder = await temporaryFolder();
    const { version } = await readTemplates();
    const clone = join(folder.path, name);
    const git = (...args: string[]): string =>
      execFileSync("git", ["-c", "user.name=P", "-c", "user.email=p@example.com", "-C", clone, ...args], {
        encoding: "utf8",
      }).trim();
    await mkdir(join(clone, "pipelines", "templates"), { recursive: true });
    await mkdir(join(clone, ".eac-model"));
    await writeFile(join(clone, ".eac-model", "templates.yml"), "version: 0.0.1\n");
    await writeFile(join(clone, "pipelines", "templates", "template_old_job.yml"), "jobs: []\n");
    await writeFile(join(clone, "pipelines", "own.yml"), "steps: []\n");
    git("init", "-q", "-b", "main");
    git("add", ".");
    git("commit", "-qm", "Old");
    git("tag", "v0.0.1");

    await writeFile(join(clone, "own.txt"), "not committed");
    const refused = await call(folder.path, "platform", "templates");
    await rm(join(clone, "own.txt"));
    const updated = await call(folder.path, "platform", "templates", "--json");
    const again = await call(folder.path, "platform", "templates", "--json");

    expect(refused).toMatchObject({ code: 6, error: expect.stringContaining("EAC_PLATFORM_NOT_READY") });
    expect(JSON.parse(updated.output)).toMatchObject({
      action: "update",
      removed: ["pipelines/templates/template_old_job.yml"],
    });
    expect(JSON.parse(again.output)).toMatchObject({ action: "keep" });
    expect(git("tag").split("\n")).toEqual(["v0.0.1", `v${version}`]);
    expect(git("show", "HEAD:pipelines/own.yml")).toBe("steps: []");
    expect(git("status", "--porcelain")).toBe("");
  });

  test.each([
    [["platform"], 64, "an action is missing"],
    [["platform", "models"], 64, "not an action"],
    [["platform", "templates", "--org", "https://dev.azure.com/contoso"], 64, "--org needs --project"],
    [["platform", "templates", "--local"], 6, "EAC_CLI_LOCAL_NOT_RUNNING"],
    [["platform", "templates", "."], 6, "EAC_PLATFORM_FOREIGN"],
  ] as const)("%j ends with %i and says why", async (words, code, reason) => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "somebody's.txt"), "");

    const result = await call(folder.path, ...words);

    expect(result.error).toContain(reason);
    expect(result.code).toBe(code);
  });
});

describe("a model with central templates on this machine", () => {
  test("is checked with the templates of the package, and with those of a clone at its file and line", async () => {
    await using folder = await temporaryFolder();
    const model = join(folder.path, "iris");
    await writeModel(model);
    await eacModel(["platform", "templates"], { cwd: folder.path });
    const path = join(folder.path, name, template);
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace("searchFolder:", "searchFoldr:"));
    const line = text.split("\n").findIndex((words) => words.includes("searchFolder:")) + 1;

    const good = await eacModel(["pipelines", "check"], { cwd: model });
    const option = ["--repository", `${name}=../${name}`];
    const bad = await eacModel(["pipelines", "check", ...option], { cwd: model });
    const run = await eacModel(["run", "pr", "--json", ...option], { cwd: model });

    expect(good).toMatchObject({ code: 0, output: expect.stringContaining("nothing was found") });
    expect(bad).toMatchObject({
      code: 6,
      output: expect.stringContaining(`${template}@templates:${line}: `),
    });
    expect(JSON.parse(run.output).error.problems[0].path).toBe(`${template}@templates:${line}`);
  });
});

describe("a model that changes between copied and central templates", () => {
  const own = "pipelines/templates/template_of_the_team.yml";

  test("has the same files as before after there and back, its own and its edits included", async () => {
    await using folder = await temporaryFolder();
    const work = await aCopiedModel(folder.path);
    work.write(own, "steps: []\n");
    work.replace("pipelines/ci_pipeline.yml", "      - README.md\n", "      - README.md\n      - notes/*\n");
    work.commit();
    const before = work.git("ls-tree", "-r", "HEAD");

    const there = await call(work.folder, "update", "--set", "templates=central");
    work.commit();
    const central = work.git("ls-files", "pipelines/templates");
    const merged = work.read("pipelines/ci_pipeline.yml");
    const checked = await call(work.folder, "pipelines", "check");
    const back = await call(work.folder, "update", "--set", "templates=copied");
    work.commit();

    expect([there.code, checked.code, back.code]).toEqual([0, 0, 0]);
    expect(there.output).toContain("eac-model platform templates eac-model-platform");
    expect(central).toBe(own);
    expect(merged).toMatch(/ {6}- notes\/\*\n[^]*template_pipeline_stages.yml@templates/);
    expect(work.git("ls-tree", "-r", "HEAD")).toBe(before);
    expect((await call(work.folder, "pipelines", "check")).code).toBe(0);
  });

  test("asks about a template that was changed here before it goes", async () => {
    await using folder = await temporaryFolder();
    const work = await aCopiedModel(folder.path);
    work.replace(template, "displayName: ", "displayName: Our ");
    work.commit();
    const edited = work.read(template);

    const { code, output } = await call(work.folder, "update", "--set", "templates=central", "--json");

    const { conflicts, entries } = JSON.parse(output);
    expect(code).toBe(2);
    expect(conflicts).toEqual([template]);
    expect(entries.find(({ path }: Json) => path === template)).toMatchObject({
      reason: "It was changed here, and with these answers there is no such file.",
      conflict: { kind: "modify-delete" },
    });
    expect(work.read(template)).toBe(edited);
  });
});

async function aCopiedModel(parent: string): Promise<ReturnType<typeof workIn>> {
  const folder = join(parent, "iris");
  const { plan } = await prepareScaffold({ ...answers, templates: "copied" }, folder);
  await writeRepository(plan, { signal: new AbortController().signal, hasGitFolder: false });
  return workIn(folder);
}

describe("a model with central templates in the local organisation", () => {
  test("is not provisioned before repository and tag are there, and permits its pipelines then", async () => {
    await using folder = await temporaryFolder();
    await using model = await localModel(answers);
    await expect(model.provision()).rejects.toThrow(/"eac-model-platform".*it does not exist there/);
    const before = (await model.call("GET", `${project}/_apis/git/repositories`)).value;

    const isPushed = await publish(model, join(folder.path, name));
    const isPushedAgain = await publish(model, join(folder.path, name));
    await model.provision();
    const second = await model.plan();
    const repositories: Json[] = (await model.call("GET", `${project}/_apis/git/repositories`)).value;
    const platform = repositories.find((repository) => repository.name === name);
    const permitted = await model.call(
      "GET",
      `${project}/_apis/pipelines/pipelinepermissions/repository/${platform.project.id}.${platform.id}`,
    );

    expect(before).toEqual([]);
    expect([isPushed, isPushedAgain]).toEqual([true, false]);
    expect(permitted.pipelines).toHaveLength(7);
    expect(second.plan.counts).toMatchObject({ create: 0, update: 0 });
  });

  test("is not provisioned where the repository lacks the tag of its version", async () => {
    await using folder = await temporaryFolder();
    await using model = await localModel(answers);
    const clone = join(folder.path, name);
    await publish(model, clone);
    await deleteTag(model, clone);
    const { version } = await readTemplates();

    await expect(model.provision()).rejects.toThrow(`it has no tag v${version}`);
  });

  test("has templates whose tag nobody moves, and whose history nobody replaces", async () => {
    await using folder = await temporaryFolder();
    await using model = await localModel(answers);
    const [clone, other] = [join(folder.path, "one", name), join(folder.path, "two", name)];
    const { version } = await readTemplates();
    await publish(model, clone);
    await publish(model, other).catch(() => undefined);
    await runGit(other, ["commit", "--quiet", "--amend", "--message", "Another first commit"]);
    await runGit(other, ["tag", "--force", `v${version}`]);

    const moved = await publish(model, other).catch((error: unknown) => error);
    await deleteTag(model, clone);
    const foreign = await publish(model, other).catch((error: unknown) => error);

    expect(moved).toMatchObject({ code: "EAC_PLATFORM_TAG_TAKEN" });
    expect(foreign).toMatchObject({ code: "EAC_PLATFORM_FOREIGN" });
  });
});

describeWithPython("a run in the local organisation", () => {
  const environ = {
    ...machineEnviron(process.env),
    XDG_CACHE_HOME: join(root, ".cache", "runs"),
  };

  test("checks a pull request of such a model by the templates of the tag", async () => {
    await using folder = await temporaryFolder();
    await using model = await localModel(answers, { pipelines: { environ } });
    // The platform's own tests have a suite of their own and would take most of the time here.
    await rm(join(model.folder, "tests", "platform"), { recursive: true });
    await runGit(model.folder, [
      "commit",
      "--quiet",
      "--all",
      "--message",
      "Keep the model's tests only [skip ci]",
    ]);
    await publish(model, join(folder.path, name));
    await model.provision();
    await appendFile(join(model.folder, "README.md"), "\nThe model learns from measured flowers.\n");
    await runGit(model.folder, ["commit", "--quiet", "--all", "--message", "Change the page"]);
    await pushBranch({
      folder: model.folder,
      url: `${model.local.url}/${project}/_git/iris`,
      branch: "change",
      authorize: (url) => authorizationHeader({ kind: "pat", secret: model.local.token }, url),
    });

    await model.call("POST", `${project}/_apis/git/repositories/iris/pullrequests`, {
      sourceRefName: "refs/heads/change",
      targetRefName: "refs/heads/main",
      title: "Change the page",
    });
    const run = await endedPullRequestRun(model);
    const timeline = await model.call("GET", `${project}/_apis/build/builds/${run.id}/timeline`);
    const jobs = timeline.records
      .filter(({ type }: Json) => type === "Job")
      .map((record: Json) => record.result);

    // A machine without the repository's version of Python takes another one, with a warning.
    expect(run.validationResults.filter(({ result }: Json) => result !== "warning")).toEqual([]);
    expect(run).toMatchObject({ result: "succeeded", definition: { name: "iris-pr-pipeline" } });
    expect(jobs).toEqual(["succeeded", "succeeded"]);
  });
});

async function endedPullRequestRun(model: LocalModel): Promise<Json> {
  for (const end = Date.now() + 500_000; Date.now() < end; await sleep(500)) {
    const { value } = await model.call("GET", `${project}/_apis/build/builds?reasonFilter=pullRequest`);
    if (value[0]?.status === "completed") return value[0];
  }
  throw new Error("Waited too long for the run of the pull request.");
}
