import { describe, expect, test } from "@jest/globals";
import { type LocalOrganization, startLocalOrganization } from "../../lib/local/start.ts";
import { call, nodeApi } from "../support/organization-client.ts";

const project = "AnalyticsOps";
const teams = `_apis/projects/${project}/teams`;

async function identityId(local: LocalOrganization, name: string): Promise<string | undefined> {
  const query = `searchFilter=General&filterValue=${encodeURIComponent(name)}`;
  return (await call(local, "GET", `_apis/identities?${query}`)).body.value[0]?.id;
}

describe("teams", () => {
  test("are created, read, renamed, listed and deleted by azure-devops-node-api", async () => {
    await using local = await startLocalOrganization({});
    const api = await nodeApi(local).getCoreApi();

    const created = await api.createTeam({ name: "Iris", description: "Flowers" }, project);
    const id = created.id ?? "";
    const renamed = await api.updateTeam({ name: "Iris Lovers" }, project, id);
    const read = await api.getTeam(project, "iris lovers");
    const names = (await api.getTeams(project)).map(({ name }) => name);
    await api.deleteTeam(project, id);

    expect(created).toMatchObject({ name: "Iris", description: "Flowers", projectName: project });
    expect(renamed).toMatchObject({ id, name: "Iris Lovers", description: "Flowers" });
    expect(read.id).toBe(id);
    expect(names).toEqual([`${project} Team`, "Iris Lovers"]);
    expect(await api.getTeam(project, id)).toBeNull();
  });

  test("have the recorded statuses, and an identity that can approve", async () => {
    await using local = await startLocalOrganization({});

    const created = await call(local, "POST", teams, { name: "Iris" });
    const found = await identityId(local, `[${project}]\\Iris`);
    const deleted = await call(local, "DELETE", `${teams}/${created.body.id}`);

    expect([created.status, deleted.status]).toEqual([201, 204]);
    expect(created.body.identity.descriptor).toMatch(/^Microsoft\.TeamFoundation\.Identity;S-1-9-/);
    expect(found).toBe(created.body.id);
    expect(await identityId(local, `[${project}]\\Iris`)).toBeUndefined();
  });

  test("keep their members when they are renamed", async () => {
    await using local = await startLocalOrganization({});
    const { body: team } = await call(local, "POST", teams, { name: "Iris" });
    const ada = await identityId(local, "ada@example.com");
    const api = await nodeApi(local).getCoreApi();

    await call(local, "PUT", `_apis/identities/${team.id}/members/${ada}`);
    await call(local, "PATCH", `${teams}/${team.id}`, { name: "Flowers" });
    const members = await api.getTeamMembersWithExtendedProperties(project, "Flowers");
    const page = await call(local, "GET", `${teams}/Flowers/members?$top=1&$skip=1`);

    expect(members.map(({ identity }) => identity?.uniqueName)).toEqual(["ada@example.com"]);
    expect(page.body.count).toBe(0);
  });

  test.each([
    { name: "a name that is taken", body: { name: "analyticsops TEAM" }, typeKey: "GroupCreationException" },
    { name: "no name", body: {}, typeKey: "ArgumentNullException" },
    { name: "a name with a slash", body: { name: "a/b" }, typeKey: "InvalidGroupNameException" },
    { name: "a name of 65 letters", body: { name: "a".repeat(65) }, typeKey: "InvalidGroupNameException" },
  ])("refuse $name", async ({ body, typeKey }) => {
    await using local = await startLocalOrganization({});

    const answer = await call(local, "POST", teams, body);

    expect(answer).toMatchObject({ status: 400, body: { typeKey } });
    expect((await call(local, "GET", teams)).body.count).toBe(1);
  });

  test("come by $skip and $top, from one project or from all", async () => {
    await using local = await startLocalOrganization({ projects: ["Other"] });
    for (const name of ["a", "b", "c"]) await call(local, "POST", teams, { name });
    const names = async (path: string) =>
      (await call(local, "GET", path)).body.value.map(({ name }: { name: string }) => name);

    expect(await names(`${teams}?$top=2&$skip=1`)).toEqual(["a", "b"]);
    expect(await names("_apis/teams?$skip=3")).toEqual(["c", "Other Team"]);
  });

  test("of a project keep at least the default one", async () => {
    await using local = await startLocalOrganization({});

    expect((await call(local, "DELETE", `${teams}/${project}%20Team`)).status).toBe(400);
    expect((await call(local, "DELETE", `${teams}/nothing`)).status).toBe(404);
  });
});

