import { existsSync, readFileSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Secret } from "../../../../lib/errors/secret.ts";
import { startLocalMlflow, type LocalMlflow } from "../../../../lib/local/mlflow/start-local-mlflow.ts";
import type { ServiceStatus } from "../../../../lib/local/service-status.ts";
import { createToken } from "../../../../lib/local/start.ts";
import { withMlflow } from "../../../support/mlflow-client.ts";
import { findPython, sharedEnvironment } from "../../../support/python-environment.ts";
import { temporaryFolder, type TemporaryFolder } from "../../../support/temporary-folder.ts";

const basePython = findPython();
const suite = basePython === undefined ? describe.skip : describe;
let python = "";

const register = `
import hashlib, os, pathlib, tempfile
import mlflow
from mlflow import MlflowClient

class Echo(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input):
        return model_input

client = MlflowClient()
mlflow.set_experiment("iris training")
with mlflow.start_run() as run:
    mlflow.log_metric("accuracy", 0.5)
    file = pathlib.Path(tempfile.mkdtemp(), "large.bin")
    file.write_bytes(os.urandom(40_000_000))
    mlflow.log_artifact(str(file))
    mlflow.pyfunc.log_model(name="model", python_model=Echo(), registered_model_name="iris")
client.set_registered_model_alias("iris", "champion", "1")
client.transition_model_version_stage("iris", "1", "Production")
client.set_model_version_tag("iris", "1", "digest", hashlib.sha256(file.read_bytes()).hexdigest())
`;

const lookUp = `
import hashlib, pathlib
import mlflow
from mlflow import MlflowClient

client = MlflowClient()
version = client.get_model_version_by_alias("iris", "champion")
large = mlflow.artifacts.download_artifacts(run_id=version.run_id, artifact_path="large.bin")
same = hashlib.sha256(pathlib.Path(large).read_bytes()).hexdigest() == version.tags["digest"]
metric = client.get_run(version.run_id).data.metrics["accuracy"]
print(version.version, version.current_stage, metric, same, mlflow.pyfunc.load_model("models:/iris@champion").predict([7]))
`;

/** Only Linux tells what a process has open. */
const suiteOnLinux = process.platform === "linux" ? suite : describe.skip;

/** The numbers of the processes that work in a folder. */
function processesIn(folder: string): readonly number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => linkAt(`/proc/${pid}/cwd`) === folder).map(Number);
}

/** Whether a process listens on a port of this machine. */
function listensOnPort(pid: number): boolean {
  const tables = ["tcp", "tcp6"].map((name) => readFileSync(`/proc/net/${name}`, "utf8"));
  const listening = tables.flatMap((table) => table.split("\n").filter((line) => line.includes(" 0A ")));
  const sockets = new Set(listening.map((line) => `socket:[${line.trim().split(/\s+/)[9]}]`));
  return readdirSync(`/proc/${pid}/fd`).some((fd) => sockets.has(linkAt(`/proc/${pid}/fd/${fd}`)));
}

