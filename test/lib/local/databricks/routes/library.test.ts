import { beforeAll, describe, expect, test } from "@jest/globals";
import { findPython, sharedEnvironment } from "../../../../support/python-environment.ts";
import { clusterSpec, startWorkspace, type WorkspaceClient } from "../workspace-client.ts";
import { buildWheel } from "../wheel.ts";

const basePython = findPython();
const suite = basePython === undefined ? describe.skip : describe;
let python = "";
const base = "/api/2.0/libraries";
const whl = "/Workspace/Shared/own_thing-1.0-py3-none-any.whl";

interface Status {
  readonly library: object;
  readonly status: string;
  readonly messages?: readonly string[];
}

async function statusesOf(workspace: WorkspaceClient, cluster_id: string): Promise<readonly Status[]> {
  const { library_statuses = [] } = await workspace.get(`${base}/cluster-status`, { cluster_id });
  return library_statuses;
}

async function untilSettled(workspace: WorkspaceClient, cluster_id: string): Promise<readonly Status[]> {
  return await workspace.until(
    () => statusesOf(workspace, cluster_id),
    (statuses: readonly Status[]) =>
      statuses.every(({ status }) => !["PENDING", "INSTALLING"].includes(status)),
  );
}

/** The value of the module of the wheel on a cluster, or why it is not there. */
async function importOn(workspace: WorkspaceClient, existing_cluster_id: string): Promise<string> {
  await workspace.importSource("/Shared/look", "import own_thing\ndbutils.notebook.exit(own_thing.x)");
  const notebook_task = { notebook_path: "/Shared/look" };
  const run = await workspace.runTasks([{ task_key: "a", existing_cluster_id, notebook_task }]);
  const { notebook_output, error } = await workspace.outputOf(run, "a");
  return error ?? notebook_output.result;
}

async function importWheel(workspace: WorkspaceClient): Promise<void> {
  await workspace.importSource(whl, buildWheel(python, "own_thing", "x = 7"), "RAW");
}

beforeAll(async () => {
  if (basePython !== undefined) ({ python } = await sharedEnvironment(basePython));
}, 600_000);

