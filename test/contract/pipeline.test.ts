import { describe, expect, test } from "@jest/globals";
import {
  DefinitionQueueStatus,
  DefinitionTriggerType,
  DefinitionType,
} from "azure-devops-node-api/interfaces/BuildInterfaces.js";
import { type LocalOrganization, startLocalOrganization } from "../../lib/local/start.ts";
import { call, nodeApi } from "../support/organization-client.ts";

const project = "AnalyticsOps";
const definitions = `${project}/_apis/build/Definitions`;
const folders = `${project}/_apis/build/folders`;

async function repositoryId(local: LocalOrganization): Promise<string> {
  const answer = await call(local, "POST", `${project}/_apis/git/repositories`, { name: "iris" });
  return answer.body.id;
}

function definition(repository: string, rest: Record<string, unknown> = {}) {
  return {
    name: "iris-ci-pipeline",
    path: "\\iris",
    type: DefinitionType.Build,
    queueStatus: DefinitionQueueStatus.Enabled,
    process: { type: 2, yamlFilename: "pipelines/ci_pipeline.yml" },
    repository: {
      id: repository,
      type: "tfsgit",
      defaultBranch: "main",
      properties: { reportBuildStatus: "true" },
    },
    triggers: [{ settingsSourceType: 2, triggerType: DefinitionTriggerType.ContinuousIntegration }],
    ...rest,
  };
}

