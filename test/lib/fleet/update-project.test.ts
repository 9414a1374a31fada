import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { connect } from "../../../lib/devops/http.ts";
import {
  findListedRepositories,
  findProjectRepositories,
  type FleetOrganization,
} from "../../../lib/fleet/find-repositories.ts";
import type { FleetReport } from "../../../lib/fleet/fleet-report.ts";
import { updateFleet, type UpdateFleetInput } from "../../../lib/fleet/update-fleet.ts";
import { startLocalOrganization, type LocalOrganization } from "../../../lib/local/start.ts";
import type { TemplateSet } from "../../../lib/template/template-set.ts";
import { newestVersion } from "../../../lib/update/plan-commit.ts";
import { anAnswers } from "../../support/an-answers.ts";
import { isolateGit } from "../../support/git-environment.ts";
import { git, olderRepository, olderTemplates } from "../../support/older-repository.ts";
import { call } from "../../support/organization-client.ts";
import { temporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";

beforeAll(isolateGit);

/** Many processes of git, on a machine that may be busy. */
jest.setTimeout(120_000);

const branch = "eac-model/update";
const changed = "pipelines/ci_pipeline.yml";
let local: LocalOrganization;
let templates: TemplateSet;
let folder: TemporaryFolder;

beforeAll(async () => {
  folder = await temporaryFolder();
  local = await startLocalOrganization({});
  templates = await olderTemplates({
    texts: { [changed]: (now) => now.replace(/^(stages:)/m, "# an older line\n$1") },
  });
});

afterAll(async () => {
  await local[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** A project of its own with these repositories, made from older templates; a text stands for a repository of somebody else. */
async function aProject(
  repositories: Readonly<Record<string, Parameters<typeof olderRepository>[2] | "foreign">>,
): Promise<string> {
  const project = `Project-${randomUUID().slice(0, 8)}`;
  await call(local, "POST", "_apis/projects", {
    name: project,
    capabilities: { versioncontrol: { sourceControlType: "Git" }, processTemplate: { templateTypeId: "" } },
  });
  for (const [name, edits] of Object.entries(repositories)) {
    const path = join(folder.path, project, name);
    await olderRepository(
      path,
      { templates, answers: anAnswers({ model_name: name }) },
      edits === "foreign" ? { ".eac-model/manifest.json": undefined } : edits,
    );
    await call(local, "POST", `${project}/_apis/git/repositories`, { name });
    await push(path, project, name, "main");
  }
  return project;
}

async function push(path: string, project: string, name: string, refspec: string): Promise<void> {
  const header = `http.extraHeader=Authorization: Bearer ${local.token.reveal()}`;
  await git(path, "-c", header, "push", "--quiet", `${local.url}/${project}/_git/${name}`, refspec);
}

function organization(): FleetOrganization {
  const credential = { kind: "pat", secret: local.token } as const;
  return { http: connect(local.url, credential), credential };
}

async function update(project: string, differences: Partial<UpdateFleetInput> = {}): Promise<FleetReport> {
  const { signal } = new AbortController();
  return await updateFleet({
    fleet: project,
    to: await newestVersion(),
    repositories: await findProjectRepositories(organization(), { project, signal }),
    runFile: join(folder.path, `${project}.jsonl`),
    isDryRun: false,
    signature: "Ann Example <ann@example.com>",
    maxOpen: 1000,
    canary: 0,
    wave: 10,
    concurrency: 2,
    signal,
    onRow: () => undefined,
    ...differences,
  });
}

/** Every pull request of a repository, newest first. */
async function requestsOf(
  project: string,
  name: string,
): Promise<ReadonlyArray<{ pullRequestId: number; status: string; isDraft: boolean; title: string }>> {
  const path = `${project}/_apis/git/repositories/${name}/pullrequests?searchCriteria.status=all`;
  return (await call(local, "GET", path)).body.value;
}

async function patch(project: string, name: string, id: number, body: object): Promise<void> {
  const answer = await call(
    local,
    "PATCH",
    `${project}/_apis/git/repositories/${name}/pullrequests/${id}`,
    body,
  );
  expect(answer.status).toBe(200);
}

describe("A fleet of a project", () => {
  test("is every repository with the state of eac-model, and each gets a pull request", async () => {
    const project = await aProject({ churn: {}, iris: {}, website: "foreign" });

    const report = await update(project);

    expect(report.repositories.map(({ name, outcome }) => [name, outcome])).toEqual([
      ["churn", "proposed"],
      ["iris", "proposed"],
    ]);
    const [request] = await requestsOf(project, "iris");
    expect(request).toMatchObject({
      status: "active",
      isDraft: false,
      title: `Update to eac-model ${await newestVersion()}`,
      sourceRefName: `refs/heads/${branch}`,
      targetRefName: "refs/heads/main",
    });
    expect(await requestsOf(project, "website")).toEqual([]);
    const path = `${project}/_apis/git/repositories/iris/pullrequests/${request?.pullRequestId}`;
    const { body } = await call(local, "GET", path);
    expect(body.description).toContain("from the templates of eac-model 0.0.1");
    expect(body.description).toContain(`| update | \`${changed}\` |`);
    expect(body.description).toContain("## Changes in the templates");
    expect(body.mergeStatus).toBe("succeeded");
  });

  test("gets a draft where a file needs a decision, and a whole pull request when it does not any more", async () => {
    const project = await aProject({
      iris: { [changed]: (before) => before.replace("# an older line", "# our own line") },
    });

    const first = await update(project);
    const [draft] = await requestsOf(project, "iris");
    const path = join(folder.path, project, "iris");
    const text = (await git(path, "show", `main:${changed}`)).replace("# our own line", "# an older line");
    await git(folder.path, "clone", "--quiet", path, `${project}-work`);
    const work = join(folder.path, `${project}-work`);
    await writeFile(join(work, changed), `${text}\n`);
    await git(work, "commit", "--quiet", "--all", "--message=Give in");
    await push(work, project, "iris", "main");
    const second = await update(project);
    const requests = await requestsOf(project, "iris");

    expect(first.repositories[0]).toMatchObject({ outcome: "proposed", conflicts: [changed] });
    expect(draft).toMatchObject({ isDraft: true });
    expect(second.repositories[0]).toMatchObject({ outcome: "renewed", conflicts: [] });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ isDraft: false, pullRequestId: draft?.pullRequestId });
  });

  test("is asked again in vain: the open pull request holds the update", async () => {
    const project = await aProject({ iris: {} });
    await update(project);
    const [request] = await requestsOf(project, "iris");
    await patch(project, "iris", request?.pullRequestId ?? 0, { title: "Our own title" });

    const report = await update(project);

    expect(report.repositories[0]).toMatchObject({
      outcome: "waiting",
      pullRequest: { id: request?.pullRequestId },
    });
    expect((await requestsOf(project, "iris")).map(({ title }) => title)).toEqual(["Our own title"]);
  });

  test("is not asked again for an update that its owner closed", async () => {
    const project = await aProject({ iris: {} });
    await update(project);
    const [request] = await requestsOf(project, "iris");
    await patch(project, "iris", request?.pullRequestId ?? 0, { status: "abandoned" });

    const report = await update(project);

    expect(report.repositories[0]).toMatchObject({ outcome: "declined" });
    expect(await requestsOf(project, "iris")).toHaveLength(1);
  });

  test("gets the pull request for a branch that a killed run has pushed", async () => {
    const project = await aProject({ iris: {} });
    local.addFault({ methods: ["POST"], path: "pullrequests", when: "before", status: 500 });

    const first = await update(project);
    local.clearFaults();
    const second = await update(project);

    expect(first.repositories[0]).toMatchObject({ outcome: "failed", code: "EAC_DEVOPS_REFUSED" });
    expect(second.repositories[0]).toMatchObject({ outcome: "proposed" });
    expect(await requestsOf(project, "iris")).toHaveLength(1);
  });

  test("may be a list, of which one wrong line stops no other", async () => {
    const project = await aProject({ "model-a": {} });
    const entries = [
      `${project}/_git/model-a`,
      `${project}/_git/absent`,
      "no-such-project/_git/model-a",
      "%zz/_git/model-a",
      "no-repository-at-all",
    ].map((place) => `${local.url}/${place}`);

    const { repositories } = await update(project, {
      repositories: await findListedRepositories({ entries, folder: folder.path }, organization()),
    });

    const outcomes = new Map(repositories.map(({ name, outcome, code }) => [name, code ?? outcome]));
    expect(entries.map((entry) => outcomes.get(entry))).toEqual([
      "proposed",
      "EAC_FLEET_NO_BRANCH",
      "EAC_FLEET_NO_BRANCH",
      "EAC_FLEET_NO_BRANCH",
      "EAC_GIT_FAILED",
    ]);
  });

  test("has no more open pull requests than are allowed, those of earlier runs included", async () => {
    const project = await aProject({ "model-a": {}, "model-b": {}, "model-c": {} });

    const first = await update(project, { maxOpen: 2, concurrency: 1 });
    const second = await update(project, { maxOpen: 2, concurrency: 1 });
    const [request] = await requestsOf(project, "model-a");
    await patch(project, "model-a", request?.pullRequestId ?? 0, { status: "abandoned" });
    const third = await update(project, { maxOpen: 2, concurrency: 1 });

    expect(first).toMatchObject({ complete: false, totals: { proposed: 2, postponed: 1 } });
    expect(second).toMatchObject({ complete: false, totals: { proposed: 2, postponed: 1 } });
    expect(third).toMatchObject({ complete: true, totals: { proposed: 3 } });
  });

  test("waits for its canary, whose builds have not ended, and goes on when it is merged", async () => {
    const project = await aProject({ "model-a": {}, "model-b": {} });
    await policy(project, "model-a");

    const first = await update(project, { canary: 1 });
    const second = await update(project, { canary: 1 });
    const [request] = await requestsOf(project, "model-a");
    await patch(project, "model-a", request?.pullRequestId ?? 0, { status: "abandoned" });
    const third = await update(project, { canary: 1 });
    const last = await update(project);

    expect(first).toMatchObject({ stopped: { why: "canary" }, totals: { proposed: 1 }, total: 2 });
    expect(second).toMatchObject({ stopped: { why: "canary-waiting" } });
    expect(third).toMatchObject({ stopped: { why: "canary-failed" } });
    expect(third.stopped?.reasons[0]).toContain("model-a: its pull request was closed");
    expect(last).toMatchObject({ complete: true, totals: { proposed: 2 } });
  });
});

/** A build that nobody runs: this organisation queues pipelines only. */
async function policy(project: string, name: string): Promise<void> {
  const { body: repository } = await call(local, "GET", `${project}/_apis/git/repositories/${name}`);
  const { body: pipeline } = await call(local, "POST", `${project}/_apis/pipelines`, {
    name: `${name}-pr`,
    configuration: {
      type: "yaml",
      path: "/pipelines/pr_pipeline.yml",
      repository: { id: repository.id, name, type: "azureReposGit" },
    },
  });
  const { status } = await call(local, "POST", `${project}/_apis/policy/configurations`, {
    isEnabled: true,
    isBlocking: true,
    type: { id: "0609b952-1397-4640-95ec-e00a01b2c241" },
    settings: {
      buildDefinitionId: pipeline.id,
      displayName: "PR",
      queueOnSourceUpdateOnly: false,
      manualQueueOnly: false,
      validDuration: 0,
      scope: [{ repositoryId: repository.id, refName: "refs/heads/main", matchKind: "Exact" }],
    },
  });
  expect(status).toBe(200);
}
