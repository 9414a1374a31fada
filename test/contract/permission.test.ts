import { describe, expect, test } from "@jest/globals";
import { type LocalOrganization, startLocalOrganization } from "../../lib/local/start.ts";
import { call, nodeApi } from "../support/organization-client.ts";

const project = "AnalyticsOps";
const git = "2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87";
const entries = `_apis/accesscontrolentries/${git}`;
const lists = `_apis/accesscontrollists/${git}`;
const createRepositoryAndContribute = 260;

async function identity(local: LocalOrganization, name: string) {
  const query = `searchFilter=General&filterValue=${encodeURIComponent(name)}`;
  return (await call(local, "GET", `_apis/identities?${query}`)).body.value[0];
}

describe("access control", () => {
  test("keeps, merges, shows and removes entries", async () => {
    await using local = await startLocalOrganization({});
    const { descriptor } = await identity(local, `[${project}]\\Contributors`);
    const set = (allow: number, deny: number) =>
      call(local, "POST", entries, {
        token: "repoV2",
        merge: true,
        accessControlEntries: [{ descriptor, allow, deny }],
      });

    const first = await set(4, 8);
    const merged = await set(2, 4);
    const list = await call(local, "GET", `${lists}?token=repoV2&includeExtendedInfo=true`);
    const bit = await call(
      local,
      "DELETE",
      `_apis/permissions/${git}/2?token=repoV2&descriptor=${encodeURIComponent(descriptor)}`,
    );
    const removed = await call(
      local,
      "DELETE",
      `${entries}?token=repoV2&descriptors=${encodeURIComponent(descriptor)}`,
    );
    const again = await call(
      local,
      "DELETE",
      `${entries}?token=repoV2&descriptors=${encodeURIComponent(descriptor)}`,
    );

    expect(first.body).toMatchObject({ count: 1, value: [{ descriptor, allow: 4, deny: 8 }] });
    expect(merged.body.value[0]).toMatchObject({ allow: 2, deny: 12 });
    expect(list.body.value[0].acesDictionary[descriptor].extendedInfo.effectiveDeny).toBe(12);
    expect(bit.body).toMatchObject({ allow: 0, deny: 12 });
    expect([removed.body, again.body]).toEqual([true, false]);
  });

  test("grants the owner everything that is asked before provisioning", async () => {
    await using local = await startLocalOrganization({});
    const evaluations = [
      { securityNamespaceId: git, token: "repoV2/x", permissions: createRepositoryAndContribute },
    ];

    const answer = await call(local, "POST", "_apis/security/permissionevaluationbatch", {
      alwaysAllowAdministrators: true,
      evaluations,
    });

    expect(answer.body.evaluations).toEqual([{ ...evaluations[0], value: true }]);
  });

  test("names the permissions of git", async () => {
    await using local = await startLocalOrganization({});

    const all = await call(local, "GET", "_apis/securitynamespaces");
    const one = await call(local, "GET", `_apis/securitynamespaces/${git}`);

    expect(all.body.value).toContainEqual(one.body.value[0]);
    expect(one.body.value[0].actions).toContainEqual(
      expect.objectContaining({ bit: 2048, name: "EditPolicies" }),
    );
  });
});

describe("role assignments", () => {
  test("are made, listed and removed by azure-devops-node-api", async () => {
    await using local = await startLocalOrganization({});
    const api = await nodeApi(local).getSecurityRolesApi();
    const ada = await identity(local, "ada@example.com");
    const scope = "distributedtask.environmentreferencerole";
    const resource = "project_1";

    const made = await api.setRoleAssignments(
      [{ roleName: "Administrator", userId: ada.id, uniqueName: "ada@example.com" }],
      scope,
      resource,
    );
    const listed = await api.getRoleAssignments(scope, resource);
    await api.removeRoleAssignments([ada.id], scope, resource);

    expect(made).toMatchObject([{ identity: { id: ada.id }, role: { name: "Administrator" }, access: 1 }]);
    expect(listed).toEqual(made);
    expect(await api.getRoleAssignments(scope, resource)).toEqual([]);
  });

  test.each([
    { name: "an unknown role", body: [{ roleName: "King", userId: "x" }], status: 400 },
    { name: "an unknown identity", body: [{ roleName: "User", userId: "nobody" }], status: 404 },
  ])("refuse $name", async ({ body, status }) => {
    await using local = await startLocalOrganization({});
    const path =
      "_apis/securityroles/scopes/distributedtask.environmentreferencerole/roleassignments/resources/p_1";

    expect((await call(local, "PUT", path, body)).status).toBe(status);
  });
});
