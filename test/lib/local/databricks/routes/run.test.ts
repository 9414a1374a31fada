import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { findPython } from "../../../../support/python-environment.ts";
import { temporaryFolder } from "../../../../support/temporary-folder.ts";
import { clusterSpec, startWorkspace, type WorkspaceClient } from "../workspace-client.ts";

const found = findPython();
const python = found ?? "";
const suite = found === undefined ? describe.skip : describe;
const base = "/api/2.2/jobs";

/** A serverless notebook task. */
function notebook(task_key: string, path: string, differences: object = {}) {
  return { task_key, notebook_task: { notebook_path: path }, ...differences };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A process that has ended but was not yet collected by its parent counts as gone.
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

/** A notebook that writes the numbers of itself and of a child, and then waits for ever. */
const endless = `import os, pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path("pids.new").write_text(f"{os.getpid()} {child.pid}")
os.rename("pids.new", "pids")
time.sleep(600)
`;

async function pidsOf(workspace: WorkspaceClient): Promise<readonly number[]> {
  const path = join(workspace.databricks.folder, "workspace", "Shared", "pids");
  await workspace.until(
    () => Promise.resolve(existsSync(path)),
    (isThere) => isThere === true,
  );
  return readFileSync(path, "utf8").split(" ").map(Number);
}

async function untilGone(pids: readonly number[]): Promise<void> {
  while (pids.some((pid) => isAlive(pid))) await sleep(20);
}

suite("runs", () => {
  test("run tasks in their order and keep what each left behind", async () => {
    await using workspace = await startWorkspace({ python });
    await workspace.importSource("/Shared/first", "print('one')\ndbutils.notebook.exit('{\"a\": 1}')");
    await workspace.importSource("/Shared/second.py", "import sys\nprint(sys.argv[1:])", "RAW");
    const second = {
      task_key: "second",
      depends_on: [{ task_key: "first" }],
      spark_python_task: { python_file: "/Workspace/Shared/second.py", parameters: ["a b", "{{job.id}}"] },
      environment_key: "default",
    };
    const tasks = [second, notebook("first", "/Shared/first")];
    const { job_id } = await workspace.post(`${base}/create`, {
      name: "two",
      tasks,
      environments: [{ environment_key: "default", spec: { environment_version: "5" } }],
    });

    const { run_id, number_in_job } = await workspace.post(`${base}/run-now`, { job_id });
    const run = await workspace.untilOver(run_id);
    const [first, other] = [await workspace.outputOf(run, "first"), await workspace.outputOf(run, "second")];
    const parent = await workspace.ask("GET", `${base}/runs/get-output?run_id=${run_id}`);
    const page = await workspace.ask("GET", new URL(run.run_page_url).pathname);

    expect(number_in_job).toBe(run_id);
    expect(run).toMatchObject({
      job_id,
      run_name: "two",
      run_type: "JOB_RUN",
      state: { life_cycle_state: "TERMINATED", result_state: "SUCCESS", state_message: "" },
      status: { state: "TERMINATED", termination_details: { code: "SUCCESS" } },
    });
    const [lastTask, firstTask] = run.tasks;
    expect(lastTask.start_time).toBeGreaterThanOrEqual(firstTask.end_time);
    expect(first).toMatchObject({ notebook_output: { result: '{"a": 1}', truncated: false } });
    expect(first.logs).toBeUndefined();
    expect(other).toMatchObject({ logs: `['a b', '${job_id}']\n`, logs_truncated: false });
    expect(parent).toMatchObject({ status: 400, body: { error_code: "INVALID_PARAMETER_VALUE" } });
    expect(page.body).toContain("Task first");
    expect(page.body).toContain("one\n");
  });

  test("fail with the exception of the task, and skip what comes after it", async () => {
    await using workspace = await startWorkspace({ python });
    await workspace.importSource(
      "/Shared/bad",
      "x = 1\n\n# COMMAND ----------\n\ndef fail():\n    raise ValueError(f'bad {x}')\n\nfail()\n",
    );
    const after = notebook("after", "/Shared/bad", { depends_on: [{ task_key: "bad" }] });
    const last = notebook("last", "/Shared/bad", { depends_on: [{ task_key: "after" }] });

    const run = await workspace.runTasks([notebook("bad", "/Shared/bad"), after, last]);
    const { error, error_trace } = await workspace.outputOf(run, "bad");

    expect(run.state).toEqual({
      life_cycle_state: "INTERNAL_ERROR",
      result_state: "FAILED",
      state_message:
        "Task bad failed with message: Workload failed, see run output for details. " +
        "This caused all downstream tasks to get skipped.",
      user_cancelled_or_timedout: false,
    });
    expect(run.tasks.map(({ state }: { state: { result_state: string } }) => state.result_state)).toEqual([
      "FAILED",
      "UPSTREAM_FAILED",
      "UPSTREAM_FAILED",
    ]);
    expect(run.tasks[0].state).toMatchObject({ life_cycle_state: "TERMINATED" });
    expect(error).toBe("ValueError: bad 1");
    expect(error_trace).toBe(
      [
        "Traceback (most recent call last):",
        '  File "/Workspace/Shared/bad", line 9, in <module>',
        "    fail()",
        '  File "/Workspace/Shared/bad", line 7, in fail',
        "    raise ValueError(f'bad {x}')",
        "ValueError: bad 1",
        "",
      ].join("\n"),
    );
  });

  test.each([
    { path: "/Shared/none", says: "Notebook not found: /Shared/none" },
    { path: "Shared/a", says: "Notebook not found: Shared/a" },
    { path: "/Shared/file.py", says: "Notebook not found: /Shared/file.py" },
    { path: "/Shared/query", says: "/Shared/query is a notebook in SQL; this workspace runs Python only." },
  ])("never run $path, and say why", async ({ path, says }) => {
    await using workspace = await startWorkspace({ python });
    await workspace.importSource("/Shared/file.py", "x = 1", "AUTO");
    await workspace.importSource("/Shared/query.sql", "-- Databricks notebook source\nselect 1", "AUTO");

    const run = await workspace.runTasks([notebook("a", path)]);

    expect(run.tasks[0].state).toMatchObject({
      life_cycle_state: "INTERNAL_ERROR",
      result_state: "FAILED",
      state_message: says,
    });
    expect(await workspace.outputOf(run, "a")).toMatchObject({ error: says });
  });

  test("are the same for the same idempotency token, also when the answer was lost", async () => {
    await using workspace = await startWorkspace({ python });
    await workspace.importSource("/Shared/a", "x = 1");
    const { job_id } = await workspace.post(`${base}/create`, { tasks: [notebook("a", "/Shared/a")] });
    const wanted = { job_id, idempotency_token: "token-1" };
    workspace.databricks.addFault({ when: "after", path: "run-now" });

    await expect(workspace.ask("POST", `${base}/run-now`, wanted)).rejects.toThrow("fetch failed");
    const again = await workspace.post(`${base}/run-now`, wanted);
    const other = await workspace.post(`${base}/run-now`, { ...wanted, idempotency_token: "token-2" });
    const tooLong = await workspace.ask("POST", `${base}/run-now`, {
      ...wanted,
      idempotency_token: "x".repeat(65),
    });

    const { runs } = await workspace.get(`${base}/runs/list`, { job_id });
    expect(runs.map(({ run_id }: { run_id: number }) => run_id)).toEqual([other.run_id, again.run_id]);
    expect(tooLong).toMatchObject({ status: 400, body: { error_code: "INVALID_PARAMETER_VALUE" } });
  });

  test("are cancelled with everything that the task started", async () => {
    await using workspace = await startWorkspace({ python });
    await workspace.importSource("/Shared/endless", endless);
    const { run_id } = await workspace.post(`${base}/runs/submit`, {
      tasks: [notebook("a", "/Shared/endless")],
    });
    const pids = await pidsOf(workspace);
    const running = await workspace.get(`${base}/runs/get`, { run_id });
    const remove = await workspace.ask("POST", `${base}/runs/delete`, { run_id });

    await workspace.post(`${base}/runs/cancel`, { run_id });
    const run = await workspace.untilOver(run_id);

    expect(running.state.life_cycle_state).toBe("RUNNING");
    expect(remove).toMatchObject({ status: 400, body: { error_code: "INVALID_STATE" } });
    expect(run.state).toMatchObject({
      life_cycle_state: "TERMINATED",
      result_state: "CANCELED",
      user_cancelled_or_timedout: true,
    });
    expect(run.tasks[0].state.result_state).toBe("CANCELED");
    await untilGone(pids);
  });

  test.each([
    { settings: { timeout_seconds: 1 }, task: {}, result: "TIMEDOUT" },
    { settings: {}, task: { timeout_seconds: 1 }, result: "FAILED" },
  ])("end after their time: $result", async ({ settings, task, result }) => {
    await using workspace = await startWorkspace({ python });
    await workspace.importSource("/Shared/endless", endless);

    const run = await workspace.runTasks([notebook("a", "/Shared/endless", task)], settings);

    expect(run.state.result_state).toBe(result);
    expect(run.tasks[0].state).toMatchObject({ result_state: "TIMEDOUT", user_cancelled_or_timedout: true });
  });

  test("end with the workspace, and say so after its restart", async () => {
    await using temporary = await temporaryFolder();
    const folder = temporary.path;
    const first = await startWorkspace({ python, folder });
    await first.importSource("/Shared/endless", endless);
    const { run_id } = await first.post(`${base}/runs/submit`, { tasks: [notebook("a", "/Shared/endless")] });
    const pids = await pidsOf(first);

    await first.databricks[Symbol.asyncDispose]();
    await untilGone(pids);
    await using second = await startWorkspace({ python, folder });

    const run = await second.get(`${base}/runs/get`, { run_id });
    expect(run.state).toMatchObject({
      life_cycle_state: "INTERNAL_ERROR",
      result_state: "FAILED",
      state_message: "The workspace was stopped during the run.",
    });
    expect(run.tasks[0].state.life_cycle_state).toBe("INTERNAL_ERROR");
  });

  test("that are one too many are skipped, or wait where the job has a queue", async () => {
    await using workspace = await startWorkspace({ python });
    await workspace.importSource("/Shared/endless", endless);
    const tasks = [notebook("a", "/Shared/endless")];
    const { job_id } = await workspace.post(`${base}/create`, { tasks });
    const first = await workspace.post(`${base}/run-now`, { job_id });
    const second = await workspace.post(`${base}/run-now`, { job_id });
    await workspace.post(`${base}/update`, { job_id, new_settings: { queue: { enabled: true } } });
    const third = await workspace.post(`${base}/run-now`, { job_id });

    const skipped = await workspace.get(`${base}/runs/get`, { run_id: second.run_id });
    const queued = await workspace.get(`${base}/runs/get`, { run_id: third.run_id });
    const active = await workspace.get(`${base}/runs/list`, { job_id, active_only: "true" });
    await workspace.post(`${base}/runs/cancel`, { run_id: first.run_id });

    expect(skipped.state).toMatchObject({
      life_cycle_state: "SKIPPED",
      result_state: "MAXIMUM_CONCURRENT_RUNS_REACHED",
    });
    expect(queued.state.life_cycle_state).toBe("QUEUED");
    expect(active.runs.map(({ run_id }: { run_id: number }) => run_id)).toEqual([third.run_id, first.run_id]);
    await workspace.until(
      () => workspace.get(`${base}/runs/get`, { run_id: third.run_id }),
      ({ state }) => state.life_cycle_state === "RUNNING",
    );
  });

  test("start the cluster they are to run on, and see its variables", async () => {
    await using workspace = await startWorkspace({ python });
    await workspace.post("/api/2.0/secrets/scopes/create", { scope: "s" });
    await workspace.post("/api/2.0/secrets/put", { scope: "s", key: "k", string_value: "hidden-value" });
    const spark_env_vars = { PLACE: "here", HIDDEN: "{{secrets/s/k}}" };
    const cluster_id = await workspace.startCluster({
      spark_env_vars,
      spark_conf: { "spark.a": "{{secrets/s/k}}" },
    });
    await workspace.post("/api/2.1/clusters/delete", { cluster_id });
    await workspace.importSource(
      "/Shared/a",
      "import os\nassert os.environ['HIDDEN'] == 'hidden' + '-value' == spark.conf.get('spark.a')\n" +
        "dbutils.notebook.exit(os.environ['PLACE'] + ' ' + os.environ['DATABRICKS_RUNTIME_VERSION'])",
    );

    const run = await workspace.runTasks([notebook("a", "/Shared/a", { existing_cluster_id: cluster_id })]);

    expect(run.tasks[0].cluster_instance).toEqual({ cluster_id });
    expect(await workspace.outputOf(run, "a")).toMatchObject({ notebook_output: { result: "here 17.3" } });
    expect((await workspace.get("/api/2.1/clusters/get", { cluster_id })).state).toBe("RUNNING");
  });

  test("tell the makers of MLflow nothing, unless their cluster wants it", async () => {
    await using workspace = await startWorkspace({ python });
    const look = "import os\ndbutils.notebook.exit(os.environ['MLFLOW_DISABLE_TELEMETRY'])";
    await workspace.importSource("/Shared/a", look);
    const new_cluster = { ...clusterSpec, spark_env_vars: { MLFLOW_DISABLE_TELEMETRY: "false" } };
    const own = notebook("own", "/Shared/a", { new_cluster });

    const run = await workspace.runTasks([notebook("plain", "/Shared/a", { new_cluster: clusterSpec }), own]);

    const results = await Promise.all(["plain", "own"].map((key) => workspace.outputOf(run, key)));
    expect(results.map(({ notebook_output }) => notebook_output.result)).toEqual(["true", "false"]);
  });

  test("have clusters of their own, which tasks share and which go with the run", async () => {
    await using workspace = await startWorkspace({ python });
    await workspace.importSource("/Shared/a", "x = 1");
    const tasks = ["a", "b"].map((key) => notebook(key, "/Shared/a", { job_cluster_key: "shared" }));
    const job_clusters = [{ job_cluster_key: "shared", new_cluster: clusterSpec }];

    const run = await workspace.runTasks(tasks, { job_clusters });

    const [first, second] = run.tasks;
    expect(run.state.result_state).toBe("SUCCESS");
    expect(first.cluster_instance).toEqual(second.cluster_instance);
    const { cluster_id } = first.cluster_instance;
    const cluster = await workspace.until(
      () => workspace.get("/api/2.1/clusters/get", { cluster_id }),
      ({ state }) => state === "TERMINATED",
    );
    expect(cluster).toMatchObject({ cluster_source: "JOB", termination_reason: { code: "JOB_FINISHED" } });
  });

  test("fail around the task where there is no cluster to run on", async () => {
    await using workspace = await startWorkspace({ python });
    await workspace.importSource("/Shared/a", "x = 1");
    workspace.databricks.addFault({ cluster: "launch-failure" });

    const none = await workspace.runTasks([notebook("a", "/Shared/a", { existing_cluster_id: "none" })]);
    const failed = await workspace.runTasks([notebook("a", "/Shared/a", { new_cluster: clusterSpec })]);

    expect(none.tasks[0]).toMatchObject({
      state: { life_cycle_state: "INTERNAL_ERROR", state_message: "Cluster none does not exist" },
      status: { termination_details: { code: "CLUSTER_ERROR" } },
    });
    expect(failed.tasks[0].state.state_message).toMatch(/^Unexpected failure while waiting for the cluster/);
  });

  test("end when their cluster does", async () => {
    await using workspace = await startWorkspace({ python });
    await workspace.importSource("/Shared/endless", endless);
    const cluster_id = await workspace.startCluster();
    const tasks = [notebook("a", "/Shared/endless", { existing_cluster_id: cluster_id })];
    const { run_id } = await workspace.post(`${base}/runs/submit`, { tasks });
    const pids = await pidsOf(workspace);

    await workspace.post("/api/2.1/clusters/delete", { cluster_id });
    const run = await workspace.untilOver(run_id);

    expect(run.tasks[0].state.state_message).toBe(
      "The cluster was terminated or started again during the run.",
    );
    await untilGone(pids);
  });

  test("are listed by job, newest first and by pages, and can be removed", async () => {
    await using workspace = await startWorkspace({ python });
    await workspace.importSource("/Shared/a", "x = 1");
    const { job_id } = await workspace.post(`${base}/create`, { tasks: [notebook("a", "/Shared/a")] });
    await workspace.runTasks([notebook("a", "/Shared/a")]);
    const ids = [];
    for (let count = 0; count < 2; count += 1) {
      const { run_id } = await workspace.post(`${base}/run-now`, { job_id });
      await workspace.untilOver(run_id);
      ids.unshift(run_id);
    }

    const page = await workspace.get(`${base}/runs/list`, { job_id, limit: 1 });
    const rest = await workspace.get(`${base}/runs/list`, {
      job_id,
      limit: 1,
      page_token: page.next_page_token,
    });
    await workspace.post(`${base}/runs/delete`, { run_id: ids[0] });
    const gone = await workspace.ask("GET", `${base}/runs/get?run_id=${ids[0]}`);

    expect([page.runs[0].run_id, rest.runs[0].run_id]).toEqual(ids);
    expect(page.runs[0].tasks).toBeUndefined();
    const message = `Run ${ids[0]} does not exist.`;
    expect(gone).toEqual({ status: 400, body: { error_code: "INVALID_PARAMETER_VALUE", message } });
    expect((await workspace.get(`${base}/runs/list`, { run_type: "SUBMIT_RUN" })).runs).toHaveLength(1);
  });

  test("show nobody a token or a secret, whatever the task prints", async () => {
    const environ = { PATH: process.env["PATH"] ?? "", FEED_PASSWORD: "feed-password" };
    await using workspace = await startWorkspace({ python, environ });
    await workspace.post("/api/2.0/secrets/scopes/create", { scope: "s" });
    await workspace.post("/api/2.0/secrets/put", { scope: "s", key: "k", string_value: "hidden-value" });
    const path = "/Shared/leak";
    await workspace.importSource(
      path,
      "import os, pathlib, sys\nvalue = dbutils.secrets.get('s', 'k')\nassert len(value) == 12\n" +
        "text = f\"{value} {os.environ['DATABRICKS_TOKEN']} {os.environ['FEED_PASSWORD']}\"\n" +
        "assert os.environ['DATABRICKS_TOKEN'] not in pathlib.Path('/proc/self/cmdline').read_text()\n" +
        "print(text)\nprint(text, file=sys.stderr)\nos.system(f'echo {value}')\nraise ValueError(text)",
    );

    const run = await workspace.runTasks([notebook("a", path, { notebook_task: { notebook_path: path } })]);
    const output = await workspace.outputOf(run, "a");
    const page = await workspace.ask("GET", new URL(run.run_page_url).pathname);

    const shown = "[REDACTED] [REDACTED] [REDACTED]";
    expect(output.error).toBe(`ValueError: ${shown}`);
    expect(page.body).toContain(`${shown}\n${shown}\n[REDACTED]\n`);
    const everything = JSON.stringify([run, output, page]);
    for (const value of ["hidden-value", workspace.databricks.token.reveal(), "feed-password"])
      expect(everything).not.toContain(value);
  });
});