suite("libraries", () => {
  test("are installed on a running cluster and for its tasks", async () => {
    await using workspace = await startWorkspace({ python });
    await importWheel(workspace);
    const cluster_id = await workspace.startCluster();
    const before = await importOn(workspace, cluster_id);

    await workspace.post(`${base}/install`, { cluster_id, libraries: [{ whl }] });
    const [first] = await statusesOf(workspace, cluster_id);
    const settled = await untilSettled(workspace, cluster_id);

    expect(before).toBe("ModuleNotFoundError: No module named 'own_thing'");
    expect(first).toMatchObject({ library: { whl }, status: "INSTALLING" });
    expect(settled).toEqual([{ library: { whl }, status: "INSTALLED", is_library_for_all_clusters: false }]);
    expect(await importOn(workspace, cluster_id)).toBe("7");
  }, 120_000);

  test("wait on a cluster that does not run, and are installed again by each start", async () => {
    await using workspace = await startWorkspace({ python });
    await importWheel(workspace);
    await workspace.importSource("/Shared/requirements.txt", `# a comment\n${whl}\n`, "RAW");
    workspace.databricks.addFault({ cluster: "launch-failure" });
    const { cluster_id } = await workspace.post("/api/2.1/clusters/create", clusterSpec);
    const requirements = "/Workspace/Shared/requirements.txt";

    await workspace.post(`${base}/install`, { cluster_id, libraries: [{ requirements }] });
    await workspace.until(
      () => workspace.get("/api/2.1/clusters/get", { cluster_id }),
      ({ state }) => state === "TERMINATED",
    );
    const waiting = await statusesOf(workspace, cluster_id);
    await workspace.post("/api/2.1/clusters/start", { cluster_id });
    const settled = await untilSettled(workspace, cluster_id);

    expect(waiting).toMatchObject([{ library: { requirements }, status: "PENDING" }]);
    expect(settled).toMatchObject([{ status: "INSTALLED" }]);
    await workspace.post("/api/2.1/clusters/restart", { cluster_id });
    expect(await importOn(workspace, cluster_id)).toBe("7");
  }, 120_000);

  test("stay until the cluster starts again when they are uninstalled", async () => {
    await using workspace = await startWorkspace({ python });
    await importWheel(workspace);
    const cluster_id = await workspace.startCluster();
    await workspace.post(`${base}/install`, { cluster_id, libraries: [{ whl }] });
    await untilSettled(workspace, cluster_id);

    await workspace.post(`${base}/uninstall`, { cluster_id, libraries: [{ whl }] });
    const dropped = await statusesOf(workspace, cluster_id);
    await workspace.post("/api/2.1/clusters/restart", { cluster_id });

    expect(dropped).toMatchObject([{ status: "UNINSTALL_ON_RESTART" }]);
    expect(await importOn(workspace, cluster_id)).toBe("ModuleNotFoundError: No module named 'own_thing'");
    expect(await statusesOf(workspace, cluster_id)).toEqual([]);
  }, 120_000);

  test("are installed beside one that cannot be", async () => {
    await using workspace = await startWorkspace({ python });
    await importWheel(workspace);
    const broken = "/Workspace/Shared/broken-1.0-py3-none-any.whl";
    await workspace.importSource(broken, "no wheel", "RAW");
    const cluster_id = await workspace.startCluster();

    await workspace.post(`${base}/install`, { cluster_id, libraries: [{ whl: broken }, { whl }] });
    const settled = await untilSettled(workspace, cluster_id);

    expect(settled).toMatchObject([{ status: "FAILED" }, { status: "INSTALLED" }]);
    expect(settled[0]?.messages?.[0]).toMatch(/broken-1.0-py3-none-any.whl/);
    expect(await importOn(workspace, cluster_id)).toBe("7");
  }, 120_000);

  test("fail with the words of pip, and fail the tasks that need them", async () => {
    await using workspace = await startWorkspace({ python });
    await workspace.importSource(whl, "no wheel", "RAW");
    const cluster_id = await workspace.startCluster();
    const libraries = [{ whl }, { jar: "dbfs:/a.jar" }, { requirements: "/Workspace/none.txt" }];

    await workspace.post(`${base}/install`, { cluster_id, libraries });
    const settled = await untilSettled(workspace, cluster_id);
    const task = { task_key: "a", existing_cluster_id: cluster_id, libraries: [{ whl }] };
    const run = await workspace.runTasks([
      { ...task, notebook_task: { notebook_path: whl.replace(".whl", "") } },
    ]);
    await workspace.importSource("/Shared/look", "x = 1");
    const other = await workspace.runTasks([{ ...task, notebook_task: { notebook_path: "/Shared/look" } }]);

    expect(settled.map(({ status }) => status)).toEqual(["FAILED", "FAILED", "FAILED"]);
    expect(settled[0]?.messages?.[0]).toMatch(/own_thing-1.0-py3-none-any.whl/);
    expect(settled[1]?.messages).toEqual([expect.stringContaining("not jar")]);
    expect(settled[2]?.messages).toEqual(["The workspace has no file /Workspace/none.txt."]);
    expect(run.tasks[0].state.state_message).toMatch(/^Notebook not found/);
    expect(other.tasks[0]).toMatchObject({
      state: { life_cycle_state: "INTERNAL_ERROR", result_state: "FAILED" },
      status: { termination_details: { code: "LIBRARY_INSTALLATION_ERROR" } },
    });
  }, 120_000);

  test("are listed for all clusters", async () => {
    await using workspace = await startWorkspace({ python, clusterStartMs: 60_000 });
    const { cluster_id } = await workspace.post("/api/2.1/clusters/create", clusterSpec);
    const none = await workspace.get(`${base}/all-cluster-statuses`);
    await workspace.post(`${base}/install`, { cluster_id, libraries: [{ whl }] });

    const { statuses } = await workspace.get(`${base}/all-cluster-statuses`);
    await workspace.post("/api/2.1/clusters/permanent-delete", { cluster_id });

    expect(none).toEqual({});
    expect(statuses).toMatchObject([{ cluster_id, library_statuses: [{ status: "PENDING" }] }]);
    expect(await workspace.get(`${base}/all-cluster-statuses`)).toEqual({});
  });

  test.each([
    { body: { cluster_id: "none", libraries: [{ whl }] }, says: "Cluster none does not exist" },
    { body: { libraries: [{ whl }] }, says: "Missing required field: cluster_id" },
  ])("refuse what the service refuses: $says", async ({ body, says }) => {
    await using workspace = await startWorkspace({ python });

    const answer = await workspace.ask("POST", `${base}/install`, body);

    expect(answer).toEqual({ status: 400, body: { error_code: "INVALID_PARAMETER_VALUE", message: says } });
  });
});