describe("pipelines", () => {
  test("are created, read, changed and deleted by azure-devops-node-api", async () => {
    await using local = await startLocalOrganization({});
    const api = await nodeApi(local).getBuildApi();
    const wanted = definition(await repositoryId(local));

    const created = await api.createDefinition(wanted, project);
    const id = created.id ?? 0;
    const updated = await api.updateDefinition(
      { ...created, queueStatus: DefinitionQueueStatus.Disabled },
      project,
      id,
    );
    const read = await api.getDefinition(project, id);
    const found = await api.getDefinitions(
      project,
      "IRIS-*",
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      "\\iris",
    );
    await api.deleteDefinition(project, id);

    expect(created).toMatchObject({ id: 1, revision: 1, path: "\\iris", queue: { name: "Azure Pipelines" } });
    expect(updated.revision).toBe(2);
    expect(read).toEqual(updated);
    expect(found.map(({ name }) => name)).toEqual(["iris-ci-pipeline"]);
    expect(await api.getDefinitions(project)).toEqual([]);
    expect(await api.getDefinition(project, id)).toBeNull();
  });

  test("come back with what the service fills in, and the short branch only once", async () => {
    await using local = await startLocalOrganization({});

    const created = await call(local, "POST", definitions, definition(await repositoryId(local)));
    const read = await call(local, "GET", `${definitions}/${created.body.id}`);

    expect(created.status).toBe(200);
    expect(created.body).toMatchObject({
      uri: "vstfs:///Build/Definition/1",
      quality: "definition",
      drafts: [],
      jobAuthorizationScope: "projectCollection",
      repository: { type: "TfsGit", name: "iris", defaultBranch: "main" },
    });
    expect(created.body.url).toMatch(/_apis\/build\/Definitions\/1\?revision=1$/);
    expect(created.body.triggers).toEqual([
      {
        branchFilters: [],
        pathFilters: [],
        settingsSourceType: 2,
        batchChanges: false,
        maxConcurrentBuildsPerBranch: 1,
        triggerType: "continuousIntegration",
      },
    ]);
    expect(read.body.repository.defaultBranch).toBe("refs/heads/main");
  });

  test("are unique by folder and name, ignoring case", async () => {
    await using local = await startLocalOrganization({});
    const repository = await repositoryId(local);
    await call(local, "POST", definitions, definition(repository));

    const same = await call(
      local,
      "POST",
      definitions,
      definition(repository, { name: "IRIS-ci-pipeline", path: "iris/" }),
    );
    const elsewhere = await call(local, "POST", definitions, definition(repository, { path: "\\other" }));

    expect(same).toMatchObject({
      status: 409,
      body: {
        typeKey: "DefinitionExistsException",
        eventId: 3000,
        message: expect.stringContaining("already exists for project AnalyticsOps"),
      },
    });
    expect(elsewhere.status).toBe(200);
  });

  test("are changed only from their current revision, and never into another one's name", async () => {
    await using local = await startLocalOrganization({});
    const repository = await repositoryId(local);
    const { body } = await call(local, "POST", definitions, definition(repository));
    await call(local, "POST", definitions, definition(repository, { name: "other" }));
    const path = `${definitions}/${body.id}`;

    const first = await call(local, "PUT", path, { ...body, description: "mine" });
    const second = await call(local, "PUT", path, { ...body, description: "yours" });
    const renamed = await call(local, "PUT", path, { ...first.body, name: "Other" });

    expect([first.status, second.status, renamed.status]).toEqual([200, 409, 409]);
    expect((await call(local, "GET", path)).body).toMatchObject({ description: "mine", revision: 2 });
  });

  test("keep the values of secrets to themselves", async () => {
    await using local = await startLocalOrganization({});
    const variables = { token: { value: "hidden", isSecret: true }, plain: { value: "shown" } };
    const { body } = await call(
      local,
      "POST",
      definitions,
      definition(await repositoryId(local), { variables }),
    );

    const updated = await call(local, "PUT", `${definitions}/${body.id}`, body);

    expect(body.variables).toEqual({ token: { value: null, isSecret: true }, plain: { value: "shown" } });
    expect(updated.body.variables).toEqual(body.variables);
  });

  test("are found by pattern, folder and file, page by page and in order", async () => {
    await using local = await startLocalOrganization({});
    const repository = await repositoryId(local);
    for (const name of ["c.i", "b-pr", "a-pr"])
      await call(local, "POST", definitions, definition(repository, { name }));
    await call(
      local,
      "POST",
      definitions,
      definition(repository, { name: "d-pr", path: "\\other", process: { type: 2, yamlFilename: "d.yml" } }),
    );
    const names = async (query: string): Promise<string[]> => {
      const { body } = await call(local, "GET", `${definitions}?${query}`);
      return body.value.map((found: { name: string }) => found.name);
    };

    const first = await call(local, "GET", `${definitions}?$top=3`);
    const token = first.headers.get("x-ms-continuationtoken") ?? "";

    expect(await names("name=*-pr")).toEqual(["b-pr", "a-pr", "d-pr"]);
    expect(await names("name=c.i")).toEqual(["c.i"]);
    expect(await names("name=cxi")).toEqual([]);
    expect(await names("path=%5Cother")).toEqual(["d-pr"]);
    expect(await names("path=%5C")).toEqual([]);
    expect(await names("yamlFilename=d.yml")).toEqual(["d-pr"]);
    expect(await names("definitionIds=1,3")).toEqual(["c.i", "a-pr"]);
    expect(await names("queryOrder=definitionNameAscending")).toEqual(["a-pr", "b-pr", "c.i", "d-pr"]);
    expect(await names(`$top=3&continuationToken=${token}`)).toEqual(["d-pr"]);
  });

  test.each([
    { name: "no name", change: { name: "" }, status: 400 },
    { name: "a designer process", change: { process: { type: 1 } }, status: 400 },
    { name: "no repository", change: { repository: undefined }, status: 400 },
    { name: "an unknown repository", change: { repository: { id: "nothing", type: "TfsGit" } }, status: 404 },
    {
      name: "a repository of another service",
      change: { repository: { id: "a/b", type: "GitHub" } },
      status: 400,
    },
    { name: "an unknown queue", change: { queue: { id: 77 } }, status: 400 },
    { name: "a variable that is text", change: { variables: { a: "b" } }, status: 400 },
  ])("refuse $name", async ({ change, status }) => {
    await using local = await startLocalOrganization({});

    const answer = await call(local, "POST", definitions, definition(await repositoryId(local), change));

    expect(answer.status).toBe(status);
    expect((await call(local, "GET", definitions)).body.count).toBe(0);
    expect((await call(local, "GET", folders)).body.count).toBe(1);
  });

  test("are the same in the shorter API", async () => {
    await using local = await startLocalOrganization({});
    const api = await nodeApi(local).getPipelinesApi();
    const repository = { id: await repositoryId(local), name: "iris", type: "azureReposGit" };
    const configuration = { type: "yaml", path: "/pipelines/pr_pipeline.yml", repository };
    const wanted = { name: "iris-pr-pipeline", folder: "\\iris", configuration };

    const created = await call(local, "POST", `${project}/_apis/pipelines`, wanted);
    const again = await call(local, "POST", `${project}/_apis/pipelines`, wanted);
    const full = await call(local, "GET", `${definitions}/${created.body.id}`);

    expect(created).toMatchObject({
      status: 200,
      body: { folder: "\\iris", revision: 1, configuration: { type: "yaml" } },
    });
    expect(again.status).toBe(409);
    expect(full.body).toMatchObject({
      path: "\\iris",
      process: { type: 2, yamlFilename: "pipelines/pr_pipeline.yml" },
    });
    expect((await api.listPipelines(project)).map(({ name }) => name)).toEqual(["iris-pr-pipeline"]);
    expect((await api.getPipeline(project, created.body.id)).folder).toBe("\\iris");
  });
});