/** Empty where it cannot be read, as for a process that has just ended. */
function linkAt(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

function start(folder: string, differences: Partial<Parameters<typeof startLocalMlflow>[0]> = {}) {
  const usual = { folder, port: 0, token: createToken(), python, environ: process.env };
  return startLocalMlflow({ ...usual, ...differences });
}

beforeAll(async () => {
  if (basePython !== undefined) ({ python } = await sharedEnvironment(basePython));
}, 600_000);

suite("MLflow on this machine", () => {
  // The name of the folder has characters that mean something in addresses.
  test("registers, names, stages and gives back for the unmodified client, and keeps it over a restart", async () => {
    await using temporary = await temporaryFolder();
    const folder = join(temporary.path, "a b?c%20#'\"$");
    await mkdir(folder);
    const token = createToken();
    const statuses: ServiceStatus[] = [];
    const report = (status: ServiceStatus): void => void statuses.push(status);
    await using first = await start(folder, { token, report });
    const early = await fetch(first.url, { headers: { authorization: `Bearer ${token.reveal()}` } });
    await first.ready;

    await withMlflow({ python, url: first.url, token }, register);
    const port = Number(new URL(first.url).port);
    await first[Symbol.asyncDispose]();
    await using second = await start(folder, { token, port });
    await second.ready;
    const found = await withMlflow({ python, url: second.url, token }, lookUp);

    expect(early.status).toBe(503);
    expect(statuses.map(({ state, url }) => ({ state, url }))).toEqual([
      { state: "starting", url: first.url },
      { state: "running", url: first.url },
    ]);
    expect(second.url).toBe(first.url);
    expect(found.trim()).toBe("1 Production 0.5 True [7]");
    expect(readdirSync(temporary.path)).toHaveLength(1);
  }, 240_000);
});

suiteOnLinux("a server of MLflow on this machine", () => {
  const token = createToken();
  const authorization = `Bearer ${token.reveal()}`;
  const statuses: ServiceStatus[] = [];
  let temporary: TemporaryFolder;
  let mlflow: LocalMlflow;
  let folder = "";

  beforeAll(async () => {
    temporary = await temporaryFolder();
    folder = join(temporary.path, "mlflow");
    mlflow = await start(temporary.path, { token, report: (status) => void statuses.push(status) });
    await mlflow.ready;
  }, 120_000);

  afterAll(async () => {
    await mlflow[Symbol.asyncDispose]();
    await temporary[Symbol.asyncDispose]();
  });

  test("is reached with the token only", async () => {
    const wrong = { python, url: mlflow.url, token: new Secret("wrong") };
    const search = `${mlflow.url}/api/2.0/mlflow/experiments/search?max_results=1`;

    const attempt = withMlflow(wrong, "import mlflow; mlflow.search_experiments()");

    await expect(attempt).rejects.toThrow("UNAUTHENTICATED: The token is missing or wrong.");
    expect((await fetch(search)).status).toBe(401);
    expect((await fetch(search, { headers: { authorization } })).status).toBe(200);
  }, 60_000);

  test("opens no port of its own, and its socket is in a folder that is closed to others", () => {
    const pids = processesIn(folder);

    expect(pids.length).toBeGreaterThan(1);
    expect(pids.filter(listensOnPort)).toEqual([]);
    expect(listensOnPort(process.pid)).toBe(true);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder).filter((name) => name.startsWith("socket-"))).toHaveLength(1);
  });

  test("shows its pages to a browser that knows the token", async () => {
    const basic = `Basic ${btoa(`me:${token.reveal()}`)}`;

    const page = await fetch(mlflow.url, { headers: { authorization: basic } });

    expect(page.status).toBe(200);
    expect(await page.text()).toContain("<title>MLflow</title>");
  });

  test("says so when it is killed, and leaves no process", async () => {
    const [, program = 0] = processesIn(folder);

    process.kill(program, "SIGKILL");
    while (statuses.at(-1)?.state === "running") await sleep(10);
    const answer = await fetch(mlflow.url, { headers: { authorization } });

    expect(statuses.at(-1)).toMatchObject({
      url: undefined,
      state: "unavailable",
      detail: expect.stringContaining(join(folder, "server.log")),
    });
    expect(answer.status).toBe(501);
    // A process that was killed keeps its number for a moment.
    for (let tries = 0; tries < 100 && processesIn(folder).length > 0; tries += 1) await sleep(50);
    expect(processesIn(folder)).toEqual([]);
  }, 20_000);

  test("leaves no process when it is stopped in the middle of its start", async () => {
    await using other = await temporaryFolder();
    const starting = await start(other.path);
    const its = join(other.path, "mlflow");
    while (!existsSync(join(its, "mlflow.db"))) await sleep(20);
    const before = processesIn(its);

    await starting[Symbol.asyncDispose]();

    await expect(starting.ready).rejects.toMatchObject({ name: "AbortError" });
    expect(before.length).toBeGreaterThan(0);
    expect(processesIn(its)).toEqual([]);
  }, 90_000);
});

test("a folder whose path is too long for a socket, and a Python that cannot run MLflow, are named", async () => {
  await using temporary = await temporaryFolder();
  const long = join(temporary.path, "x".repeat(90));

  await using one = await start(long, { python: "python-that-is-not-there" });
  await using other = await start(temporary.path, { python: "python-that-is-not-there" });

  await expect(one.ready).rejects.toMatchObject({
    code: "EAC_LOCAL_MLFLOW_FAILED",
    message: expect.stringContaining(long),
  });
  await expect(other.ready).rejects.toMatchObject({
    code: "EAC_LOCAL_MLFLOW_FAILED",
    message: expect.stringContaining("ended with exit code 1"),
  });
});
