import { execFile, execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as azdev from "azure-devops-node-api";
import type { LocalOrganization } from "../../lib/local/start.ts";
import { startLocalOrganization } from "../../lib/local/start.ts";
import { isolateGit } from "../support/git-environment.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const project = "AnalyticsOps";

// oxlint-disable-next-line typescript/no-explicit-any -- the shape of an answer is what a test looks at
type Json = any;

function authorization(token: string): string {
  return `Basic ${Buffer.from(`:${token}`).toString("base64")}`;
}

async function call(
  local: LocalOrganization,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Json }> {
  const response = await fetch(`${local.url}/${path}`, {
    method,
    headers: { authorization: authorization(local.token.reveal()), "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

/** Asynchronous: the organisation answers in this very process. */
function git(
  local: LocalOrganization,
  folder: string,
  ...args: string[]
): Promise<{ status: number; output: string }> {
  const env = {
    ...process.env,
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "http.extraHeader",
    GIT_CONFIG_VALUE_0: `Authorization: ${authorization(local.token.reveal())}`,
  };
  return new Promise((resolve) => {
    const child = execFile("git", ["-C", folder, ...args], { env }, (_error, stdout, stderr) => {
      resolve({ status: child.exitCode ?? 1, output: stdout + stderr });
    });
  });
}

async function commit(folder: string, name: string): Promise<void> {
  await writeFile(join(folder, name), name);
  execFileSync("git", ["-C", folder, "add", "."]);
  execFileSync("git", ["-C", folder, "commit", "-qm", name], { env: process.env });
}

describe("the local organisation", () => {
  beforeAll(isolateGit);

  test("serves azure-devops-node-api without any code of ours in between", async () => {
    await using local = await startLocalOrganization({});
    const web = new azdev.WebApi(local.url, azdev.getPersonalAccessTokenHandler(local.token.reveal()));

    const core = await web.getCoreApi();
    const gitApi = await web.getGitApi();
    const created = await gitApi.createRepository({ name: "iris" }, project);
    const build = await web.getBuildApi();
    const definition = await build.createDefinition(
      {
        name: "iris-pr-pipeline",
        path: "\\iris",
        process: { type: 2 },
        repository: { id: created.id ?? "", type: "TfsGit", defaultBranch: "refs/heads/main" },
      },
      project,
    );
    const policy = await web.getPolicyApi();
    const tasks = await web.getTaskAgentApi();
    const environment = await tasks.addEnvironment({ name: "iris-qa" }, project);

    expect((await core.getProjects()).map(({ name }) => name)).toEqual([project]);
    expect(created).toMatchObject({ name: "iris", project: { name: project } });
    expect(await gitApi.getRepository("nothing", project)).toBeNull();
    expect(definition).toMatchObject({ id: 1, path: "\\iris", revision: 1 });
    expect((await policy.getPolicyTypes(project)).length).toBeGreaterThan(10);
    expect(environment.name).toBe("iris-qa");
    expect((await tasks.getEnvironments(project)).map(({ name }) => name)).toEqual(["iris-qa"]);
    expect(local.unknownRoutes()).toEqual([]);
  });

  test.each([
    { name: "no token", header: undefined },
    { name: "a wrong token", header: authorization("wrong") },
    { name: "an empty token", header: authorization("") },
  ])("answers $name as the service does and lets nothing through", async ({ header }) => {
    await using local = await startLocalOrganization({});
    const headers = header === undefined ? {} : { authorization: header };

    const api = await fetch(`${local.url}/_apis/projects`, { headers });
    const patch = await fetch(`${local.url}/${project}/_apis/git/repositories/x`, {
      method: "PATCH",
      headers,
    });
    const gitAnswer = await fetch(`${local.url}/${project}/_git/x/info/refs?service=git-upload-pack`, {
      headers,
    });

    expect([api.status, api.headers.get("content-type")]).toEqual([203, "text/html; charset=utf-8"]);
    expect(patch.status).toBe(401);
    expect([gitAnswer.status, gitAnswer.headers.get("www-authenticate")]).toEqual([
      401,
      expect.stringContaining("Basic"),
    ]);
  });

  test("refuses a request that was addressed to another host", async () => {
    await using local = await startLocalOrganization({});
    const { port } = new URL(local.url);
    const { request } = await import("node:http");

    const status = await new Promise((resolve) => {
      request(
        {
          host: "127.0.0.1",
          port,
          path: "/local/_apis/projects",
          headers: { host: "evil.example", authorization: authorization(local.token.reveal()) },
        },
        (response) => resolve(response.statusCode),
      ).end();
    });

    expect(status).toBe(400);
  });

  test("names a route that nobody built and remembers it", async () => {
    await using local = await startLocalOrganization({});

    const answer = await call(local, "GET", `${project}/_apis/wiki/wikis`);

    expect(answer).toMatchObject({
      status: 501,
      body: { message: expect.stringContaining("GET /local/AnalyticsOps/_apis/wiki/wikis") },
    });
    expect(local.unknownRoutes()).toHaveLength(1);
  });

  test("takes a push, makes its branch the default one, and gives it back on clone", async () => {
    await using local = await startLocalOrganization({});
    await using folder = await temporaryFolder();
    await call(local, "POST", `${project}/_apis/git/repositories`, { name: "iris" });
    execFileSync("git", ["-C", folder.path, "init", "-q", "-b", "trunk"]);
    await commit(folder.path, "a.txt");

    const pushed = await git(local, folder.path, "push", `${local.url}/${project}/_git/iris`, "trunk");
    const repository = await call(local, "GET", `${project}/_apis/git/repositories/iris`);
    const cloned = await git(
      local,
      folder.path,
      "clone",
      "-q",
      `${local.url}/_git/iris`.replace("/_git", `/${project}/_git`),
      "copy",
    );

    expect(pushed.status).toBe(0);
    expect(repository.body.defaultBranch).toBe("refs/heads/trunk");
    expect(cloned).toEqual({ status: 0, output: "" });
  });

  test("refuses to push to, force, or delete a protected branch with TF402455, and takes other branches", async () => {
    await using local = await startLocalOrganization({});
    await using folder = await temporaryFolder();
    const { body: repository } = await call(local, "POST", `${project}/_apis/git/repositories`, {
      name: "iris",
    });
    const url = `${local.url}/${project}/_git/iris`;
    execFileSync("git", ["-C", folder.path, "init", "-q", "-b", "main"]);
    await commit(folder.path, "a.txt");
    await git(local, folder.path, "push", url, "main");
    await call(local, "POST", `${project}/_apis/policy/configurations`, {
      isEnabled: true,
      isBlocking: true,
      type: { id: "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd" },
      settings: {
        minimumApproverCount: 1,
        scope: [{ repositoryId: repository.id, refName: "refs/heads/main", matchKind: "exact" }],
      },
    });
    await commit(folder.path, "b.txt");

    const refused = await git(local, folder.path, "push", url, "main", "main:feature");
    const deleted = await git(local, folder.path, "push", url, ":main");
    const refs = await call(local, "GET", `${project}/_apis/git/repositories/iris/refs`);

    expect(refused.status).toBe(1);
    expect(refused.output).toContain(
      "! [remote rejected] main -> main (TF402455: Pushes to this branch are not permitted; you must use a pull request to update this branch.)",
    );
    expect(refused.output).toContain("[new branch]      main -> feature");
    expect(deleted.output).toContain("TF402455");
    expect(refs.body.value.map((ref: { name: string }) => ref.name)).toEqual([
      "refs/heads/feature",
      "refs/heads/main",
    ]);
  });

  test("makes one repository of two that are asked for at once", async () => {
    await using local = await startLocalOrganization({});
    const create = () => call(local, "POST", `${project}/_apis/git/repositories`, { name: "Iris" });

    const answers = await Promise.all([create(), create()]);

    expect(answers.map(({ status }) => status).toSorted((left, right) => left - right)).toEqual([201, 409]);
  });

  test("keeps everything over a restart when it has a folder", async () => {
    await using folder = await temporaryFolder();
    const { path } = folder;
    {
      await using local = await startLocalOrganization({ folder: path });
      await call(local, "POST", `${project}/_apis/git/repositories`, { name: "iris" });
      await call(local, "POST", `${project}/_apis/distributedtask/environments`, { name: "iris-qa" });
    }

    await using again = await startLocalOrganization({ folder: path });

    expect((await call(again, "GET", `${project}/_apis/git/repositories`)).body.value).toMatchObject([
      { name: "iris" },
    ]);
    expect(
      (await call(again, "GET", `${project}/_apis/distributedtask/environments?name=iris`)).body.count,
    ).toBe(1);
  });

  test("injects a fault before or after an operation", async () => {
    await using local = await startLocalOrganization({});
    const create = (name: string) => call(local, "POST", `${project}/_apis/git/repositories`, { name });

    local.addFault({ when: "before", methods: ["POST"], status: 503, retryAfter: 1 });
    const before = await create("one");
    local.addFault({ when: "after", methods: ["POST"], status: 500 });
    const after = await create("two");
    local.addFault({ when: "before", methods: ["POST"] });
    const dropped = create("three");

    expect([before.status, after.status]).toEqual([503, 500]);
    await expect(dropped).rejects.toThrow("fetch failed");
    expect((await call(local, "GET", `${project}/_apis/git/repositories`)).body.value).toMatchObject([
      { name: "two" },
    ]);
  });
});
