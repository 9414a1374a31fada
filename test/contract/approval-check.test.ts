import { describe, expect, test } from "@jest/globals";
import { type LocalOrganization, startLocalOrganization } from "../../lib/local/start.ts";
import { call } from "../support/organization-client.ts";

const project = "AnalyticsOps";
const environments = `${project}/_apis/distributedtask/environments`;
const checks = `${project}/_apis/pipelines/checks/configurations`;
const approval = "8c6f20a7-a545-4486-9777-f762fafe0d4d";
const exclusiveLock = "2ef31ad6-baa0-403a-8b45-2cbc9b4e5563";

interface World {
  readonly environment: string;
  readonly approver: string;
}

async function world(local: LocalOrganization): Promise<World> {
  const environment = await call(local, "POST", environments, { name: "iris-qa" });
  const people = await call(
    local,
    "GET",
    "_apis/identities?searchFilter=General&filterValue=ada@example.com",
  );
  return { environment: String(environment.body.id), approver: people.body.value[0].id };
}

function check({ environment, approver }: World, rest: Record<string, unknown> = {}) {
  return {
    type: { id: approval, name: "Approval" },
    settings: {
      approvers: [{ id: approver }],
      executionOrder: "anyOrder",
      minRequiredApprovers: 1,
      blockedApprovers: [],
    },
    resource: { type: "environment", id: environment, name: "iris-qa" },
    timeout: 43_200,
    ...rest,
  };
}

describe("checks", () => {
  test("are created, read, changed and deleted", async () => {
    await using local = await startLocalOrganization({});
    const here = await world(local);

    const created = await call(local, "POST", checks, check(here));
    const path = `${checks}/${created.body.id}`;
    const updated = await call(local, "PATCH", path, check(here, { timeout: 60 }));
    const read = await call(local, "GET", `${path}?$expand=settings`);
    const deleted = await call(local, "DELETE", path);

    expect([created.status, updated.status, deleted.status]).toEqual([200, 200, 204]);
    expect(created.body.settings.approvers).toMatchObject([
      { id: here.approver, uniqueName: "ada@example.com" },
    ]);
    expect(read.body).toEqual({ ...updated.body, timeout: 60 });
    expect((await call(local, "GET", path)).status).toBe(404);
  });

  test("show their settings only when these are asked for", async () => {
    await using local = await startLocalOrganization({});
    const here = await world(local);
    await call(local, "POST", checks, check(here));
    const list = `${checks}?resourceType=environment&resourceId=${here.environment}`;
    const query = `${project}/_apis/pipelines/checks/queryconfigurations`;
    const resources = [
      { type: "environment", id: here.environment },
      { type: "environment", id: "77" },
    ];

    const plain = await call(local, "GET", list);
    const expanded = await call(local, "GET", `${list}&$expand=settings`);
    const queried = await call(local, "POST", `${query}?$expand=settings`, resources);

    expect(plain.body.value).toHaveLength(1);
    expect(plain.body.value[0]).not.toHaveProperty("settings");
    expect(expanded.body.value[0].settings.minRequiredApprovers).toBe(1);
    expect(queried.body).toEqual(expanded.body);
  });

  test("are not unique, and of several types", async () => {
    await using local = await startLocalOrganization({});
    const here = await world(local);

    await call(local, "POST", checks, check(here));
    await call(local, "POST", checks, check(here));
    const lock = await call(
      local,
      "POST",
      checks,
      check(here, { type: { id: exclusiveLock }, settings: {} }),
    );
    const list = await call(
      local,
      "GET",
      `${checks}?resourceType=environment&resourceId=${here.environment}`,
    );

    expect(lock.body.type).toEqual({ id: exclusiveLock, name: "ExclusiveLock" });
    expect(list.body.count).toBe(3);
  });

  test("are out of reach when their environment is gone", async () => {
    await using local = await startLocalOrganization({});
    const here = await world(local);
    const { body } = await call(local, "POST", checks, check(here));

    await call(local, "DELETE", `${environments}/${here.environment}`);
    const list = await call(
      local,
      "GET",
      `${checks}?resourceType=environment&resourceId=${here.environment}`,
    );
    const read = await call(local, "GET", `${checks}/${body.id}`);

    expect(list.body.count).toBe(0);
    expect(read).toMatchObject({
      status: 403,
      body: {
        message: expect.stringContaining(
          "does not have required permissions to view assignment on the resource",
        ),
      },
    });
  });

  test.each([
    {
      name: "an approver of another directory",
      change: { settings: { approvers: [{ id: "11111111-2222-3333-4444-555555555555" }] } },
      message: "The following identities are invalid: 11111111-2222-3333-4444-555555555555",
    },
    {
      name: "no approver",
      change: { settings: { approvers: [] } },
      message: "An approval needs at least one approver.",
    },
    {
      name: "settings that are text",
      change: { settings: "none" },
      message: "An approval needs at least one approver.",
    },
    { name: "an unknown type", change: { type: { id: "x" } }, message: "There is no check type x." },
    {
      name: "a timeout of 0",
      change: { timeout: 0 },
      message: "The timeout has to be from 1 to 43200 minutes.",
    },
    {
      name: "a timeout of a month and a minute",
      change: { timeout: 43_201 },
      message: "The timeout has to be from 1 to 43200 minutes.",
    },
    {
      name: "a resource of unknown type",
      change: { resource: { type: "moon", id: "1" } },
      message: "The resource type moon is not supported.",
    },
  ])("refuse $name", async ({ change, message }) => {
    await using local = await startLocalOrganization({});
    const here = await world(local);

    const answer = await call(local, "POST", checks, check(here, change));

    expect(answer).toMatchObject({ status: 400, body: { message } });
  });

  test("refuse more required approvers than there are, and an environment that is not there", async () => {
    await using local = await startLocalOrganization({});
    const here = await world(local);
    const { settings } = check(here);

    const many = await call(
      local,
      "POST",
      checks,
      check(here, { settings: { ...settings, minRequiredApprovers: 2 } }),
    );
    const nowhere = await call(local, "POST", checks, check({ ...here, environment: "77" }));

    expect([many.status, nowhere.status]).toEqual([400, 403]);
  });
});
