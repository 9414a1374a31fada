import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { startLocalOrganization } from "../../lib/local/start.ts";
import { isolateGit } from "../support/git-environment.ts";
import { nodeApi } from "../support/organization-client.ts";
import {
  endedRun,
  logOf,
  makePipeline,
  project,
  repositories,
  thisMachine,
  workplace,
  type Workplace,
} from "../support/local-workplace.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- the shape of an answer is what a test looks at
type Json = any;

const skip = "Files [skip ci]";

function bash(...lines: string[]): string {
  return ["- bash: |", "    set -euo pipefail", ...lines.map((line) => `    ${line}`)].join("\n");
}

function steps(...scripts: string[]): string {
  return `trigger: none\nsteps:\n${scripts.join("\n")}\n`;
}

/** A pipeline whose job is in another repository. */
const refer = (ref: string, name = "templates"): string =>
  `trigger: none\nresources:\n  repositories:\n    - repository: shared\n      type: git\n      name: ${name}\n` +
  `      ref: ${ref}\njobs:\n  - template: /jobs/hello.yml@shared\n`;

/** A pipeline that runs after every run of another. */
const after = (other: string): string =>
  `trigger: none\nresources:\n  pipelines:\n    - pipeline: other\n      source: ${other}\n      trigger: true\n` +
  "steps:\n  - checkout: none\n";

const job = (word: string): string => `jobs:\n  - job: Hello\n    steps:\n      - bash: echo ${word}\n`;

async function run(
  place: Workplace,
  pipeline: number,
  body: object = {},
): Promise<{ status: number; body: Json }> {
  return await place.ask("POST", `${project}/_apis/pipelines/${pipeline}/runs`, body);
}

async function makeGroup(place: Workplace, name: string, variables: object): Promise<number> {
  const { body } = await place.ask("GET", `_apis/projects/${project}`);
  const answer = await place.ask("POST", "_apis/distributedtask/variablegroups", {
    name,
    type: "Vsts",
    variables,
    variableGroupProjectReferences: [{ name, projectReference: { id: body.id, name: project } }],
  });
  return answer.body.id;
}

/** An environment that every pipeline may use, with checks of these types and settings. */
async function makeEnvironment(
  place: Workplace,
  name: string,
  checks: readonly (readonly [type: string, settings: object])[],
): Promise<void> {
  const { body } = await place.ask("POST", `${project}/_apis/pipelines/environments`, { name });
  const resource = { type: "environment", id: String(body.id) };
  for (const [id, settings] of checks)
    await place.ask("POST", `${project}/_apis/pipelines/checks/configurations`, {
      type: { id },
      settings,
      resource,
    });
  await place.ask("PATCH", `${project}/_apis/pipelines/pipelinePermissions/environment/${body.id}`, {
    allPipelines: { authorized: true },
  });
}

const approval = "8c6f20a7-a545-4486-9777-f762fafe0d4d";
const lock = "2ef31ad6-baa0-403a-8b45-2cbc9b4e5563";

async function person(place: Workplace, mail: string): Promise<string> {
  const { body } = await place.ask("GET", `_apis/identities?searchFilter=General&filterValue=${mail}`);
  return body.value[0].id;
}

function deployment(environment: string, script: string): string {
  const body = bash(script)
    .split("\n")
    .map((line) => `          ${line}`)
    .join("\n");
  return `trigger: none
lockBehavior: sequential
jobs:
  - deployment: Roll
    environment: ${environment}
    strategy:
      runOnce:
        deploy:
          steps:
${body}
`;
}

