import { describe, expect, test } from "@jest/globals";
import { type LocalOrganization, startLocalOrganization } from "../../lib/local/start.ts";
import { call, nodeApi } from "../support/organization-client.ts";

const project = "AnalyticsOps";
const reviewers = "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd";
const build = "0609b952-1397-4640-95ec-e00a01b2c241";
const mergeStrategy = "fa4e907d-c16b-4a4c-9dfa-4916e5d171ab";
const requiredReviewers = "fd2167ab-b0be-447a-8ec8-39368250530e";
const configurations = `${project}/_apis/policy/configurations`;

async function repositoryId(local: LocalOrganization): Promise<string> {
  const answer = await call(local, "POST", `${project}/_apis/git/repositories`, { name: "iris" });
  return answer.body.id;
}

function policy(type: string, scope: Record<string, unknown>, settings: Record<string, unknown> = {}) {
  return { isEnabled: true, isBlocking: true, type: { id: type }, settings: { ...settings, scope: [scope] } };
}

describe("branch policies", () => {
  test("are created, read, changed and deleted by azure-devops-node-api", async () => {
    await using local = await startLocalOrganization({});
    const api = await nodeApi(local).getPolicyApi();
    const scope = { repositoryId: await repositoryId(local), refName: "refs/heads/main", matchKind: "exact" };
    const wanted = policy(reviewers, scope, { minimumApproverCount: 1, creatorVoteCounts: false });

    const created = await api.createPolicyConfiguration(wanted, project);
    const id = created.id ?? 0;
    const updated = await api.updatePolicyConfiguration({ ...wanted, isBlocking: false }, project, id);
    const read = await api.getPolicyConfiguration(project, id);
    await api.deletePolicyConfiguration(project, id);

    expect(created).toMatchObject({ revision: 1, type: { displayName: "Minimum number of reviewers" } });
    expect(created.settings).toEqual({
      minimumApproverCount: 1,
      creatorVoteCounts: false,
      scope: [{ ...scope, matchKind: "Exact" }],
    });
    expect(updated).toMatchObject({ revision: 2, isBlocking: false });
    expect(read).toEqual(updated);
    expect(await api.getPolicyConfigurations(project)).toEqual([]);
    expect(await api.getPolicyConfiguration(project, id)).toBeNull();
  });

  test("have the published shapes, and their first answer a date without its zone", async () => {
    await using local = await startLocalOrganization({});
    const scope = { repositoryId: await repositoryId(local), refName: "refs/heads/main", matchKind: "exact" };

    const created = await call(local, "POST", configurations, policy(reviewers, scope));
    const path = `${configurations}/${created.body.id}`;
    const read = await call(local, "GET", path);
    const updated = await call(local, "PUT", path, policy(reviewers, scope));
    const deleted = await call(local, "DELETE", path);

    expect([created.status, read.status, updated.status, deleted.status]).toEqual([200, 200, 200, 204]);
    expect(read.body.createdDate).toBe(`${created.body.createdDate}Z`);
    expect(updated.body.createdDate).toMatch(/Z$/);
    expect(Object.keys(read.body.settings.scope[0])).toEqual(["refName", "matchKind", "repositoryId"]);
    expect(deleted.headers.get("content-type")).toBeNull();
  });

  test("forget what is false in a merge strategy", async () => {
    await using local = await startLocalOrganization({});
    const scope = { repositoryId: await repositoryId(local), refName: "refs/heads/main", matchKind: "Exact" };
    const settings = {
      allowSquash: true,
      allowRebase: false,
      allowRebaseMerge: false,
      useSquashMerge: false,
    };

    const { body } = await call(local, "POST", configurations, policy(mergeStrategy, scope, settings));

    expect(body.settings).toEqual({ allowSquash: true, scope: [scope] });
  });

  test("answer with numbers, also when the Azure CLI sends them as text", async () => {
    await using local = await startLocalOrganization({});
    const scope = { repositoryId: await repositoryId(local), refName: "refs/heads/main", matchKind: "Exact" };

    const { body } = await call(
      local,
      "POST",
      configurations,
      policy(reviewers, scope, { minimumApproverCount: "2" }),
    );

    expect(body.settings.minimumApproverCount).toBe(2);
  });

  test("are not unique: a second POST makes a second policy", async () => {
    await using local = await startLocalOrganization({});
    const wanted = policy(reviewers, { repositoryId: await repositoryId(local), refName: "refs/heads/main" });

    await call(local, "POST", configurations, wanted);
    await call(local, "POST", configurations, wanted);

    expect((await call(local, "GET", configurations)).body.count).toBe(2);
  });

  test("come page by page when a page is asked for", async () => {
    await using local = await startLocalOrganization({});
    const wanted = policy(reviewers, { repositoryId: await repositoryId(local), refName: "refs/heads/main" });
    for (let count = 0; count < 3; count += 1) await call(local, "POST", configurations, wanted);

    const first = await call(local, "GET", `${configurations}?$top=2`);
    const token = first.headers.get("x-ms-continuationtoken") ?? "";
    const second = await call(local, "GET", `${configurations}?$top=2&continuationToken=${token}`);

    expect([first.body.count, second.body.count]).toEqual([2, 1]);
    expect(second.headers.get("x-ms-continuationtoken")).toBeNull();
  });

  test("are found by repository, branch and type", async () => {
    await using local = await startLocalOrganization({});
    const id = await repositoryId(local);
    const add = async (scope: Record<string, unknown>, type = reviewers) =>
      (await call(local, "POST", configurations, policy(type, scope))).body.id;
    const exact = await add({ repositoryId: id, refName: "refs/heads/main", matchKind: "exact" });
    const prefix = await add({ repositoryId: id, refName: "refs/heads/release", matchKind: "prefix" });
    const everywhere = await add({ repositoryId: null, refName: "refs/heads/main", matchKind: "exact" });
    const merge = await add({ repositoryId: id, refName: "refs/heads/main" }, mergeStrategy);
    const find = async (query: string): Promise<number[]> => {
      const { body } = await call(local, "GET", `${project}/_apis/git/policy/configurations?${query}`);
      return body.value.map((found: { id: number }) => found.id);
    };

    expect(await find(`repositoryId=${id}`)).toEqual([exact, prefix, everywhere, merge]);
    expect(await find(`repositoryId=${id}&refName=refs/heads/main`)).toEqual([exact, everywhere, merge]);
    const scope = id.replaceAll("-", "");
    const byScope = await call(local, "GET", `${configurations}?scope=${scope}:refs/heads/release/1`);
    expect(byScope.body.value.map((entry: { id: number }) => entry.id)).toEqual([prefix]);
    expect(await find(`repositoryId=${id}&refName=refs/heads/release/1`)).toEqual([prefix]);
    expect(await find(`repositoryId=${id}&refName=refs/heads/main&policyType=${mergeStrategy}`)).toEqual([
      merge,
    ]);
    expect(await find(`repositoryId=${id}&refName=refs/heads/main/inner`)).toEqual([]);
    expect(await find("")).toEqual([everywhere]);
  });

  test.each([
    {
      name: "an unknown type",
      body: policy("00000000-0000-0000-0000-000000000000", {}),
      typeKey: "PolicyTypeNotFoundException",
    },
    { name: "no type", body: { settings: { scope: [{}] } }, typeKey: "ArgumentNullException" },
    { name: "no settings", body: { type: { id: reviewers } }, typeKey: "PolicyImplementationException" },
    {
      name: "no scope",
      body: { type: { id: reviewers }, settings: {} },
      typeKey: "PolicyImplementationException",
    },
    {
      name: "a scope that is text",
      body: { type: { id: reviewers }, settings: { scope: "main" } },
      typeKey: "PolicyImplementationException",
    },
    {
      name: "an unknown kind of match",
      body: policy(reviewers, { matchKind: "fuzzy" }),
      typeKey: "PolicyImplementationException",
    },
    {
      name: "a default branch with a name",
      body: policy(reviewers, { matchKind: "DefaultBranch", refName: "refs/heads/main" }),
      typeKey: "PolicyImplementationException",
    },
    {
      name: "an unknown pipeline",
      body: policy(build, { repositoryId: null }, { buildDefinitionId: 7 }),
      typeKey: "PolicyImplementationException",
    },
    {
      name: "an unknown reviewer",
      body: policy(requiredReviewers, { repositoryId: null }, { requiredReviewerIds: ["nobody"] }),
      typeKey: "PolicyImplementationException",
    },
    { name: "no body", body: undefined, typeKey: "VssPropertyValidationException" },
  ])("refuse $name", async ({ body, typeKey }) => {
    await using local = await startLocalOrganization({});

    const answer = await call(local, "POST", configurations, body);

    expect(answer).toMatchObject({ status: 400, body: { typeKey } });
    expect((await call(local, "GET", configurations)).body.count).toBe(0);
  });

  test("keep their type", async () => {
    await using local = await startLocalOrganization({});
    const scope = { repositoryId: await repositoryId(local), refName: "refs/heads/main" };
    const { body } = await call(local, "POST", configurations, policy(reviewers, scope));

    const answer = await call(local, "PUT", `${configurations}/${body.id}`, policy(mergeStrategy, scope));

    expect(answer).toMatchObject({ status: 400, body: { typeKey: "PolicyTypeCannotBeChangedException" } });
  });
});

describe("policy types", () => {
  test("are listed and read one by one", async () => {
    await using local = await startLocalOrganization({});

    const list = await call(local, "GET", `${project}/_apis/policy/types`);
    const one = await call(local, "GET", `${project}/_apis/policy/types/${build.toUpperCase()}`);
    const none = await call(local, "GET", `${project}/_apis/policy/types/${project}`);

    expect(list.body.value).toContainEqual(one.body);
    expect(one.body).toMatchObject({ id: build, displayName: "Build" });
    expect(none.status).toBe(404);
  });
});
