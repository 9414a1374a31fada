import { describe, expect, test } from "@jest/globals";
import { type LocalOrganization, startLocalOrganization } from "../../lib/local/start.ts";
import { call } from "../support/organization-client.ts";

const project = "AnalyticsOps";

async function find(local: LocalOrganization, filter: string, value: string): Promise<readonly string[]> {
  const query = `searchFilter=${filter}&filterValue=${encodeURIComponent(value)}`;
  const { body } = await call(local, "GET", `_apis/identities?${query}`);
  return body.value.map((identity: { providerDisplayName: string }) => identity.providerDisplayName);
}

async function one(local: LocalOrganization, value: string) {
  const query = `searchFilter=General&filterValue=${encodeURIComponent(value)}`;
  const { body } = await call(local, "GET", `_apis/identities?${query}`);
  return body.value[0];
}

describe("identities", () => {
  test("of mail addresses come from a directory that knows everybody but .invalid", async () => {
    await using local = await startLocalOrganization({});

    const ada = await one(local, "Ada@Example.com");
    const again = await one(local, "ada@example.com");

    expect(ada).toMatchObject({ providerDisplayName: "Ada", isActive: true, members: [], metaTypeId: 0 });
    expect(ada.properties.Mail).toEqual({ $type: "System.String", $value: "ada@example.com" });
    expect(again.id).toBe(ada.id);
    expect(await find(local, "General", "ada@example.invalid")).toEqual([]);
    expect(await find(local, "MailAddress", "ada@sub.INVALID")).toEqual([]);
    expect(await find(local, "General", "nobody")).toEqual([]);
    expect(await find(local, "General", "a b@example.com")).toEqual([]);
  });

  test("are found by the field that the filter names, ignoring case", async () => {
    await using local = await startLocalOrganization({});
    await one(local, "ada@example.com");

    expect(await find(local, "MailAddress", "ADA@example.com")).toEqual(["ada"]);
    expect(await find(local, "AccountName", "ada@example.com")).toEqual(["ada"]);
    expect(await find(local, "DisplayName", "ada")).toEqual(["ada"]);
    expect(await find(local, "DisplayName", "bob@example.com")).toEqual([]);
    expect(await find(local, "DirectoryAlias", "ada")).toEqual(["ada"]);
    expect(await find(local, "MailAddress", "Contributors")).toEqual([]);
    expect((await call(local, "GET", "_apis/identities?searchFilter=Moon&filterValue=x")).status).toBe(400);
  });

  test.each([
    `[${project}]\\Contributors`,
    `[${project}]\\Project Administrators`,
    `[${project}]\\Readers`,
    `[${project}]\\${project} Team`,
  ])("know the group %s", async (name) => {
    await using local = await startLocalOrganization({});

    const group = await one(local, name.toUpperCase());

    expect(group).toMatchObject({ providerDisplayName: name, isContainer: true });
    expect(group.descriptor).toMatch(/^Microsoft\.TeamFoundation\.Identity;S-1-9-/);
  });

  test("know the build service of a project", async () => {
    await using local = await startLocalOrganization({});

    expect(await find(local, "General", `${project} Build Service (local)`)).toHaveLength(1);
  });

  test("are found by ids and by both kinds of descriptor", async () => {
    await using local = await startLocalOrganization({});
    const ada = await one(local, "ada@example.com");
    const bob = await one(local, "bob@example.com");
    const list = async (query: string) => (await call(local, "GET", `_apis/identities?${query}`)).body.value;

    expect(await list(`identityIds=${bob.id.toUpperCase()},${ada.id}`)).toEqual([bob, ada]);
    expect(await list(`subjectDescriptors=${ada.subjectDescriptor}`)).toEqual([ada]);
    expect(await list(`descriptors=${encodeURIComponent(ada.descriptor)}`)).toEqual([ada]);
    expect((await call(local, "GET", `_apis/identities/${ada.id}`)).body).toEqual(ada);
    expect((await call(local, "GET", "_apis/identities/nobody")).status).toBe(404);
  });

  test("become members of a group, and the answer says whether that is new", async () => {
    await using local = await startLocalOrganization({});
    const ada = await one(local, "ada@example.com");
    const group = await one(local, `[${project}]\\Contributors`);
    const path = `_apis/identities/${group.id}/members/${ada.id}`;

    const first = await call(local, "PUT", path);
    const second = await call(local, "PUT", path);
    const read = await call(local, "GET", `_apis/identities/${group.id}?queryMembership=Direct`);
    const removed = await call(local, "DELETE", path);

    expect([first.body, second.body, removed.body]).toEqual([true, false, true]);
    expect(read.body.memberIds).toEqual([ada.id]);
  });

  test("are no members of people, of themselves, or of nobody", async () => {
    await using local = await startLocalOrganization({});
    const ada = await one(local, "ada@example.com");
    const group = await one(local, `[${project}]\\Contributors`);
    const add = async (container: string, member: string) =>
      (await call(local, "PUT", `_apis/identities/${container}/members/${member}`)).status;

    expect(await add(ada.id, group.id)).toBe(400);
    expect(await add(group.id, group.id)).toBe(400);
    expect(await add("nobody", ada.id)).toBe(404);
  });
});

