import { describe, expect, test } from "@jest/globals";
import type { TreeStructureGroup } from "azure-devops-node-api/interfaces/WorkItemTrackingInterfaces.js";
import { startLocalOrganization } from "../../lib/local/start.ts";
import { call, nodeApi } from "../support/organization-client.ts";

const project = "AnalyticsOps";
const areas = `${project}/_apis/wit/classificationNodes/areas`;

describe("areas", () => {
  test("are created, read and deleted by azure-devops-node-api", async () => {
    await using local = await startLocalOrganization({});
    const api = await nodeApi(local).getWorkItemTrackingApi();
    // The client leaves the enum's 0 out of the URL, so the name of the group is given as it stands there.
    const group: TreeStructureGroup = JSON.parse('"areas"');

    await api.createOrUpdateClassificationNode({ name: "Data" }, project, group);
    const created = await api.createOrUpdateClassificationNode({ name: "Iris" }, project, group, "Data");
    const tree = await api.getClassificationNode(project, group, undefined, 2);
    await api.deleteClassificationNode(project, group, "Data/Iris");

    expect(created).toMatchObject({
      name: "Iris",
      path: `\\${project}\\Area\\Data\\Iris`,
      hasChildren: false,
    });
    expect(tree.children?.[0]).toMatchObject({ name: "Data", children: [{ name: "Iris" }] });
    expect(await api.getClassificationNode(project, group, "Data/Iris")).toBeNull();
  });

  test("have the recorded statuses and links", async () => {
    await using local = await startLocalOrganization({});

    const created = await call(local, "POST", areas, { name: "My Team" });
    const deleted = await call(local, "DELETE", `${areas}/My%20Team`);

    expect([created.status, deleted.status]).toEqual([201, 204]);
    expect(created.headers.get("location")).toBe(created.body.url);
    expect(created.body.url).toMatch(/classificationNodes\/Areas\/My%20Team$/);
    expect(created.body._links.parent.href).toMatch(/classificationNodes\/Areas$/);
  });

  test.each(["Data/Iris", "Data%2FIris", "%5CData%5CIris", "data/IRIS"])("are found at %s", async (path) => {
    await using local = await startLocalOrganization({});
    await call(local, "POST", areas, { name: "Data" });
    await call(local, "POST", `${areas}/Data`, { name: "Iris" });

    const found = await call(local, "GET", `${areas}/${path}`);

    expect(found.body.path).toBe(`\\${project}\\Area\\Data\\Iris`);
  });

  test("show as many levels as are asked for", async () => {
    await using local = await startLocalOrganization({});
    await call(local, "POST", areas, { name: "Data" });
    await call(local, "POST", `${areas}/Data`, { name: "Iris" });

    const flat = await call(local, "GET", areas);
    const deep = await call(local, "GET", `${areas}?$depth=1`);
    const list = await call(local, "GET", `${project}/_apis/wit/classificationNodes?$depth=1`);

    expect(flat.body).toMatchObject({ name: project, hasChildren: true, path: `\\${project}\\Area` });
    expect(flat.body).not.toHaveProperty("children");
    expect(deep.body.children).toMatchObject([{ name: "Data", hasChildren: true }]);
    expect(deep.body.children[0]).not.toHaveProperty("children");
    // Links come with what was asked for by its path alone.
    const { _links: links, ...root } = deep.body;
    expect(links.self.href).toBe(deep.body.url);
    expect(list.body.value[0]).toEqual(root);
  });

  test("are renamed, and moved by their id", async () => {
    await using local = await startLocalOrganization({});
    const { body: data } = await call(local, "POST", areas, { name: "Data" });
    await call(local, "POST", `${areas}/Data`, { name: "Iris" });
    await call(local, "POST", areas, { name: "Other" });

    const renamed = await call(local, "PATCH", `${areas}/Data`, { name: "DATA2" });
    const moved = await call(local, "POST", `${areas}/Other`, { id: data.id });
    const below = await call(local, "POST", `${areas}/Other/DATA2/Iris`, { id: data.id });
    const inner = await call(local, "GET", `${areas}/Other/Data2/Iris`);

    expect(renamed.body).toMatchObject({ id: data.id, name: "DATA2" });
    expect(moved).toMatchObject({ status: 200, body: { path: `\\${project}\\Area\\Other\\DATA2` } });
    expect(below.status).toBe(400);
    expect(inner.status).toBe(200);
  });

  test.each([
    {
      name: "a name that is taken",
      path: "",
      body: { name: "DATA" },
      status: 409,
      typeKey: "ClassificationNodeDuplicateNameException",
    },
    { name: "no name", path: "", body: {}, status: 400, typeKey: "ArgumentNullException" },
    {
      name: "a name with a backslash",
      path: "",
      body: { name: "a\\b" },
      status: 400,
      typeKey: "ClassificationNodeInvalidNameException",
    },
    {
      name: "a parent that is not there",
      path: "/Nothing",
      body: { name: "a" },
      status: 404,
      typeKey: "ClassificationNodeNotFoundException",
    },
    {
      name: "an id that is not there",
      path: "/Data",
      body: { id: 77 },
      status: 404,
      typeKey: "ClassificationNodeNotFoundException",
    },
  ])("refuse $name", async ({ path, body, status, typeKey }) => {
    await using local = await startLocalOrganization({});
    await call(local, "POST", areas, { name: "Data" });

    const answer = await call(local, "POST", `${areas}${path}`, body);

    expect(answer).toMatchObject({ status, body: { typeKey } });
    expect((await call(local, "GET", `${areas}?$depth=1`)).body.children).toHaveLength(1);
  });

  test("keep their root", async () => {
    await using local = await startLocalOrganization({});

    expect((await call(local, "DELETE", areas)).status).toBe(400);
  });
});
