import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { Secret } from "../../../../lib/errors/secret.ts";
import { startLocalMlflow, type LocalMlflow } from "../../../../lib/local/mlflow/start-local-mlflow.ts";
import type { ServiceStatus } from "../../../../lib/local/service-status.ts";
import { createToken } from "../../../../lib/local/start.ts";
import { withMlflow } from "../../../support/mlflow-client.ts";
import { findPython, sharedEnvironment } from "../../../support/python-environment.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

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

/** Nothing else than the port of the gate may be open: whoever reaches MLflow without the token may do everything. */
function listeningPorts(): readonly string[] {
  const lines = execFileSync("ss", ["-Hltnp"], { encoding: "utf8" }).split("\n");
  return lines.filter((line) => /"(python|uvicorn|mlflow)/.test(line));
}

function processesIn(folder: string): readonly string[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid="], { encoding: "utf8" }).split("\n");
  const pids = lines.map((line) => line.trim()).filter((pid) => pid !== "");
  return pids.filter((pid) => workingFolder(pid) === folder);
}

function workingFolder(pid: string): string {
  try {
    return execFileSync("readlink", [`/proc/${pid}/cwd`], { encoding: "utf8" }).trim();
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
  test("registers, names, stages and gives back for the unmodified client, and keeps it over a restart", async () => {
    await using temporary = await temporaryFolder();
    const token = createToken();
    const statuses: ServiceStatus[] = [];
    const report = (status: ServiceStatus): void => void statuses.push(status);
    const first = await start(temporary.path, { token, report });
    const early = await fetch(first.url, { headers: { authorization: `Bearer ${token.reveal()}` } });
    await first.ready;

    await withMlflow({ python, url: first.url, token }, register);
    const port = Number(new URL(first.url).port);
    await first[Symbol.asyncDispose]();
    await using second = await start(temporary.path, { token, port });
    await second.ready;
    const found = await withMlflow({ python, url: second.url, token }, lookUp);

    expect(early.status).toBe(503);
    expect(statuses.map(({ state, url }) => ({ state, url }))).toEqual([
      { state: "starting", url: first.url },
      { state: "running", url: first.url },
    ]);
    expect(second.url).toBe(first.url);
    expect(found.trim()).toBe("1 Production 0.5 True [7]");
  }, 180_000);

  test("is reached with the token only, and opens no port of its own", async () => {
    await using temporary = await temporaryFolder();
    await using mlflow = await start(temporary.path);
    await mlflow.ready;
    const wrong = { python, url: mlflow.url, token: new Secret("wrong") };
    const search = `${mlflow.url}/api/2.0/mlflow/experiments/search?max_results=1`;

    const attempt = withMlflow(wrong, "import mlflow; mlflow.search_experiments()");

    await expect(attempt).rejects.toThrow("UNAUTHENTICATED: The token is missing or wrong.");
    expect((await fetch(search)).status).toBe(401);
    if (process.platform === "linux") expect(listeningPorts()).toEqual([]);
    const folder = join(temporary.path, "mlflow");
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder).filter((name) => name.startsWith("socket-"))).toHaveLength(1);
  }, 120_000);

  test("shows its pages to a browser that knows the token", async () => {
    await using temporary = await temporaryFolder();
    const token = createToken();
    await using mlflow = await start(temporary.path, { token });
    await mlflow.ready;

    const page = await fetch(mlflow.url, {
      headers: { authorization: `Basic ${btoa(`me:${token.reveal()}`)}` },
    });

    expect(page.status).toBe(200);
    expect(await page.text()).toContain("<title>MLflow</title>");
  }, 120_000);

  test("leaves no process when it stops, even in the middle of its start", async () => {
    await using temporary = await temporaryFolder();
    const mlflow: LocalMlflow = await start(temporary.path);
    const folder = join(temporary.path, "mlflow");
    while (!existsSync(join(folder, "mlflow.db"))) await new Promise((resolve) => setTimeout(resolve, 20));
    const before = processesIn(folder);

    await mlflow[Symbol.asyncDispose]();

    await expect(mlflow.ready).rejects.toMatchObject({ name: "AbortError" });
    if (process.platform === "linux") expect(before.length).toBeGreaterThan(0);
    expect(processesIn(folder)).toEqual([]);
  }, 60_000);

  test("says so when its server is killed", async () => {
    await using temporary = await temporaryFolder();
    const token = createToken();
    const statuses: ServiceStatus[] = [];
    const report = (status: ServiceStatus): void => void statuses.push(status);
    await using mlflow = await start(temporary.path, { token, report });
    await mlflow.ready;

    for (const pid of processesIn(join(temporary.path, "mlflow"))) process.kill(Number(pid), "SIGKILL");
    while (statuses.at(-1)?.state === "running") await new Promise((resolve) => setTimeout(resolve, 10));
    const answer = await fetch(mlflow.url, { headers: { authorization: `Bearer ${token.reveal()}` } });

    expect(statuses.at(-1)).toMatchObject({
      url: undefined,
      state: "unavailable",
      detail: expect.stringContaining(join(temporary.path, "mlflow", "server.log")),
    });
    expect(answer.status).toBe(501);
  }, 120_000);

  test("works in a folder whose name has characters that mean something in addresses", async () => {
    await using temporary = await temporaryFolder();
    const folder = join(temporary.path, "a b?c%20#'\"$");
    await mkdir(folder);
    const token = createToken();

    await using mlflow = await start(folder, { token });
    await mlflow.ready;

    const code = "import mlflow\nwith mlflow.start_run() as run: mlflow.log_text('x', 'a.txt')";
    await withMlflow({ python, url: mlflow.url, token }, code);
    expect(existsSync(join(folder, "mlflow", "mlflow.db"))).toBe(true);
    expect(readdirSync(temporary.path)).toHaveLength(1);
  }, 120_000);
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
