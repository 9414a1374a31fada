import { describe, expect, test } from "@jest/globals";
import { type LocalOrganization, startLocalOrganization } from "../../lib/local/start.ts";
import { call, nodeApi } from "../support/organization-client.ts";

const project = "AnalyticsOps";
const groups = "_apis/distributedtask/variablegroups";
const groupsOfProject = `${project}/${groups}`;

function group(rest: Record<string, unknown> = {}) {
  return {
    name: "iris-qa",
    description: "Variables of iris",
    type: "Vsts",
    variables: { url: { value: "https://example.com", isSecret: false } },
    variableGroupProjectReferences: [{ projectReference: { name: project }, name: "iris-qa" }],
    ...rest,
  };
}

function inProject(name: string, where: string) {
  return { variableGroupProjectReferences: [{ projectReference: { name: where }, name }] };
}

async function secretGroup(local: LocalOrganization): Promise<string> {
  const variables = { token: { value: "hidden", isSecret: true }, plain: { value: "shown" } };
  const { body } = await call(local, "POST", groups, group({ variables }));
  return `${groups}/${body.id}`;
}

describe("variable groups", () => {
  test("are created, found, changed and deleted by azure-devops-node-api", async () => {
    await using local = await startLocalOrganization({});
    const api = await nodeApi(local).getTaskAgentApi();
    const { id: projectId = "" } = await (await nodeApi(local).getCoreApi()).getProject(project);

    const created = await api.addVariableGroup(group());
    const id = created.id ?? 0;
    const found = await api.getVariableGroups(project, "iris*");
    const updated = await api.updateVariableGroup(group({ description: "New" }), id);
    const read = await api.getVariableGroup(project, id);
    await api.deleteVariableGroup(id, [projectId]);

    expect(created).toMatchObject({ name: "iris-qa", isShared: false });
    expect(found.map(({ name }) => name)).toEqual(["iris-qa"]);
    expect(updated.description).toBe("New");
    expect(read.variables).toEqual({ url: { value: "https://example.com" } });
    expect(await api.getVariableGroups(project)).toEqual([]);
  });

  test("name their people and their project in as much detail as the service does", async () => {
    await using local = await startLocalOrganization({});

    const created = await call(local, "POST", groups, group());
    const list = await call(local, "GET", groupsOfProject);
    const read = await call(local, "GET", `${groupsOfProject}/${created.body.id}`);

    expect(created.status).toBe(200);
    expect(created.body.createdBy).toEqual({ displayName: null, id: expect.any(String) });
    expect(created.body.variables.url).toEqual({ value: "https://example.com" });
    expect(list.body.value[0].variableGroupProjectReferences).toBeNull();
    expect(read.body.createdBy).toMatchObject({ displayName: "Local Owner" });
    expect(read.body.variableGroupProjectReferences).toMatchObject([{ projectReference: { name: project } }]);
  });

  test("never tell a secret", async () => {
    await using local = await startLocalOrganization({});
    const path = await secretGroup(local);

    const read = await call(local, "GET", `${project}/${path}`);

    expect(read.body.variables.token).toEqual({ value: null, isSecret: true });
  });

  test("are replaced whole by a PUT", async () => {
    await using local = await startLocalOrganization({});
    const path = await secretGroup(local);

    const { body } = await call(local, "PUT", path, group({ variables: { other: { value: "1" } } }));

    expect(body.variables).toEqual({ other: { value: "1" } });
  });

  test.each([
    {
      name: "no project",
      change: { variableGroupProjectReferences: [] },
      status: 400,
      typeKey: "ArgumentException",
      message: "Atleast one variable group project reference is required",
    },
    {
      name: "no variable",
      change: { variables: {} },
      status: 400,
      typeKey: "ArgumentException",
      message: "Variable group must have at least one variable defined.",
    },
    {
      name: "a variable that is text",
      change: { variables: { a: "b" } },
      status: 400,
      typeKey: "ArgumentException",
      message: "Variable a is not valid.",
    },
    {
      name: "two projects",
      change: { variableGroupProjectReferences: [{}, {}] },
      status: 500,
      typeKey: "VssServiceException",
      message: "Sharing of variable group is not allowed.",
    },
    {
      name: "an unknown project",
      change: { variableGroupProjectReferences: [{ projectReference: { name: "Nothing" } }] },
      status: 404,
      typeKey: "ProjectDoesNotExistWithNameException",
      message: expect.stringContaining("TF200016"),
    },
  ])("refuse $name", async ({ change, status, typeKey, message }) => {
    await using local = await startLocalOrganization({});

    const answer = await call(local, "POST", groups, group(change));

    expect(answer).toMatchObject({ status, body: { typeKey, message } });
    expect((await call(local, "GET", groupsOfProject)).body.count).toBe(0);
  });

  test("have names of their own in a project, ignoring case", async () => {
    await using local = await startLocalOrganization({ projects: ["Other"] });
    await call(local, "POST", groups, group());

    const same = await call(local, "POST", groups, group(inProject("IRIS-qa", project)));
    const elsewhere = await call(local, "POST", groups, group(inProject("iris-qa", "Other")));

    expect(same).toMatchObject({ status: 409, body: { typeKey: "VariableGroupExistsException" } });
    expect(elsewhere.status).toBe(200);
  });

  test("that are unknown, or another project's, are answered with 200 and null", async () => {
    await using local = await startLocalOrganization({ projects: ["Other"] });
    const { body } = await call(local, "POST", groups, group());

    const unknown = await call(local, "GET", `${groupsOfProject}/77`);
    const foreign = await call(local, "GET", `Other/${groups}/${body.id}`);

    expect([unknown.status, unknown.body, foreign.status, foreign.body]).toEqual([200, null, 200, null]);
  });

  test("are deleted only from the projects that the request names", async () => {
    await using local = await startLocalOrganization({ projects: ["Other"] });
    const { body } = await call(local, "POST", groups, group());
    const path = `${groups}/${body.id}`;

    const unsaid = await call(local, "DELETE", path);
    await call(local, "DELETE", `${path}?projectIds=Other`);
    const before = await call(local, "GET", `${project}/${path}`);
    const deleted = await call(local, "DELETE", `${path}?projectIds=Other,${project}`);
    const after = await call(local, "GET", `${project}/${path}`);

    expect([unsaid.status, deleted.status]).toEqual([400, 204]);
    expect([before.body?.name, after.body]).toEqual(["iris-qa", null]);
  });

  test("take the older form, in a project and without a reference", async () => {
    await using local = await startLocalOrganization({});
    const wanted = group({ variableGroupProjectReferences: undefined });

    const created = await call(local, "POST", groupsOfProject, wanted);
    const deleted = await call(local, "DELETE", `${groupsOfProject}/${created.body.id}`);

    expect([created.status, deleted.status]).toEqual([200, 204]);
  });

  test("come newest first, page by page", async () => {
    await using local = await startLocalOrganization({});
    for (const name of ["a", "b", "c"]) await call(local, "POST", groups, group(inProject(name, project)));
    const names = async (query: string) => {
      const { body, headers } = await call(local, "GET", `${groupsOfProject}?${query}`);
      return {
        names: body.value.map(({ name }: { name: string }) => name),
        token: headers.get("x-ms-continuationtoken"),
      };
    };

    const first = await names("$top=2");

    expect(first.names).toEqual(["c", "b"]);
    expect(await names(`$top=2&continuationToken=${first.token}`)).toEqual({ names: ["a"], token: null });
    expect((await names("queryOrder=IdAscending")).names).toEqual(["a", "b", "c"]);
    expect((await names("groupIds=1,3")).names).toEqual(["c", "a"]);
  });
});