describe("folders of pipelines", () => {
  test("are made by azure-devops-node-api with their parents, and the root is always there", async () => {
    await using local = await startLocalOrganization({});
    const api = await nodeApi(local).getBuildApi();

    const made = await api.createFolder({ description: "Iris" }, project, "\\models\\My Model");
    const all = await api.getFolders(project);
    await api.deleteFolder(project, "\\models");

    expect(made).toMatchObject({ path: "\\models\\My Model", description: "Iris" });
    expect(all.map(({ path }) => path)).toEqual(["\\", "\\models", "\\models\\My Model"]);
    expect((await api.getFolders(project)).map(({ path }) => path)).toEqual(["\\"]);
  });

  test("are named in the path of the URL too, with slashes of either kind", async () => {
    await using local = await startLocalOrganization({});

    const made = await call(local, "PUT", `${folders}/TestFolder`, {
      description: "Test",
      path: "TestFolder",
    });
    const moved = await call(local, "POST", `${folders}/TestFolder`, { path: "\\Testing\\TestFolder" });
    const found = await call(local, "GET", `${folders}/%5CTesting%5CTestFolder`);
    const deleted = await call(local, "DELETE", `${folders}/%5CTesting%5CTestFolder`);
    const left = await call(local, "GET", folders);

    expect(made.body).toMatchObject({ path: "\\TestFolder", description: "Test" });
    expect(moved.body).toMatchObject({ path: "\\Testing\\TestFolder", description: "Test" });
    expect(found.body.value).toEqual([moved.body]);
    expect(deleted.status).toBe(204);
    expect(left.body.value.map(({ path }: { path: string }) => path)).toEqual(["\\", "\\Testing"]);
    expect(left.body.value[0]).not.toHaveProperty("createdBy");
  });

  test("take their pipelines with them when they move, and when they go", async () => {
    await using local = await startLocalOrganization({});
    const { body } = await call(
      local,
      "POST",
      definitions,
      definition(await repositoryId(local), { path: "\\a\\b" }),
    );
    const path = `${definitions}/${body.id}`;

    await call(local, "POST", `${folders}?path=%5Ca`, { path: "\\c" });
    const moved = await call(local, "GET", path);
    await call(local, "DELETE", `${folders}?path=%5Cc`);

    expect(moved.body.path).toBe("\\c\\b");
    expect((await call(local, "GET", path)).status).toBe(404);
    expect((await call(local, "GET", folders)).body.count).toBe(1);
  });

  test("refuse what cannot be", async () => {
    await using local = await startLocalOrganization({});
    await call(local, "PUT", `${folders}?path=a`, {});
    await call(local, "PUT", `${folders}?path=b`, {});

    const root = await call(local, "DELETE", folders);
    const nothing = await call(local, "DELETE", `${folders}?path=nothing`);
    const taken = await call(local, "POST", `${folders}?path=a`, { path: "\\B" });
    const inside = await call(local, "POST", `${folders}?path=a`, { path: "\\a\\b" });

    expect([root.status, nothing.status, taken.status, inside.status]).toEqual([400, 404, 409, 409]);
  });
});

describe("agent queues", () => {
  test("are listed, found by name and read", async () => {
    await using local = await startLocalOrganization({});
    const api = await nodeApi(local).getTaskAgentApi();

    const all = await api.getAgentQueues(project);
    const [hosted] = await api.getAgentQueues(project, "Azure Pipelines");
    const read = await call(local, "GET", `${project}/_apis/distributedtask/queues/${hosted?.id}`);
    const none = await call(local, "GET", `${project}/_apis/distributedtask/queues/77`);

    expect(all.map(({ name }) => name)).toEqual(["Default", "Azure Pipelines"]);
    expect(read.body).toMatchObject({ name: "Azure Pipelines", pool: { isHosted: true } });
    expect(none.status).toBe(404);
  });
});
