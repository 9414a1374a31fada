import { describe, expect, test } from "@jest/globals";
import { temporaryFolder } from "../../../../support/temporary-folder.ts";
import { clusterSpec, startWorkspace, type WorkspaceClient } from "../workspace-client.ts";

const python = "python3";
const base = "/api/2.1/clusters";

function stateOf(workspace: WorkspaceClient, cluster_id: string) {
  return workspace.get(`${base}/get`, { cluster_id });
}

function untilState(workspace: WorkspaceClient, cluster_id: string, wanted: string) {
  return workspace.until(
    () => stateOf(workspace, cluster_id),
    ({ state }) => state === wanted,
  );
}

describe("clusters", () => {
  test("are pending, run, end, and start again", async () => {
    await using workspace = await startWorkspace({ python, clusterStartMs: 300 });

    const { cluster_id } = await workspace.post(`${base}/create`, { ...clusterSpec, cluster_name: "iris" });
    const created = await stateOf(workspace, cluster_id);
    const running = await untilState(workspace, cluster_id, "RUNNING");
    await workspace.post(`${base}/delete`, { cluster_id });
    const ending = await stateOf(workspace, cluster_id);
    const ended = await untilState(workspace, cluster_id, "TERMINATED");
    await workspace.post(`${base}/start`, { cluster_id });
    const again = await stateOf(workspace, cluster_id);

    expect(created).toMatchObject({ ...clusterSpec, cluster_name: "iris", state: "PENDING" });
    expect(running).toMatchObject({ state: "RUNNING", state_message: "", cluster_source: "API" });
    expect(ending.state).toBe("TERMINATING");
    expect(ended).toMatchObject({ termination_reason: { code: "USER_REQUEST", type: "SUCCESS" } });
    expect(again).toMatchObject({ state: "PENDING" });
    expect(again.termination_reason).toBeUndefined();
  });

  test("refuse what does not fit their state", async () => {
    await using workspace = await startWorkspace({ python });
    const cluster_id = await workspace.startCluster();

    const start = await workspace.ask("POST", `${base}/start`, { cluster_id });
    await workspace.post(`${base}/delete`, { cluster_id });
    const restart = await workspace.ask("POST", `${base}/restart`, { cluster_id });

    const message = `Cluster ${cluster_id} is in unexpected state Running.`;
    expect(start).toEqual({ status: 400, body: { error_code: "INVALID_STATE", message } });
    expect(restart).toMatchObject({ status: 400, body: { error_code: "INVALID_STATE" } });
  });

  test("that are unknown are named in the service's words", async () => {
    await using workspace = await startWorkspace({ python });

    const answer = await workspace.ask("GET", `${base}/get?cluster_id=none`);

    const message = "Cluster none does not exist";
    expect(answer).toEqual({ status: 400, body: { error_code: "INVALID_PARAMETER_VALUE", message } });
  });

  test("take another specification, and start again with it", async () => {
    await using workspace = await startWorkspace({ python });
    const cluster_id = await workspace.startCluster({ cluster_name: "iris" });

    await workspace.post(`${base}/edit`, { ...clusterSpec, cluster_id, num_workers: 3 });
    const restarting = await stateOf(workspace, cluster_id);

    expect(restarting).toMatchObject({ state: "RESTARTING", num_workers: 3, cluster_name: "iris" });
    await untilState(workspace, cluster_id, "RUNNING");
  });

  test("are listed by pages, newest first, and by their state", async () => {
    await using workspace = await startWorkspace({ python });
    const ids = [];
    for (const cluster_name of ["a", "b", "c"]) ids.unshift(await workspace.startCluster({ cluster_name }));
    await workspace.post(`${base}/permanent-delete`, { cluster_id: ids[2] });

    const first = await workspace.get(`${base}/list`, { page_size: 1 });
    const second = await workspace.get(`${base}/list`, { page_size: 1, page_token: first.next_page_token });
    const ended = await workspace.get(`${base}/list`, { "filter_by.cluster_states": "TERMINATED" });

    expect([...first.clusters, ...second.clusters].map(({ cluster_id }) => cluster_id)).toEqual(
      ids.slice(0, 2),
    );
    expect(second.next_page_token).toBeUndefined();
    expect(ended).toEqual({});
  });

  test.each([
    { cluster: "error", state: "ERROR", reason: undefined },
    {
      cluster: "launch-failure",
      state: "TERMINATED",
      reason: { code: "CLOUD_PROVIDER_LAUNCH_FAILURE", type: "CLOUD_FAILURE" },
    },
  ] as const)(
    "end in $state by the fault $cluster, and can be started again",
    async ({ cluster, state, reason }) => {
      await using workspace = await startWorkspace({ python });
      workspace.databricks.addFault({ cluster, name: "iris" });
      const { cluster_id } = await workspace.post(`${base}/create`, { ...clusterSpec, cluster_name: "iris" });

      const failed = await untilState(workspace, cluster_id, state);
      await workspace.post(`${base}/start`, { cluster_id });

      expect(failed.state_message).not.toBe("");
      expect(failed.termination_reason).toEqual(reason);
      await untilState(workspace, cluster_id, "RUNNING");
    },
  );

  test("never start by a fault, and can be ended all the same", async () => {
    await using workspace = await startWorkspace({ python, clusterStartMs: 1 });
    workspace.databricks.addFault({ cluster: "stays-pending" });
    const { cluster_id } = await workspace.post(`${base}/create`, clusterSpec);
    await workspace.startCluster();

    expect((await stateOf(workspace, cluster_id)).state).toBe("PENDING");
    await workspace.post(`${base}/delete`, { cluster_id });
    await untilState(workspace, cluster_id, "TERMINATED");
  });

  test("go on where they were after a restart of the workspace", async () => {
    await using folder = await temporaryFolder();
    const first = await startWorkspace({ python, folder: folder.path, clusterStartMs: 60_000 });
    const { cluster_id } = await first.post(`${base}/create`, clusterSpec);
    await first[Symbol.asyncDispose]();

    await using second = await startWorkspace({ python, folder: folder.path });
    const cluster = await untilState(second, cluster_id, "RUNNING");

    expect(cluster).toMatchObject(clusterSpec);
  });

  test("have runtimes and machines to choose from", async () => {
    await using workspace = await startWorkspace({ python });

    const { versions } = await workspace.get(`${base}/spark-versions`);
    const { node_types } = await workspace.get(`${base}/list-node-types`);

    expect(versions).toContainEqual(expect.objectContaining({ key: clusterSpec.spark_version }));
    expect(node_types).toContainEqual(
      expect.objectContaining({ node_type_id: clusterSpec.node_type_id, num_cores: 4, memory_mb: 14336 }),
    );
  });
});
