import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { Secret } from "../../../lib/errors/secret.ts";
import { requirements } from "../../../lib/local/mlflow/prepare-python.ts";
import { eacModel } from "../../support/eac-model.ts";
import { withMlflow } from "../../support/mlflow-client.ts";
import {
  findPython,
  layeredEnvironment,
  sharedEnvironment,
  type PythonEnvironment,
} from "../../support/python-environment.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const basePython = findPython();
const suite = basePython === undefined ? describe.skip : describe;
let shared: PythonEnvironment = { python: "" };

// oxlint-disable-next-line typescript/no-explicit-any -- the shape of an answer is what a test looks at
type Json = any;

interface Home extends AsyncDisposable {
  readonly folder: string;
  local(...words: string[]): Promise<string>;
  json(...words: string[]): Promise<Json>;
  /** The status once no server is starting any more. */
  settled(): Promise<Json>;
}

/** A home whose Python is there already, so that nothing has to be installed. */
async function home(): Promise<Home> {
  const parent = await temporaryFolder();
  const folder = join(parent.path, "home", "local");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await layeredEnvironment(shared, join(folder, "python"));
  await writeFile(join(folder, "python", "requirements.txt"), requirements);
  const options = { cwd: parent.path, env: { EAC_MODEL_HOME: join(parent.path, "home") } };
  const local = async (...words: string[]): Promise<string> => {
    const { code, output, error } = await eacModel(["local", ...words], options);
    if (code !== 0) throw new Error(error);
    return output;
  };
  const json = async (...words: string[]): Promise<Json> => JSON.parse(await local(...words, "--json"));
  return {
    folder,
    local,
    json,
    settled: async () => {
      for (;;) {
        const status = await json("status");
        if (status.databricks.state !== "starting" && status.mlflow.state !== "starting") return status;
        await sleep(200);
      }
    },
    [Symbol.asyncDispose]: async () => {
      await local("stop");
      await parent[Symbol.asyncDispose]();
    },
  };
}

function tokenIn(folder: string): Secret {
  return new Secret(readFileSync(join(folder, "token"), "utf8").trim());
}

/** The programs that the daemon of a folder started, whoever is their parent now. */
function programsOf(folder: string): readonly string[] {
  const lines = execFileSync("ps", ["-A", "-ww", "-o", "pid=,args="], { encoding: "utf8" }).split("\n");
  return lines.filter((line) => line.includes(join(folder, "python")));
}

beforeAll(async () => {
  if (basePython !== undefined) shared = await sharedEnvironment(basePython);
}, 600_000);

suite("eac-model local with Databricks and MLflow", () => {
  test("starts once, shows all addresses, and keeps ports and data over a restart", async () => {
    await using place = await home();

    const started = await Promise.all([place.json("start"), place.json("start")]);
    const first = await place.settled();
    const text = await place.local("status");
    const server = { python: shared.python, url: first.mlflow.url, token: tokenIn(place.folder) };
    await withMlflow(server, "import mlflow; mlflow.create_experiment('kept')");
    await place.local("stop");
    const between = programsOf(place.folder);
    await place.local("start");
    const second = await place.settled();
    const kept = await withMlflow(server, "import mlflow; print(mlflow.get_experiment_by_name('kept').name)");

    expect(new Set(started.map(({ pid }) => pid)).size).toBe(1);
    expect(started[0]).toMatchObject({ running: true, mlflow: { url: first.mlflow.url } });
    expect(first.mlflow).toEqual({
      state: "running",
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    });
    expect(text).toMatch(new RegExp(`^ {2}mlflow {6}${first.mlflow.url}$`, "m"));
    expect(between).toEqual([]);
    expect([second.url, second.mlflow.url]).toEqual([first.url, first.mlflow.url]);
    expect(kept.trim()).toBe("kept");
  }, 180_000);

  test("leaves no program behind when its process is killed, and starts again at once", async () => {
    await using place = await home();
    await place.local("start");
    const { pid, mlflow } = await place.settled();
    const before = programsOf(place.folder);

    process.kill(pid, "SIGKILL");
    const again = await place.json("start");
    const settled = await place.settled();
    await place.local("stop");

    expect(before.length).toBeGreaterThan(0);
    expect(again.pid).not.toBe(pid);
    expect(settled.mlflow).toEqual({ state: "running", url: mlflow.url });
    expect(programsOf(place.folder)).toEqual([]);
  }, 120_000);

  test("starts Azure DevOps alone when asked to, and keeps the ports of others that have failed", async () => {
    await using place = await home();
    const { mlflow } = await place.json("start");
    const servers = (): readonly string[] =>
      programsOf(place.folder).filter((line) => line.includes("-m mlflow server"));
    while (servers().length === 0) await sleep(10);
    for (const server of servers()) process.kill(Number.parseInt(server, 10), "SIGKILL");
    const failed = await place.settled();
    await place.local("stop");

    const alone = await place.local("start", "--only-devops");
    const status = await place.json("status");
    const programs = programsOf(place.folder);
    const { ports } = JSON.parse(readFileSync(join(place.folder, "daemon.json"), "utf8"));
    await place.local("stop");
    const stopped = await place.json("status");

    expect(failed.mlflow).toMatchObject({
      state: "unavailable",
      detail: expect.stringContaining("server.log"),
    });
    expect(alone).toContain("mlflow      not started (--only-devops)");
    expect(status).toMatchObject({ running: true, mlflow: { state: "off" }, databricks: { state: "off" } });
    expect(programs).toEqual([]);
    expect(stopped).toMatchObject({ running: false, mlflow: { state: "off" } });
    expect(`http://127.0.0.1:${ports.mlflow}`).toBe(mlflow.url);
  }, 120_000);
});
