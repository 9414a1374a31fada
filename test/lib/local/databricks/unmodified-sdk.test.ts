import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { findPython, run, sharedEnvironment } from "../../../support/python-environment.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { startWorkspace, type WorkspaceClient } from "./workspace-client.ts";

const basePython = findPython();
const suite = basePython === undefined ? describe.skip : describe;
let python = "";

const prelude = `
import base64, datetime, json, time
from databricks.sdk import WorkspaceClient
from databricks.sdk.core import Config
from databricks.sdk.errors import OperationFailed, PermissionDenied, ResourceDoesNotExist, Unauthenticated
from databricks.sdk.service import compute, jobs, workspace

def content(text):
    return base64.b64encode(text.encode()).decode()

w = WorkspaceClient(config=Config(retry_timeout_seconds=20))
`;

const wholeWay = `
assert w.current_user.me().user_name == "owner@local.example"
folder = "/ml_apps/iris/main"
w.workspace.mkdirs(folder)
source = "# Databricks notebook source\\nimport json\\nname = dbutils.widgets.get('name')\\n" \\
    "print(dbutils.secrets.get('s', 'k'))\\ndbutils.notebook.exit(json.dumps({'name': name}))\\n"
w.workspace.import_(folder + "/train", content=content(source), overwrite=True,
    format=workspace.ImportFormat.SOURCE, language=workspace.Language.PYTHON)
w.workspace.import_(folder + "/helper.py", content=content("x = 1"), format=workspace.ImportFormat.AUTO)
objects = {o.path: o.object_type.value for o in w.workspace.list("/ml_apps", recursive=True)}
assert objects == {folder + "/train": "NOTEBOOK", folder + "/helper.py": "FILE"}, objects
assert w.workspace.download(folder + "/helper.py").read() == b"x = 1"
w.secrets.create_scope("s")
w.secrets.put_secret("s", "k", string_value="hidden-value")
assert w.dbutils.secrets.get("s", "k") == "hidden-value"

size = {"spark_version": w.clusters.select_spark_version(long_term_support=True, ml=True), "num_workers": 1,
    "node_type_id": w.clusters.select_node_type(min_cores=4)}
cluster = w.clusters.create_and_wait(cluster_name="iris", timeout=datetime.timedelta(seconds=30), **size)
assert cluster.state == compute.State.RUNNING
w.clusters.delete_and_wait(cluster.cluster_id)
w.clusters.ensure_cluster_is_running(cluster.cluster_id)
assert [c.cluster_name for c in w.clusters.list()] == ["iris"]

library = compute.Library(requirements="/Workspace" + folder + "/requirements.txt")
w.workspace.import_(folder + "/requirements.txt", content=content("# nothing\\n"), format=workspace.ImportFormat.AUTO)
w.libraries.install(cluster.cluster_id, [library])
while True:
    (status,) = w.libraries.cluster_status(cluster.cluster_id)
    if status.status not in (compute.LibraryInstallStatus.PENDING, compute.LibraryInstallStatus.INSTALLING):
        break
    time.sleep(0.1)
assert status.status == compute.LibraryInstallStatus.INSTALLED, status

task = jobs.Task(task_key="train", existing_cluster_id=cluster.cluster_id,
    notebook_task=jobs.NotebookTask(notebook_path=folder + "/train", base_parameters={"name": "iris"}))
job = w.jobs.create(name="iris-train", tasks=[task])
w.jobs.reset(job.job_id, jobs.JobSettings(name="iris-train", tasks=[task]))
assert [j.job_id for j in w.jobs.list(name="iris-train")] == [job.job_id]
assert w.jobs.get(job.job_id).settings.tasks[0].notebook_task.notebook_path == folder + "/train"
done = w.jobs.run_now_and_wait(job.job_id, idempotency_token="once")
assert done.state.result_state == jobs.RunResultState.SUCCESS, done.state
assert w.jobs.run_now(job.job_id, idempotency_token="once").run_id == done.run_id
output = w.jobs.get_run_output(done.tasks[0].run_id)
print(output.notebook_output.result)
print([r.run_id for r in w.jobs.list_runs(job_id=job.job_id)] == [done.run_id])
`;

