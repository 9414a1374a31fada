import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { startLocalOrganization } from "../../lib/local/start.ts";
import { call, nodeApi } from "../support/organization-client.ts";

describe("projects", () => {
  test("are made, listed and read by azure-devops-node-api", async () => {
    await using local = await startLocalOrganization({ projects: ["Forecasts"] });
    const api = await nodeApi(local).getCoreApi();

    const operation = await api.queueCreateProject({ name: "Demand Planning", description: "What sells" });
    const all = await api.getProjects();
    const read = await api.getProject("demand planning");
    const first = await api.getProjects(undefined, 2);

    expect(operation.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(all.map(({ name }) => name)).toEqual(["AnalyticsOps", "Demand Planning", "Forecasts"]);
    expect(read).toMatchObject({
      name: "Demand Planning",
      description: "What sells",
      defaultTeam: { name: "Demand Planning Team" },
    });
    expect(first.map(({ name }) => name)).toEqual(["AnalyticsOps", "Demand Planning"]);
    expect(local.unknownRoutes()).toEqual([]);
  });

  test("are found by id too, and shown with their process when asked", async () => {
    await using local = await startLocalOrganization({});
    const { body: list } = await call(local, "GET", "_apis/projects");
    const { id } = list.value[0];

    const byId = await call(local, "GET", `_apis/projects/${id}?includeCapabilities=true`);
    const processes = await call(local, "GET", "_apis/process/processes");

    expect(byId.body.name).toBe("AnalyticsOps");
    expect(byId.body.capabilities.processTemplate.templateTypeId).toBe(processes.body.value[0].id);
  });

  test("are there when the answer to a POST is, and its operation has ended", async () => {
    await using local = await startLocalOrganization({});

    const queued = await call(local, "POST", "_apis/projects", { name: "Forecasts" });
    const operation = await call(local, "GET", `_apis/operations/${queued.body.id}`);

    expect(queued.status).toBe(202);
    expect(operation.body.status).toBe("succeeded");
    expect((await call(local, "GET", "_apis/projects/Forecasts")).status).toBe(200);
  });

  test("go with everything in them, and nothing of another project", async () => {
    await using local = await startLocalOrganization({ projects: ["Forecasts", "Other"] });
    const fill = async (project: string) => {
      const { body } = await call(local, "POST", `${project}/_apis/git/repositories`, { name: "iris" });
      await call(local, "POST", `${project}/_apis/build/definitions`, {
        name: "iris-ci",
        process: { type: 2, yamlFilename: "ci.yml" },
        repository: { id: body.id, type: "TfsGit" },
      });
      await call(local, "PATCH", `${project}/_apis/pipelines/pipelinePermissions/queue/1`, {
        allPipelines: { authorized: true },
      });
      return body;
    };
    const gone = await fill("Forecasts");
    const kept = await fill("Other");

    const queued = await call(local, "DELETE", `_apis/projects/${gone.project.id}`);
    const operation = await call(local, "GET", `_apis/operations/${queued.body.id}`);

    const repositories = await call(local, "GET", "_apis/git/repositories");
    const teams = await call(local, "GET", "_apis/teams");
    expect([queued.status, operation.body.status]).toEqual([202, "succeeded"]);
    expect((await call(local, "GET", "_apis/projects/Forecasts")).status).toBe(404);
    expect(repositories.body.value.map(({ id }: { id: string }) => id)).toEqual([kept.id]);
    expect(readdirSync(join(local.folder, "git")).filter((name) => name.endsWith(".git"))).toEqual([
      `${kept.id}.git`,
    ]);
    expect(teams.body.value.map(({ name }: { name: string }) => name)).toEqual([
      "AnalyticsOps Team",
      "Other Team",
    ]);
    expect((await call(local, "GET", "Other/_apis/build/definitions")).body.count).toBe(1);
  });

  test("come page by page when a page is asked for", async () => {
    await using local = await startLocalOrganization({ projects: ["B", "C"] });

    const first = await call(local, "GET", "_apis/projects?$top=2");
    const token = first.headers.get("x-ms-continuationtoken");
    const second = await call(local, "GET", `_apis/projects?$top=2&continuationToken=${token}`);

    expect([first, second].map(({ body }) => body.count)).toEqual([2, 1]);
    expect(second.headers.get("x-ms-continuationtoken")).toBeNull();
  });

  test.each(["AnalyticsOps", "ANALYTICSOPS"])("refuse a second one of the name %s", async (name) => {
    await using local = await startLocalOrganization({});

    const answer = await call(local, "POST", "_apis/projects", { name });

    expect([answer.status, answer.body.typeKey]).toEqual([400, "ProjectAlreadyExistsException"]);
  });

  test.each(["", " ", "a/b", "..", "_a", "a\u0000", "a".repeat(65)])("refuse the name %j", async (name) => {
    await using local = await startLocalOrganization({});

    const answer = await call(local, "POST", "_apis/projects", { name });

    expect(answer.status).toBe(400);
    expect((await call(local, "GET", "_apis/projects")).body.count).toBe(1);
  });

  test("that do not exist are not found", async () => {
    await using local = await startLocalOrganization({});

    const answer = await call(local, "GET", "_apis/projects/none");

    expect([answer.status, answer.body.typeKey]).toEqual([404, "ProjectDoesNotExistWithNameException"]);
  });
});