describe("graph", () => {
  test("creates and removes memberships", async () => {
    await using local = await startLocalOrganization({});
    const { subjectDescriptor: ada } = await one(local, "ada@example.com");
    const { subjectDescriptor: team } = await one(local, `${project} Team`);
    const path = `_apis/graph/memberships/${ada}/${team}`;

    const before = await call(local, "HEAD", path);
    const created = await call(local, "PUT", path);
    const after = await call(local, "HEAD", path);
    const up = await call(local, "GET", `_apis/graph/memberships/${ada}`);
    const down = await call(local, "GET", `_apis/graph/memberships/${team}?direction=down`);
    const deleted = await call(local, "DELETE", path);

    expect([before.status, created.status, after.status, deleted.status]).toEqual([404, 201, 200, 200]);
    expect(created.body).toMatchObject({ memberDescriptor: ada, containerDescriptor: team });
    expect(up.body.value).toEqual([created.body]);
    expect(down.body.value).toEqual([created.body]);
    expect((await call(local, "GET", path)).status).toBe(404);
  });

  test("turns storage keys into descriptors and back", async () => {
    await using local = await startLocalOrganization({});
    const ada = await one(local, "ada@example.com");

    const descriptor = await call(local, "GET", `_apis/graph/descriptors/${ada.id}`);
    const key = await call(local, "GET", `_apis/graph/storagekeys/${descriptor.body.value}`);
    const unknown = await call(local, "GET", "_apis/graph/storagekeys/aad.nobody");

    expect(descriptor.body.value).toBe(ada.subjectDescriptor);
    expect(key.body.value).toBe(ada.id);
    expect(unknown.status).toBe(404);
  });

  test("brings in users and lists them", async () => {
    await using local = await startLocalOrganization({});
    const team = await one(local, `${project} Team`);

    const created = await call(
      local,
      "POST",
      `_apis/graph/users?groupDescriptors=${team.subjectDescriptor}`,
      {
        principalName: "ada@example.com",
      },
    );
    const read = await call(local, "GET", `_apis/graph/users/${created.body.descriptor}`);
    const list = await call(local, "GET", "_apis/graph/users");
    const nobody = await call(local, "POST", "_apis/graph/users", { principalName: "ada@example.invalid" });

    expect(created).toMatchObject({
      status: 201,
      body: { mailAddress: "ada@example.com", subjectKind: "user" },
    });
    expect(list.body.value).toContainEqual(read.body);
    expect(nobody.status).toBe(404);
  });

  test("makes groups in a project, and looks subjects up", async () => {
    await using local = await startLocalOrganization({ projects: ["Other"] });
    const { body: where } = await call(local, "GET", `_apis/projects/${project}`);
    const { body: scope } = await call(local, "GET", `_apis/graph/descriptors/${where.id}`);
    const path = `_apis/graph/groups?scopeDescriptor=${scope.value}`;

    const created = await call(local, "POST", path, { displayName: "Model Owners" });
    const again = await call(local, "POST", path, { displayName: "model owners" });
    const list = await call(local, "GET", path);
    const lookedUp = await call(local, "POST", "_apis/graph/subjectlookup", {
      lookupKeys: [{ descriptor: created.body.descriptor }, { descriptor: "vssgp.nothing" }],
    });
    const deleted = await call(local, "DELETE", `_apis/graph/groups/${created.body.descriptor}`);

    expect(created).toMatchObject({ status: 201, body: { principalName: `[${project}]\\Model Owners` } });
    expect(again.status).toBe(409);
    expect(list.body.value.map(({ displayName }: { displayName: string }) => displayName)).toContain(
      "Model Owners",
    );
    expect(JSON.stringify(list.body)).not.toContain("[Other]");
    expect(Object.keys(lookedUp.body.value)).toEqual([created.body.descriptor]);
    expect(deleted.status).toBe(204);
    expect(await find(local, "General", "Model Owners")).toEqual([]);
  });

  test("describes and renames groups by JSON patch, and keeps their members", async () => {
    await using local = await startLocalOrganization({});
    const { body: where } = await call(local, "GET", `_apis/projects/${project}`);
    const { body: scope } = await call(local, "GET", `_apis/graph/descriptors/${where.id}`);
    const groups = `_apis/graph/groups?scopeDescriptor=${scope.value}`;
    const { body: group } = await call(local, "POST", groups, { displayName: "Owners", description: "Old" });
    const { body: user } = await call(local, "POST", "_apis/graph/users", {
      principalName: "zoe@example.com",
    });
    await call(local, "PUT", `_apis/graph/memberships/${user.descriptor}/${group.descriptor}`);

    const changed = await patch(local, group.descriptor, [
      { op: "replace", path: "/description", value: "New" },
      { op: "replace", path: "/displayName", value: "Keepers" },
    ]);
    const members = await call(local, "GET", `_apis/graph/memberships/${user.descriptor}`);

    expect([group.description, changed.status]).toEqual(["Old", 200]);
    expect(await changed.json()).toMatchObject({
      displayName: "Keepers",
      description: "New",
      descriptor: group.descriptor,
    });
    expect(members.body.value).toMatchObject([{ containerDescriptor: group.descriptor }]);
    expect(await find(local, "General", "Owners")).toEqual([]);
  });

  test.each([
    { patchOf: "a name that is taken", operation: { op: "replace", path: "/displayName", value: "Readers" } },
    { patchOf: "no name", operation: { op: "replace", path: "/displayName", value: " " } },
    { patchOf: "what cannot change", operation: { op: "replace", path: "/descriptor", value: "x" } },
    { patchOf: "an unknown operation", operation: { op: "test", path: "/description", value: "x" } },
  ])("refuses to change a group by $patchOf", async ({ operation }) => {
    await using local = await startLocalOrganization({});
    const { body: groups } = await call(local, "GET", "_apis/graph/groups");
    const { descriptor } = groups.value.find(
      ({ displayName }: { displayName: string }) => displayName === "Contributors",
    );

    const answer = await patch(local, descriptor, [operation]);

    expect([400, 409]).toContain(answer.status);
    expect((await call(local, "GET", "_apis/graph/groups")).body).toEqual(groups);
  });
});

/** As `az devops security group update` sends it. */
async function patch(local: LocalOrganization, descriptor: string, body: unknown): Promise<Response> {
  return await fetch(`${local.url}/_apis/graph/groups/${descriptor}?api-version=5.0-preview.1`, {
    method: "PATCH",
    headers: {
      authorization: `Bearer ${local.token.reveal()}`,
      "content-type": "application/json-patch+json",
    },
    body: JSON.stringify(body),
  });
}
