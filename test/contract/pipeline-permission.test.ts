import { describe, expect, test } from "@jest/globals";
import { type LocalOrganization, startLocalOrganization } from "../../lib/local/start.ts";
import { call } from "../support/organization-client.ts";

const project = "AnalyticsOps";
const permissions = `${project}/_apis/pipelines/pipelinePermissions`;
const authorizedResources = `${project}/_apis/build/authorizedresources`;

interface World {
  readonly environment: string;
  readonly group: string;
  readonly repository: string;
  readonly pipelines: readonly number[];
}

async function world(local: LocalOrganization): Promise<World> {
  const post = async (path: string, body: unknown) => (await call(local, "POST", path, body)).body;
  const repository = await post(`${project}/_apis/git/repositories`, { name: "iris" });
  const environment = await post(`${project}/_apis/distributedtask/environments`, { name: "iris-qa" });
  const group = await post(`${project}/_apis/distributedtask/variablegroups`, {
    name: "iris-qa",
    variables: { a: { value: "b" } },
  });
  const definition = (name: string) => ({ name, process: { type: 2 }, repository: { id: repository.id } });
  const ci = await post(`${project}/_apis/build/definitions`, definition("ci"));
  const release = await post(`${project}/_apis/build/definitions`, definition("release"));
  return {
    environment: String(environment.id),
    group: String(group.id),
    repository: `${repository.project.id}.${repository.id}`,
    pipelines: [ci.id, release.id],
  };
}

function idsOf(body: { pipelines: { id: number }[] }): readonly number[] {
  return body.pipelines.map(({ id }) => id);
}

function grant(type: string, id: string, pipeline: number | undefined) {
  return { resource: { type, id }, pipelines: [{ id: pipeline, authorized: true }] };
}

function older(type: string, id: string, authorized: boolean) {
  return [{ type, id, name: "x", authorized }];
}

describe("permissions of pipelines", () => {
  test("are given and taken one by one, and answered whole", async () => {
    await using local = await startLocalOrganization({});
    const { environment, pipelines } = await world(local);
    const [ci, release] = pipelines;
    const path = `${permissions}/environment/${environment}`;
    const patch = (id: number | undefined, authorized: boolean) =>
      call(local, "PATCH", path, { pipelines: [{ id, authorized }] });

    const none = await call(local, "GET", path);
    const first = await patch(ci, true);
    const second = await patch(release, true);
    const third = await patch(ci, false);

    expect(none.body).toEqual({ resource: { type: "environment", id: environment }, pipelines: [] });
    expect([first, second, third].map(({ body }) => idsOf(body))).toEqual([[ci], [ci, release], [release]]);
    expect(second.body.pipelines[0]).toMatchObject({
      authorized: true,
      authorizedBy: { displayName: "Local Owner" },
    });
    expect((await call(local, "GET", path)).body).toEqual(third.body);
  });

  test("are given to all pipelines at once", async () => {
    await using local = await startLocalOrganization({});
    const { group } = await world(local);
    const path = `${permissions}/variablegroup/${group}`;

    const all = await call(local, "PATCH", path, { allPipelines: { authorized: true } });
    const none = await call(local, "PATCH", path, { allPipelines: { authorized: false } });

    expect(all.body.allPipelines).toMatchObject({ authorized: true });
    expect(none.body).not.toHaveProperty("allPipelines");
  });

  test("of several resources are changed together, or not at all", async () => {
    await using local = await startLocalOrganization({});
    const { environment, repository, pipelines } = await world(local);
    const good = [
      grant("environment", environment, pipelines[0]),
      grant("repository", repository, pipelines[1]),
    ];

    const refused = await call(local, "PATCH", permissions, [...good, grant("queue", "2", 77)]);
    const before = await call(local, "GET", `${permissions}/environment/${environment}`);
    const done = await call(local, "PATCH", permissions, good);

    expect(refused.status).toBe(404);
    expect(idsOf(before.body)).toEqual([]);
    expect(done.body.value.map(idsOf)).toEqual([[pipelines[0]], [pipelines[1]]]);
  });

  test("forget a pipeline that is deleted", async () => {
    await using local = await startLocalOrganization({});
    const { environment, pipelines } = await world(local);
    const path = `${permissions}/environment/${environment}`;
    await call(local, "PATCH", path, { pipelines: pipelines.map((id) => ({ id, authorized: true })) });

    await call(local, "DELETE", `${project}/_apis/build/definitions/${pipelines[0]}`);

    expect(idsOf((await call(local, "GET", path)).body)).toEqual([pipelines[1]]);
  });

  test.each([
    { name: "a resource of unknown type", path: "moon/1", body: {}, status: 400 },
    { name: "an environment that is not there", path: "environment/77", body: {}, status: 404 },
    {
      name: "an unknown pipeline",
      path: "queue/2",
      body: { pipelines: [{ id: 77, authorized: true }] },
      status: 404,
    },
    { name: "a pipeline without a number", path: "queue/2", body: { pipelines: [{ id: "1" }] }, status: 400 },
  ])("refuse $name", async ({ path, body, status }) => {
    await using local = await startLocalOrganization({});

    const answer = await call(local, "PATCH", `${permissions}/${path}`, body);

    expect(answer.status).toBe(status);
  });
});

describe("authorized resources", () => {
  test("are the older form of the same permissions, and answer all that remain", async () => {
    await using local = await startLocalOrganization({});
    const { environment, group } = await world(local);

    const first = await call(local, "PATCH", authorizedResources, older("variablegroup", group, true));
    const second = await call(local, "PATCH", authorizedResources, older("environment", environment, true));
    const found = await call(local, "GET", `${authorizedResources}?type=variablegroup&id=${group}`);
    const newer = await call(local, "GET", `${permissions}/variablegroup/${group}`);
    const third = await call(local, "PATCH", authorizedResources, older("variablegroup", group, false));
    await call(local, "DELETE", `${project}/_apis/distributedtask/environments/${environment}`);

    expect([first.body.count, second.body.count, third.body.count]).toEqual([1, 2, 1]);
    expect(found.body.value).toEqual([{ type: "variablegroup", id: group, authorized: true }]);
    expect(newer.body.allPipelines.authorized).toBe(true);
    expect((await call(local, "GET", authorizedResources)).body.count).toBe(0);
  });

  test("go with a variable group", async () => {
    await using local = await startLocalOrganization({});
    const { group } = await world(local);
    await call(local, "PATCH", authorizedResources, older("variablegroup", group, true));

    await call(local, "DELETE", `${project}/_apis/distributedtask/variablegroups/${group}`);

    expect((await call(local, "GET", authorizedResources)).body.count).toBe(0);
  });

  test("are given to one pipeline", async () => {
    await using local = await startLocalOrganization({});
    const { group, pipelines } = await world(local);
    const path = `${project}/_apis/build/definitions/${pipelines[0]}/resources`;

    const given = await call(local, "PATCH", path, [{ type: "variablegroup", id: group, authorized: true }]);
    const newer = await call(local, "GET", `${permissions}/variablegroup/${group}`);

    expect(given.body.value).toEqual([{ type: "variablegroup", id: group, authorized: true }]);
    expect(idsOf(newer.body)).toEqual([pipelines[0]]);
    expect((await call(local, "GET", path)).body).toEqual(given.body);
  });
});
