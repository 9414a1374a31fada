import { describe, expect, test } from "@jest/globals";
import { type LocalOrganization, startLocalOrganization } from "../../lib/local/start.ts";
import { call } from "../support/organization-client.ts";

const project = "AnalyticsOps";
const hostile = "<img src=x onerror=alert(1)>";

async function open(local: LocalOrganization, path: string) {
  const response = await fetch(`${local.url}${path}`, {
    headers: {
      authorization: `Basic ${Buffer.from(`me:${local.token.reveal()}`).toString("base64")}`,
      accept: "text/html,application/xhtml+xml",
    },
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** A project with one of everything, a readme on its branch, and hostile texts wherever the service takes them. */
async function fill(local: LocalOrganization): Promise<void> {
  const make = async (path: string, body: unknown): Promise<number> =>
    (await call(local, "POST", `${project}/_apis/${path}`, body)).body.id;
  const repository = await call(local, "POST", `${project}/_apis/git/repositories`, { name: "iris" });
  const environment = await make("distributedtask/environments", {
    name: "iris-prod",
    description: hostile,
  });
  const owner = (await call(local, "GET", "_apis/ConnectionData")).body.authenticatedUser;
  await make("pipelines/checks/configurations", {
    type: { id: "8c6f20a7-a545-4486-9777-f762fafe0d4d", name: "Approval" },
    settings: { approvers: [{ id: owner.id }] },
    resource: { type: "environment", id: String(environment) },
  });
  await make("build/definitions", {
    name: "iris-ci-pipeline",
    path: "\\iris",
    process: { type: 2, yamlFilename: "pipelines/ci_pipeline.yml" },
    repository: { id: repository.body.id, type: "TfsGit" },
  });
  await make("distributedtask/variablegroups", {
    name: "iris-prod",
    type: "Vsts",
    variables: { plain: { value: hostile }, hidden: { value: "very-secret", isSecret: true } },
  });
  await make("policy/configurations", {
    isEnabled: true,
    isBlocking: true,
    type: { id: "c6a1889d-b943-4856-b76f-9e46bb6b0df2" },
    settings: {
      scope: [{ repositoryId: repository.body.id, refName: "refs/heads/main", matchKind: "exact" }],
    },
  });
}

describe("the pages of the local organisation", () => {
  test.each([
    { path: "", words: [project] },
    { path: `/${project}`, words: ["Repositories", "Variable groups"] },
    { path: `/${project}/_git`, words: ["iris", "empty"] },
    { path: `/${project}/_git/iris`, words: ["git clone", "The repository is empty."] },
    {
      path: `/${project}/_build?definitionScope=%5Ciris`,
      words: ["iris-ci-pipeline", "pipelines/ci_pipeline.yml"],
    },
    { path: `/${project}/_build?definitionScope=%5Cother`, words: ["There are no pipelines here."] },
    { path: `/${project}/_build/definition?definitionId=1`, words: ["iris-ci-pipeline"] },
    { path: `/${project}/_environments`, words: ["iris-prod", "owner@local.example"] },
    { path: `/${project}/_library`, words: ["plain", "hidden", "***"] },
    {
      path: `/${project}/_settings/repositories`,
      words: ["Comment requirements", "iris", "refs/heads/main", "required"],
    },
    { path: `/${project}/_settings/teams`, words: [`${project} Team`, "nobody"] },
  ])("show what is behind $path, escaped and without secrets", async ({ path, words }) => {
    await using local = await startLocalOrganization({});
    await fill(local);

    const page = await open(local, path);

    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    for (const word of words) expect(page.text).toContain(word);
    expect(page.text).not.toContain("<img");
    expect(page.text).not.toContain("very-secret");
    expect(local.unknownRoutes()).toEqual([]);
  });

  test.each(["/nothing", `/${project}/_git/nothing`, `/${project}/_wiki`])(
    "say that there is nothing behind %s",
    async (path) => {
      await using local = await startLocalOrganization({});

      const page = await open(local, path);

      expect([page.status, page.text.includes("Not found")]).toEqual([404, true]);
      expect(local.unknownRoutes()).toEqual([]);
    },
  );

  test("lead from one to the next", async () => {
    await using local = await startLocalOrganization({});
    await fill(local);
    const seen = new Set<string>();
    const visit = async (path: string): Promise<void> => {
      if (seen.has(path)) return;
      seen.add(path);
      const page = await open(local, path);
      expect([path, page.status]).toEqual([path, 200]);
      const links = [...page.text.matchAll(/href="([^"]+)"/g)].map((match) => match[1] ?? "");
      for (const url of links) await visit(url.slice(local.url.length));
    };

    await visit("");

    expect(seen.size).toBeGreaterThanOrEqual(9);
  });

  test("leave routes of the API that nobody built to the API", async () => {
    await using local = await startLocalOrganization({});

    const page = await open(local, `/${project}/_apis/wiki/wikis`);

    expect(page.status).toBe(501);
  });
});