async function pendingApproval(place: Workplace): Promise<Json> {
  return await place.until("an approval", async () => {
    const { body } = await place.ask("GET", `${project}/_apis/pipelines/approvals?state=pending`);
    return body.value[0];
  });
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("runs of pipelines", () => {
  beforeAll(isolateGit);

  test("show the YAML that they would execute, and name what is wrong in it by file and line", async () => {
    await using place = await workplace();
    await place.push(skip, {
      "run.yml": `trigger: none
parameters:
  - name: target
    type: string
    default: AKS
    values: [AKS, ACI]
steps:
  - template: templates/say.yml
    parameters:
      word: \${{ parameters.target }}
`,
      "templates/say.yml": `parameters:
  - name: word
    type: string
steps:
  - script: |
      set -e
      echo \${{ parameters.word }}
`,
    });
    const id = await makePipeline(place, "iris-run", "run.yml");
    const preview = (body: object) => place.ask("POST", `${project}/_apis/pipelines/${id}/preview`, body);

    const good = await preview({ previewRun: true, templateParameters: { target: "ACI" } });
    const bad = await run(place, id, { templateParameters: { target: "VM" } });
    const missing = await preview({ previewRun: true, yamlOverride: "steps:\n  - template: none.yml\n" });
    const elsewhere = await run(place, id, { resources: { repositories: { self: { refName: "none" } } } });

    expect(good.body.finalYaml).toContain("echo ACI");
    expect(good.body.finalYaml).not.toContain("template");
    expect(bad).toMatchObject({
      status: 400,
      body: {
        typeKey: "PipelineValidationException",
        message: expect.stringMatching(/run\.yml.*'target' must be one of AKS, ACI, not 'VM'/),
      },
    });
    expect(missing.body.message).toContain("run.yml:2:15: The file none.yml does not exist.");
    expect(elsewhere.status).toBe(400);
    expect((await place.ask("GET", `${project}/_apis/build/builds`)).body.count).toBe(0);
  });

  test("fail with file and line where a push triggers YAML that is wrong", async () => {
    await using place = await workplace();
    await place.push(skip, { "readme.md": "x" });
    const id = await makePipeline(place, "iris-run", "run.yml");

    await place.push("Break", { "run.yml": "trigger: [main]\nsteps:\n  - bsh: echo\n" });

    const build = await endedRun(place, id);
    expect(build.result).toBe("failed");
    expect(build.validationResults[0]).toMatchObject({
      result: "error",
      message: expect.stringContaining("run.yml:3:"),
    });
  });

  test("take templates from the tag of another repository, once they may use it", async () => {
    await using place = await workplace();
    const other = await place.ask("POST", repositories, { name: "templates" });
    const url = `${place.local.url}/${project}/_git/templates`;
    await place.push(skip, { "jobs/hello.yml": job("tagged") });
    await place.git("tag", "v1.0.0");
    await place.push(skip, { "jobs/hello.yml": job("later") });
    await place.git("push", "-q", url, "HEAD:refs/heads/main", "v1.0.0");
    await place.git("rm", "-rq", "jobs");
    await place.push(skip, { "run.yml": refer("refs/tags/v1.0.0") });
    const id = await makePipeline(place, "iris-run", "run.yml");
    const preview = (yamlOverride: string) =>
      place.ask("POST", `${project}/_apis/pipelines/${id}/preview`, { previewRun: true, yamlOverride });

    const noTag = await preview(refer("refs/tags/v9.0.0"));
    const noRepository = await preview(refer("refs/tags/v1.0.0", "nobody"));
    await run(place, id, {});
    const refused = await endedRun(place, id);
    const resource = `repository/${other.body.project.id}.${other.body.id}`;
    await place.ask("PATCH", `${project}/_apis/pipelines/pipelinePermissions/${resource}`, {
      pipelines: [{ id, authorized: true }],
    });
    await run(place, id, {});
    const good = await endedRun(place, id, 2);

    expect(noTag.body.message).toContain("run.yml:9:15: The repository templates has no refs/tags/v9.0.0.");
    expect(noRepository.body.message).toContain("There is no repository nobody in this organisation.");
    expect(refused.validationResults[0].message).toBe(
      "run.yml:6:13: The pipeline iris-run is not authorised to use the repository templates.",
    );
    expect(good.result).toBe("succeeded");
    expect(await logOf(place, good.id)).toContain("tagged");
  });

  test("see variables of groups, definition and request, and never show a secret", async () => {
    await using place = await workplace();
    const group = await makeGroup(place, "iris-qa", {
      OPEN: { value: "seen" },
      HIDDEN: { value: "group-secret", isSecret: true },
    });
    const print = `echo "$(OPEN) $(GIVEN) $(HIDDEN) $(KEPT) $(System.AccessToken) [\${HIDDEN:-none}] $(Build.Reason)"`;
    await place.push(skip, {
      "run.yml": `trigger: none\nvariables:\n  - group: iris-qa\nsteps:\n${bash(print)}\n`,
    });
    const { body: definition } = await place.ask("POST", `${project}/_apis/build/definitions`, {
      name: "iris-run",
      process: { type: 2, yamlFilename: "run.yml" },
      repository: { id: place.repositoryId, type: "TfsGit", defaultBranch: "refs/heads/main" },
      variables: { KEPT: { value: "kept-secret", isSecret: true } },
    });

    await run(place, definition.id);
    const refused = await endedRun(place, definition.id);
    await place.ask("PATCH", `${project}/_apis/pipelines/pipelinePermissions/variablegroup/${group}`, {
      pipelines: [{ id: definition.id, authorized: true }],
    });
    await run(place, definition.id, { variables: { GIVEN: { value: "given" } } });
    const build = await endedRun(place, definition.id, 2);
    const log = await logOf(place, build.id);

    expect(refused.validationResults).toEqual([
      {
        result: "error",
        message: "run.yml:3:12: The pipeline iris-run is not authorised to use the variable group iris-qa.",
      },
    ]);
    expect(build.result).toBe("succeeded");
    expect(log).toContain("seen given *** *** *** [none] Manual");
    expect(log).not.toMatch(/group-secret|kept-secret/);
    expect(log).not.toContain(place.local.token.reveal());
  });

  test("take variables as the az command writes them", async () => {
    await using place = await workplace();
    await place.push(skip, { "run.yml": steps(bash('echo "$(GIVEN) and $(QUOTED)"')) });
    const id = await makePipeline(place, "iris-run", "run.yml");
    const queue = (parameters: string) =>
      place.ask("POST", `${project}/_apis/build/builds`, { definition: { id }, parameters });

    const wrong = await queue("GIVEN=given");
    const queued = await queue(`{'GIVEN': 'given', 'QUOTED': "it's"}`);
    const build = await endedRun(place, id);

    expect(wrong).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining("has to be JSON") },
    });
    expect(queued).toMatchObject({ status: 200, body: { parameters: `{"GIVEN":"given","QUOTED":"it's"}` } });
    expect(build.parameters).toBe(queued.body.parameters);
    expect(await logOf(place, build.id)).toContain("given and it's");
  });

  test("begin after pushes that their branches and paths want, and not where a message says so", async () => {
    await using place = await workplace();
    const trigger =
      "trigger:\n  branches:\n    include: [main, release/*]\n  paths:\n    include: [src]\n    exclude: [src/docs]\n";
    await place.push(skip, { "run.yml": `${trigger}steps:\n${bash("echo ran")}\n` });
    const id = await makePipeline(place, "iris-run", "run.yml");

    await place.push("Elsewhere", { "readme.md": "1" });
    await place.push("Docs only", { "src/docs/a.md": "1" });
    await place.push("Quiet [skip ci]", { "src/a.py": "1" });
    const wanted = await place.push("Wanted", { "src/a.py": "2" });
    await endedRun(place, id);
    await place.git("switch", "-qc", "feature");
    await place.push("Other branch", { "src/a.py": "3" });
    await place.git("switch", "-qc", "release/1");
    await place.git("push", "-q", "origin", "HEAD");
    await endedRun(place, id, 2);

    const { body } = await place.ask("GET", `${project}/_apis/build/builds`);
    expect(body.value.map(({ sourceBranch }: Json) => sourceBranch)).toEqual([
      "refs/heads/release/1",
      "refs/heads/main",
    ]);
    expect(body.value[1]).toMatchObject({ sourceVersion: wanted, reason: "individualCI" });
  });

  test("take all pushes together that came while a batched run went on", async () => {
    await using place = await workplace();
    const gate = join(place.folder, "..", `${place.repositoryId}.open`);
    const wait = `while ! test -e "${gate}"; do sleep 0.1; done`;
    await place.push(skip, {
      "run.yml": `trigger:\n  batch: true\n  branches:\n    include: [main]\nsteps:\n${bash(wait)}\n`,
    });
    const id = await makePipeline(place, "iris-run", "run.yml");

    const first = await place.push("One", { "a.txt": "1" });
    await place.until("the first run", async () => {
      const { body } = await place.ask("GET", `${project}/_apis/build/builds?statusFilter=inProgress`);
      return body.count === 1 ? true : undefined;
    });
    await place.push("Two", { "a.txt": "2" });
    const last = await place.push("Three", { "a.txt": "3" });
    // Long enough for the organisation to look at what was pushed.
    await sleep(1_000);
    writeFileSync(gate, "");
    await endedRun(place, id, 2);
    rmSync(gate);

    const { body } = await place.ask("GET", `${project}/_apis/build/builds`);
    expect(body.value.map(({ sourceVersion }: Json) => sourceVersion)).toEqual([last, first]);
    expect(body.value[0].reason).toBe("batchedCI");
  });

  test("follow stages of other runs before these have ended, and skip stages that nobody wants", async () => {
    await using place = await workplace();
    const stage = (name: string, script: string): string =>
      `  - stage: ${name}\n    jobs:\n      - job: Work\n        steps:\n${bash(script).replaceAll(/^/gm, "          ")}\n`;
    await place.push(skip, {
      "first.yml": `trigger: none\nstages:\n${stage("Build", "echo built")}${stage("Slow", "sleep 1")}${stage("Unwanted", "exit 1")}`,
      "second.yml": `trigger: none\nresources:\n  pipelines:\n    - pipeline: first\n      source: first\n      trigger:\n        stages: [Build]\nsteps:\n${bash("echo after $(resources.pipeline.first.runID)")}\n`,
    });
    const first = await makePipeline(place, "first", "first.yml");
    const second = await makePipeline(place, "second", "second.yml");

    await run(place, first, { stagesToSkip: ["Unwanted"] });
    const [one, two] = await Promise.all([endedRun(place, first), endedRun(place, second)]);

    expect([one.result, two.result]).toEqual(["succeeded", "succeeded"]);
    expect(two.triggeredByBuild.id).toBe(one.id);
    expect(Date.parse(two.queueTime)).toBeLessThan(Date.parse(one.finishTime));
    expect(await logOf(place, two.id)).toContain(`after ${one.id}`);
  });

  test("are canceled with everything that they started", async () => {
    await using place = await workplace();
    const mark = join(place.folder, "mark");
    await place.push(skip, { "run.yml": steps(bash(`echo $$ > "${mark}"`, "sleep 300")) });
    const id = await makePipeline(place, "iris-run", "run.yml");
    const { body } = await run(place, id);
    const pid = await place.until("the step", async () =>
      existsSync(mark) && readFileSync(mark, "utf8") !== "" ? Number(readFileSync(mark, "utf8")) : undefined,
    );

    await place.ask("PATCH", `${project}/_apis/build/builds/${body.id}`, { status: "cancelling" });
    const build = await endedRun(place, id);

    expect(build.result).toBe("canceled");
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });

  test("end with the organisation, which knows after a restart that they were canceled", async () => {
    await using state = await temporaryFolder();
    await using files = await temporaryFolder();
    const mark = join(files.path, "mark");
    let pid = 0;
    {
      await using place = await workplace({ folder: state.path, pipelines: thisMachine() });
      const after = "- bash: |\n    set -e\n    sleep 300\n  condition: always()";
      await place.push(skip, { "run.yml": steps(bash(`echo $$ > "${mark}"`, "sleep 300"), after) });
      await run(place, await makePipeline(place, "iris-run", "run.yml"));
      pid = await place.until("the step", async () =>
        existsSync(mark) && readFileSync(mark, "utf8") !== ""
          ? Number(readFileSync(mark, "utf8"))
          : undefined,
      );
    }

    await using again = await startLocalOrganization({ folder: state.path });
    const response = await fetch(`${again.url}/${project}/_apis/build/builds`, {
      headers: { authorization: `Bearer ${again.token.reveal()}` },
    });
    const body: Json = await response.json();

    expect(body.value).toMatchObject([{ status: "completed", result: "canceled" }]);
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });

  test("that went on when the organisation was killed are canceled in every part when it is back", async () => {
    await using state = await temporaryFolder();
    await using copy = await temporaryFolder();
    await using place = await workplace({ folder: state.path, pipelines: thisMachine() });
    await place.push(skip, { "run.yml": steps(bash("echo begun", "sleep 300")) });
    const id = await makePipeline(place, "iris-run", "run.yml");
    const { body } = await run(place, id);
    await place.until("the step", async () =>
      (await logOf(place, body.id)).includes("begun") ? true : undefined,
    );

    // What a killed process leaves is what is on the disk now.
    await cp(state.path, copy.path, { recursive: true });
    await using again = await startLocalOrganization({ folder: copy.path, pipelines: thisMachine() });
    const get = async (path: string): Promise<Json> => {
      const headers = { authorization: `Bearer ${again.token.reveal()}` };
      return await (
        await fetch(`${again.url}/${project}/_apis/build/builds/${body.id}${path}`, { headers })
      ).json();
    };
    const build = await get("");
    const { records } = await get("/timeline");

    expect(build).toMatchObject({ status: "completed", result: "canceled" });
    expect(records.length).toBeGreaterThan(4);
    expect(records.filter(({ state }: Json) => state !== "completed")).toEqual([]);
    expect(records.find(({ name }: Json) => name === "Bash")).toMatchObject({ result: "canceled" });
    expect(existsSync(join(copy.path, "runs", String(body.id), "work", "jobs"))).toBe(false);
  });

  test("that wait for each other in a circle run once each", async () => {
    await using place = await workplace();
    await place.push(skip, { "a.yml": after("iris-b"), "b.yml": after("iris-c"), "c.yml": after("iris-a") });
    const ids = [
      await makePipeline(place, "iris-a", "a.yml"),
      await makePipeline(place, "iris-b", "b.yml"),
      await makePipeline(place, "iris-c", "c.yml"),
    ];

    await run(place, ids[1] ?? 0);
    for (const id of ids) await endedRun(place, id);
    await sleep(1000);

    const { body } = await place.ask("GET", `${project}/_apis/build/builds`);
    expect(body.value.map(({ definition }: Json) => definition.name)).toEqual(["iris-c", "iris-a", "iris-b"]);
  });

  test("leave nothing behind when they are deleted", async () => {
    await using state = await temporaryFolder();
    await using place = await workplace({ folder: state.path, pipelines: thisMachine() });
    await place.push(skip, { "run.yml": steps("- checkout: none") });
    const id = await makePipeline(place, "iris-run", "run.yml");
    await run(place, id);
    const build = await endedRun(place, id);
    const kept = join(state.path, "runs", String(build.id));
    const before = existsSync(kept);

    await place.ask("DELETE", `${project}/_apis/build/builds/${build.id}`);

    expect([before, existsSync(kept)]).toEqual([true, false]);
  });

  test("of a commit that is not there, and again, are refused instead of running something else", async () => {
    await using place = await workplace();
    await place.push(skip, { "run.yml": steps(bash("echo first")) });
    const id = await makePipeline(place, "iris-run", "run.yml");
    const wanted = (version: string) =>
      run(place, id, { resources: { repositories: { self: { version } } } });

    const answers = [await wanted("deadbeef"), await wanted("1".repeat(40))];
    const good = await wanted(await place.git("rev-parse", "HEAD"));
    const again = await place.ask("PATCH", `${project}/_apis/build/builds/${good.body.id}?retry=true`, {});

    expect(answers.map(({ status }) => status)).toEqual([400, 400]);
    expect(answers[0]?.body.message).toBe(
      "Could not find the commit deadbeef in the repository of the pipeline.",
    );
    expect(good.status).toBe(200);
    expect(again.status).toBe(501);
  });

  test.each([
    ["their pipeline", (id: number) => `${project}/_apis/build/definitions/${id}`],
    ["their project", () => `_apis/projects/${project}`],
  ])("are canceled when %s is deleted", async (_what, pathOf) => {
    await using place = await workplace();
    const mark = join(place.folder, "mark");
    await place.push(skip, { "run.yml": steps(bash(`echo $$ > "${mark}"`, "sleep 300")) });
    const id = await makePipeline(place, "iris-run", "run.yml");
    await run(place, id);
    const pid = await place.until("the step", async () =>
      existsSync(mark) && readFileSync(mark, "utf8") !== "" ? Number(readFileSync(mark, "utf8")) : undefined,
    );

    const { body } = await place.ask("GET", `_apis/projects/${project}`);
    await place.ask("DELETE", pathOf(id).replace(`projects/${project}`, `projects/${body.id}`));

    await place.until("the end of the step", () => Promise.resolve(isRunning(pid) ? undefined : true));
    expect(isRunning(pid)).toBe(false);
  });

  test("say that nobody was asked where a step asks a person", async () => {
    await using place = await workplace();
    const text = `trigger: none
jobs:
  - job: Ask
    pool: server
    steps:
      - task: ManualValidation@1
        displayName: Is it good?
        inputs: { notifyUsers: "" }
`;
    await place.push(skip, { "run.yml": text });
    const id = await makePipeline(place, "iris-run", "run.yml");
    await run(place, id);

    const { validationResults } = await endedRun(place, id);

    expect(validationResults).toEqual([
      {
        result: "warning",
        message: 'Nobody was asked "Is it good?": here, a ManualValidation goes through.',
      },
    ]);
  });

  test("share the agents of this machine", async () => {
    await using place = await workplace();
    const file = join(place.folder, "now");
    await mkdir(file);
    const script = bash(
      `touch "${file}/$(Build.BuildId)"`,
      "sleep 1",
      `ls "${file}" | wc -l`,
      `rm "${file}/$(Build.BuildId)"`,
    );
    await place.push(skip, { "run.yml": steps("- checkout: none", script) });
    const id = await makePipeline(place, "iris-run", "run.yml");

    for (let count = 0; count < 8; count += 1) await run(place, id);
    const builds: Json[] = await place.until("the end of all", async () => {
      const { body } = await place.ask("GET", `${project}/_apis/build/builds?definitions=${id}`);
      return body.value.every(({ status }: Json) => status === "completed") ? body.value : undefined;
    });

    const logs = await Promise.all(builds.map((build) => logOf(place, build.id)));
    const most = Math.max(...logs.map((log) => Number(/Z (\d+)$/m.exec(log)?.[1])));
    expect(most).toBeLessThanOrEqual(4);
    expect(most).toBeGreaterThanOrEqual(2);
  });

  test("fail where an approval is rejected, and whoever asked for the run cannot approve it", async () => {
    await using place = await workplace();
    const mail = "zoe@example.com";
    const approvers = [{ id: await person(place, mail) }];
    await makeEnvironment(place, "iris-qa", [[approval, { approvers, requesterCannotBeApprover: true }]]);
    await place.push(skip, { "run.yml": deployment("iris-qa", "echo deployed") });
    const id = await makePipeline(place, "iris-run", "run.yml");
    const decide = (approvalId: string, status: string, who?: string) =>
      place.ask("PATCH", `${project}/_apis/pipelines/approvals`, [{ approvalId, status }], who);

    await place.ask("POST", `${project}/_apis/pipelines/${id}/runs`, {}, mail);
    const own = await pendingApproval(place);
    const self = await decide(own.id, "approved", mail);
    const forHer = await decide(own.id, "approved");
    await place.ask("PATCH", `${project}/_apis/build/builds/${own.pipeline.owner.id}`, {
      status: "cancelling",
    });
    const canceled = await endedRun(place, id);
    await run(place, id);
    const asked = await pendingApproval(place);
    const lonely = await place.ask("PATCH", `${project}/_apis/pipelines/approvals`, {
      approvalId: asked.id,
      status: "approved",
    });
    const stranger = await decide(asked.id, "approved", "ben@example.com");
    const rejected = await decide(asked.id, "rejected", mail);
    const failed = await endedRun(place, id, 2);
    const late = await decide(asked.id, "approved", mail);

    expect([self.status, forHer.status, stranger.status, lonely.status]).toEqual([403, 403, 403, 400]);
    expect(canceled.result).toBe("canceled");
    expect((await place.ask("GET", `${project}/_apis/pipelines/approvals/${own.id}`)).body.status).toBe(
      "canceled",
    );
    expect(rejected.body.value[0]).toMatchObject({ status: "rejected" });
    expect(failed.result).toBe("failed");
    expect(late.status).toBe(400);
    expect(await logOf(place, failed.id)).not.toContain("deployed");
  });

  test("use an environment with an exclusive lock one after the other", async () => {
    await using place = await workplace();
    await makeEnvironment(place, "iris-prod", [[lock, {}]]);
    const busy = join(place.folder, "busy");
    await place.push(skip, {
      "run.yml": deployment("iris-prod", `mkdir "${busy}" && sleep 0.5 && rmdir "${busy}"`),
    });
    const id = await makePipeline(place, "iris-run", "run.yml");

    await Promise.all([run(place, id), run(place, id), run(place, id)]);
    const builds = await place.until("all three", async () => {
      const { body } = await place.ask("GET", `${project}/_apis/build/builds?statusFilter=completed`);
      return body.count === 3 ? body.value : undefined;
    });

    expect(builds.map(({ result }: Json) => result)).toEqual(["succeeded", "succeeded", "succeeded"]);
  });

  test("stay queued where pipelines are switched off, until somebody cancels them", async () => {
    await using place = await workplace({});
    await place.push("Files", { "run.yml": `trigger: [main]\nsteps:\n${bash("echo ran")}\n` });
    const id = await makePipeline(place, "iris-run", "run.yml");
    await place.push("More", { "a.txt": "a" });

    const { body } = await run(place, id);
    const queued = await place.ask("GET", `${project}/_apis/build/builds`);
    const canceled = await place.ask("PATCH", `${project}/_apis/build/builds/${body.id}`, {
      status: "cancelling",
    });

    expect(queued.body.value).toMatchObject([{ id: body.id, status: "notStarted" }]);
    expect(canceled.body).toMatchObject({ status: "completed", result: "canceled" });
  });

  test("find the servers beside the organisation, unless a group names others", async () => {
    const urls = { databricks: "http://127.0.0.1:1", mlflow: "http://127.0.0.1:2" };
    let isSettled = false;
    const settled = async (): Promise<void> => {
      isSettled = true;
    };
    await using place = await workplace({
      pipelines: { ...thisMachine(), services: { urls: () => urls, settled } },
    });
    const group = await makeGroup(place, "iris-qa", { CMR_URI: { value: "http://group" } });
    await place.ask("PATCH", `${project}/_apis/pipelines/pipelinePermissions/variablegroup/${group}`, {
      allPipelines: { authorized: true },
    });
    const print =
      'echo "$(DATABRICKS_HOST) $(CMR_URI) $(MLFLOW_TRACKING_URI) [${CMR_TOKEN:-none}] $(CMR_TOKEN)"';
    await place.push(skip, {
      "run.yml": `trigger: none\nvariables:\n  - group: iris-qa\nsteps:\n${bash(print)}\n`,
    });
    const id = await makePipeline(place, "iris-run", "run.yml");

    await run(place, id);
    const build = await endedRun(place, id);

    expect(isSettled).toBe(true);
    expect(await logOf(place, build.id)).toContain(
      "http://127.0.0.1:1 http://group http://127.0.0.1:2 [none] ***",
    );
  });

  test("are queued, watched and read by azure-devops-node-api", async () => {
    await using place = await workplace();
    await place.push(skip, { "run.yml": steps(bash("echo hello")) });
    const id = await makePipeline(place, "iris-run", "run.yml");
    const builds = await nodeApi(place.local).getBuildApi();
    const pipelines = await nodeApi(place.local).getPipelinesApi();

    const queued = await builds.queueBuild({ definition: { id } }, project);
    await endedRun(place, id);
    const build = await builds.getBuild(project, queued.id ?? 0);
    const timeline = await builds.getBuildTimeline(project, queued.id ?? 0);
    const task = timeline.records?.find(({ type }) => type === "Task");
    const logs = await builds.getBuildLogs(project, queued.id ?? 0);
    const lines = await builds.getBuildLogLines(project, queued.id ?? 0, logs.at(-2)?.id ?? 0);
    const again = await pipelines.runPipeline({}, project, id);
    await endedRun(place, id, 2);

    expect([build.status, build.result]).toEqual([2, 2]);
    expect(task).toMatchObject({ state: 2, result: 0 });
    expect(lines.length).toBeGreaterThan(0);
    expect((await pipelines.getRun(project, id, again.id ?? 0)).result).toBe(1);
    expect(place.local.unknownRoutes()).toEqual([]);
  });

  test("have a page with their steps, and one for each log", async () => {
    await using place = await workplace();
    await place.push(skip, { "run.yml": steps(bash("echo '<b>bold</b>'")) });
    const id = await makePipeline(place, "iris-run", "run.yml");
    const { body } = await run(place, id);
    await endedRun(place, id);
    const read = async (query: string): Promise<string> => {
      const response = await fetch(`${place.local.url}/${project}/_build${query}`, {
        headers: { authorization: `Bearer ${place.local.token.reveal()}`, accept: "text/html" },
      });
      return await response.text();
    };

    const list = await read("");
    const page = await read(`/results?buildId=${body.id}`);
    const logs = await Promise.all([1, 2, 3].map((log) => read(`/results?buildId=${body.id}&logId=${log}`)));

    expect(list).toContain(`buildId=${body.id}`);
    expect(page).toContain("succeeded");
    expect(logs.join("")).toContain("&lt;b&gt;bold&lt;/b&gt;");
    expect(logs.join("")).not.toContain("<b>bold");
  });
});