const failures = `
def kind(action):
    try:
        action()
    except Exception as error:
        return type(error).__name__
    return "nothing"

w.workspace.import_("/Shared/bad", content=content("raise ValueError('bad')"),
    format=workspace.ImportFormat.SOURCE, language=workspace.Language.PYTHON)
bad = jobs.SubmitTask(task_key="bad", notebook_task=jobs.NotebookTask(notebook_path="/Shared/bad"))
run_id = w.jobs.submit(run_name="bad", tasks=[bad]).run_id
print(kind(lambda: w.jobs.wait_get_run_job_terminated_or_skipped(run_id)))
run = w.jobs.get_run(run_id)
print(run.state.result_state.value, w.jobs.get_run_output(run.tasks[0].run_id).error)
print(kind(lambda: w.clusters.get("none")), kind(lambda: w.jobs.get(1)), kind(lambda: w.jobs.get_run(1)))
print(kind(lambda: w.workspace.get_status("/none")), kind(lambda: w.secrets.list_secrets("none").__next__()))
print(kind(lambda: w.workspace.import_("/Shared/bad", content=content("x"), format=workspace.ImportFormat.AUTO)))
print(kind(lambda: WorkspaceClient(host=w.config.host, token="wrong").current_user.me()))
print(kind(lambda: w.warehouses.list().__next__()))
`;

const lostAnswer = `
w.workspace.import_("/Shared/a", content=content("x = 1"),
    format=workspace.ImportFormat.SOURCE, language=workspace.Language.PYTHON)
task = jobs.Task(task_key="a", notebook_task=jobs.NotebookTask(notebook_path="/Shared/a"))
job = w.jobs.create(name="a", tasks=[task])
run = w.jobs.run_now_and_wait(job.job_id, idempotency_token="once")
print(run.state.result_state.value, len(list(w.jobs.list_runs(job_id=job.job_id))))
`;

/** Runs a program that knows the workspace only by its address and token; answers what it printed. */
async function withSdk({ databricks }: WorkspaceClient, program: string): Promise<string> {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "program.py");
  await writeFile(path, prelude + program);
  const env = { DATABRICKS_HOST: databricks.url, DATABRICKS_TOKEN: databricks.token.reveal() };
  const { exitCode, output } = await run(python, [path], { env });
  if (exitCode !== 0) throw new Error(output);
  return output;
}

beforeAll(async () => {
  if (basePython !== undefined) ({ python } = await sharedEnvironment(basePython));
}, 600_000);

suite("the unmodified databricks-sdk", () => {
  test("imports, starts a cluster, installs, runs a job and reads its output", async () => {
    await using workspace = await startWorkspace({ python, clusterStartMs: 200 });

    const output = await withSdk(workspace, wholeWay);

    expect(output).toBe('{"name": "iris"}\nTrue\n');
    expect(workspace.databricks.unknownRoutes()).toEqual([]);
  }, 180_000);

  test("raises for each refusal what it raises for the service's", async () => {
    await using workspace = await startWorkspace({ python });

    const output = await withSdk(workspace, failures);

    expect(output.split("\n")).toEqual([
      "OperationFailed",
      "FAILED ValueError: bad",
      "ResourceDoesNotExist ResourceDoesNotExist ResourceDoesNotExist",
      "ResourceDoesNotExist ResourceDoesNotExist",
      "ResourceAlreadyExists",
      "PermissionDenied",
      "NotImplemented",
      "",
    ]);
  }, 180_000);

  test("starts one run although the answer to run-now was lost twice", async () => {
    await using workspace = await startWorkspace({ python });
    workspace.databricks.addFault({ when: "after", path: "run-now", times: 2 });

    const output = await withSdk(workspace, lostAnswer);

    expect(output).toBe("SUCCESS 1\n");
    const sent = workspace.databricks.requests().filter(({ path }) => path.endsWith("run-now"));
    expect(sent.map(({ status }) => status)).toEqual([0, 0, 200]);
  }, 180_000);
});