describe("the areas of a team", () => {
  const areas = `${project}/_apis/wit/classificationNodes/areas`;
  const values = `${project}/Iris/_apis/work/teamsettings/teamfieldvalues`;

  async function withTeam(local: LocalOrganization): Promise<void> {
    await call(local, "POST", teams, { name: "Iris" });
    await call(local, "POST", areas, { name: "Iris" });
  }

  test("are none at first, and set by azure-devops-node-api", async () => {
    await using local = await startLocalOrganization({});
    await withTeam(local);
    const api = await nodeApi(local).getWorkApi();
    const wanted = { value: `${project}\\Iris`, includeChildren: true };

    const fresh = await call(local, "GET", values);
    const set = await api.updateTeamFieldValues(
      { defaultValue: wanted.value, values: [wanted] },
      { project, team: "Iris" },
    );
    const read = await api.getTeamFieldValues({ project, team: "Iris" });

    expect(fresh.body).toMatchObject({
      defaultValue: null,
      values: [],
      field: { referenceName: "System.AreaPath" },
    });
    expect(read).toMatchObject({ defaultValue: wanted.value, values: [wanted] });
    expect(set).toEqual(read);
  });

  test.each([
    {
      name: "no default",
      body: { values: [] },
      message: "DefaultValue",
      typeKey: "TeamFieldArgumentNullException",
    },
    {
      name: "an unknown area",
      body: { defaultValue: `${project}\\Nothing` },
      message: expect.stringContaining("Nothing"),
      typeKey: "InvalidTeamFieldValueException",
    },
    {
      name: "a leading backslash",
      body: { defaultValue: `\\${project}\\Iris` },
      message: expect.any(String),
      typeKey: "InvalidTeamFieldValueException",
    },
    {
      name: "the path that areas show",
      body: { defaultValue: `${project}\\Area\\Iris` },
      message: expect.any(String),
      typeKey: "InvalidTeamFieldValueException",
    },
    {
      name: "an unknown area among others",
      body: { defaultValue: project, values: [{ value: "x" }] },
      message: expect.any(String),
      typeKey: "InvalidTeamFieldValueException",
    },
  ])("refuse $name", async ({ body, message, typeKey }) => {
    await using local = await startLocalOrganization({});
    await withTeam(local);

    const answer = await call(local, "PATCH", values, body);

    expect(answer).toMatchObject({ status: 400, body: { message, typeKey } });
    expect((await call(local, "GET", values)).body.defaultValue).toBeNull();
  });

  test("follow an area that is renamed or moved, and lose one that is deleted", async () => {
    await using local = await startLocalOrganization({});
    await withTeam(local);
    const { body: inner } = await call(local, "POST", `${areas}/Iris`, { name: "Inner" });
    const path = `${project}\\Iris\\Inner`;
    await call(local, "PATCH", values, { defaultValue: path, values: [{ value: path }, { value: project }] });

    await call(local, "PATCH", `${areas}/Iris`, { name: "Flowers" });
    const renamed = await call(local, "GET", values);
    await call(local, "POST", areas, { id: inner.id });
    const moved = await call(local, "GET", values);
    await call(local, "DELETE", `${areas}/Inner`);
    const deleted = await call(local, "GET", values);

    expect(renamed.body.defaultValue).toBe(`${project}\\Flowers\\Inner`);
    expect(moved.body.values[0].value).toBe(`${project}\\Inner`);
    expect(deleted.body).toMatchObject({ defaultValue: null, values: [{ value: project }] });
  });
});
