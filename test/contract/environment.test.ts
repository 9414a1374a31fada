import { describe, expect, test } from "@jest/globals";
import { startLocalOrganization } from "../../lib/local/start.ts";
import { call, nodeApi } from "../support/organization-client.ts";

const project = "AnalyticsOps";
const environments = `${project}/_apis/distributedtask/environments`;

describe("environments", () => {
  test("are created, found, changed and deleted by azure-devops-node-api", async () => {
    await using local = await startLocalOrganization({});
    const api = await nodeApi(local).getTaskAgentApi();

    const created = await api.addEnvironment({ name: "iris-qa", description: "QA" }, project);
    const id = created.id ?? 0;
    const updated = await api.updateEnvironment({ name: "iris-qa", description: "Quality" }, project, id);
    const read = await api.getEnvironmentById(project, id);
    await api.deleteEnvironment(project, id);

    expect(created).toMatchObject({ name: "iris-qa", description: "QA", resources: [] });
    expect(updated.description).toBe("Quality");
    expect(read.description).toBe("Quality");
    expect(await api.getEnvironments(project)).toEqual([]);
    expect(await api.getEnvironmentById(project, id)).toBeNull();
  });

  test("have the published shapes and statuses", async () => {
    await using local = await startLocalOrganization({});

    const created = await call(local, "POST", environments, { name: "iris-qa" });
    const read = await call(local, "GET", `${environments}/${created.body.id}`);
    const deleted = await call(local, "DELETE", `${environments}/${created.body.id}`);

    expect([created.status, read.status, deleted.status]).toEqual([200, 200, 204]);
    expect(read.body).toEqual(created.body);
  });

  test("have names of their own in a project, ignoring case", async () => {
    await using local = await startLocalOrganization({ projects: ["Other"] });
    await call(local, "POST", environments, { name: "iris-qa" });
    const second = await call(local, "POST", environments, { name: "iris-prod" });

    const same = await call(local, "POST", environments, { name: "IRIS-QA" });
    const renamed = await call(local, "PATCH", `${environments}/${second.body.id}`, { name: "Iris-qa" });
    const elsewhere = await call(local, "POST", environments.replace(project, "Other"), { name: "iris-qa" });

    expect(same).toMatchObject({ status: 409, body: { typeKey: "EnvironmentExistsException" } });
    expect(renamed.status).toBe(409);
    expect(elsewhere.status).toBe(200);
  });

  test("are the same below pipelines, where newer clients look", async () => {
    await using local = await startLocalOrganization({});
    const { body } = await call(local, "POST", `${project}/_apis/pipelines/environments`, {
      name: "iris-qa",
    });

    expect((await call(local, "GET", `${environments}/${body.id}`)).body).toEqual(body);
  });

  test("are found by the beginning of their name, page by page", async () => {
    await using local = await startLocalOrganization({});
    for (const name of ["iris", "iris-qa", "wine-qa"]) await call(local, "POST", environments, { name });
    const names = async (query: string) => {
      const { body } = await call(local, "GET", `${environments}?${query}`);
      return body.value.map(({ name }: { name: string }) => name);
    };

    const first = await call(local, "GET", `${environments}?$top=2`);

    expect(await names("name=IRIS")).toEqual(["iris", "iris-qa"]);
    expect(await names("name=iris-qa")).toEqual(["iris-qa"]);
    expect(await names(`$top=2&continuationToken=${first.headers.get("x-ms-continuationtoken")}`)).toEqual([
      "wine-qa",
    ]);
  });

  test.each([{ body: {} }, { body: { name: " " } }, { body: { name: 7 } }, { body: [] }])(
    "refuse $body",
    async ({ body }) => {
      await using local = await startLocalOrganization({});

      expect((await call(local, "POST", environments, body)).status).toBe(400);
    },
  );
});
