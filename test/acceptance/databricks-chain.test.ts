import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Answers } from "../../lib/answers/answers.ts";
import { Secret } from "../../lib/errors/secret.ts";
import {
  startLocalDatabricks,
  type LocalDatabricks,
} from "../../lib/local/databricks/start-local-databricks.ts";
import { startLocalMlflow, type LocalMlflow } from "../../lib/local/mlflow/start-local-mlflow.ts";
import { readTemplates } from "../../lib/template/read-templates.ts";
import { renderTree } from "../../lib/template/render-tree.ts";
import { anAnswers } from "../support/an-answers.ts";
import {
  findPython,
  layeredEnvironment,
  run,
  sharedEnvironment,
  type Finished,
  type PythonEnvironment,
} from "../support/python-environment.ts";
import { temporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

const token = new Secret("token-of-the-local-services");
const basePython = findPython();
const describeWithPython = basePython === undefined ? describe.skip : describe;

const model = anAnswers({
  environment_file: "pip",
  environments: ["tst", "qa", "prod"].map((name) => ({ name, workspace_url: "", approvers: [] })),
});

jest.setTimeout(600_000);

interface Services {
  readonly databricks: LocalDatabricks;
  readonly tracking: LocalMlflow;
  readonly registry: LocalMlflow;
}

let folder: TemporaryFolder | undefined;
let python: PythonEnvironment | undefined;
let services: Services | undefined;

beforeAll(async () => {
  if (basePython === undefined) return;
  folder = await temporaryFolder();
  python = await sharedEnvironment(basePython);
  services = await startServices(folder.path, python.python);
});

afterAll(async () => {
  await services?.databricks[Symbol.asyncDispose]();
  await services?.tracking[Symbol.asyncDispose]();
  await services?.registry[Symbol.asyncDispose]();
  await folder?.[Symbol.asyncDispose]();
});

describeWithPython("a batch model on Databricks", () => {
  test.each([
    ["job_cluster", "stages"],
    ["all_purpose", "aliases"],
  ] as const)(
    "is trained, judged and registered on a %s with %s, and a second time nothing is made twice",
    async (mode, lifecycle) => {
      const answers: Answers = {
        ...model,
        model_name: `iris-${lifecycle}`,
        compute: { mode },
        registry: { ...model.registry, lifecycle },
      };
      const repository = await makeRepository(answers);
      const world = started();

      const first = await runChain(repository, mode);
      const made = creations(world.databricks);
      await mloccli(repository, "registry promote");
      const second = await runChain(repository, mode, "keep champion");

      expect(first.output).toContain("first version");
      expect(second.output).toContain("keep champion");
      expect(creations(world.databricks)).toEqual(made);
      expect(world.databricks.unknownRoutes()).toEqual([]);
      expect(await mloccli(repository, "registry list")).toMatchObject({
        exitCode: 0,
        output: expect.stringMatching(/1\s+production/),
      });
      for (const { output } of [first, second]) expect(output).not.toContain(token.reveal());
    },
  );

  test("loads from the central registry while the tracking server is stopped", async () => {
    const repository = await makeRepository({ ...model, model_name: "iris-stages" });
    await started().tracking[Symbol.asyncDispose]();

    const loaded = await run(
      repository.python,
      [
        "-c",
        "import mlflow.pyfunc, pandas as pd; model = mlflow.pyfunc.load_model('models:/iris-stages/1'); print(len(model.predict(pd.read_csv('outputs/package/example_input.csv'))))",
      ],
      { cwd: repository.path, env: { ...environment(), MLFLOW_TRACKING_URI: started().registry.url } },
    );

    expect(loaded.output).toContain("5\n");
    expect(loaded.exitCode).toBe(0);
  });
});

interface Repository {
  readonly path: string;
  readonly python: string;
}

function started(): Services {
  if (services === undefined) throw new Error("The services were not started.");
  return services;
}

async function startServices(root: string, interpreter: string): Promise<Services> {
  const start = async (name: string): Promise<LocalMlflow> => {
    const place = join(root, name);
    await mkdir(place, { recursive: true });
    return await startLocalMlflow({
      folder: place,
      port: 0,
      token,
      python: interpreter,
      environ: process.env,
    });
  };
  const [tracking, registry] = await Promise.all([start("tracking"), start("registry")]);
  await Promise.all([tracking.ready, registry.ready]);
  const databricks = await startLocalDatabricks({
    folder: join(root, "databricks"),
    token,
    python: interpreter,
    clusterStartMs: 50,
    environ: {
      PATH: process.env["PATH"] ?? "",
      MLFLOW_TRACKING_URI: tracking.url,
      MLFLOW_TRACKING_TOKEN: token.reveal(),
    },
  });
  return { databricks, tracking, registry };
}

/** A repository with its own environment; one that is there already is used again. */
async function makeRepository(answers: Answers): Promise<Repository> {
  if (folder === undefined || python === undefined) throw new Error("Nothing was prepared.");
  const path = join(folder.path, answers.model_name);
  const interpreter = join(path, ".venv", "bin", "python");
  if ((await run("test", ["-x", interpreter])).exitCode === 0) return { path, python: interpreter };
  for (const file of renderTree(await readTemplates(), answers)) {
    await mkdir(dirname(join(path, file.path)), { recursive: true });
    await writeFile(join(path, file.path), file.bytes);
  }
  const repository = { path, python: await layeredEnvironment(python, join(path, ".venv")) };
  await mustRun(repository, ["-m", "pip", "install", "--quiet", "--no-deps", "--editable", "."]);
  return repository;
}

/** What a step of the generated pipelines finds in its environment. */
function environment(): Readonly<Record<string, string>> {
  const { databricks, tracking, registry } = started();
  return {
    ENVIRONMENT: "tst",
    DATABRICKS_HOST: databricks.url,
    DATABRICKS_TOKEN: token.reveal(),
    MLFLOW_TRACKING_URI: tracking.url,
    MLFLOW_TRACKING_TOKEN: token.reveal(),
    CMR_URI: registry.url,
    CMR_TOKEN: token.reveal(),
    BUILD_SOURCEBRANCHNAME: "main",
    PIP_NO_INDEX: "1",
    PIP_NO_BUILD_ISOLATION: "0",
    TF_BUILD: "",
  };
}

/** Every task from the notebooks to the registered version; the last output is that of all of them. */
async function runChain(
  repository: Repository,
  mode: "job_cluster" | "all_purpose",
  end: "first version" | "keep champion" = "first version",
): Promise<Finished> {
  const cluster = mode === "all_purpose" ? ["cluster start", "libraries install"] : [];
  const commands = [
    "notebooks import",
    ...cluster,
    "job run --output outputs/run.json",
    "model fetch --run outputs/run.json",
    "model evaluate",
    "model gate",
    ...(end === "first version" ? ["model package", "model smoke-test", "registry register"] : []),
  ];
  let output = "";
  for (const command of commands) {
    const outcome = await mloccli(repository, command);
    output += outcome.output;
    if (outcome.exitCode !== 0) throw new Error(`mloccli ${command}:\n${output}`);
  }
  return { exitCode: 0, output };
}

function mloccli(repository: Repository, command: string): Promise<Finished> {
  const words = ["-m", "mloccli", ...command.split(" ")];
  return run(repository.python, words, { cwd: repository.path, env: environment() });
}

async function mustRun(repository: Repository, words: readonly string[]): Promise<void> {
  const { exitCode, output } = await run(repository.python, words, {
    cwd: repository.path,
    env: environment(),
  });
  if (exitCode !== 0) throw new Error(output);
}

/** How many clusters and jobs were made so far. */
function creations(databricks: LocalDatabricks): Readonly<Record<string, number>> {
  const paths = databricks.requests().filter(({ method }) => method === "POST");
  const count = (pattern: RegExp): number => paths.filter(({ path }) => pattern.test(path)).length;
  return { clusters: count(/\/clusters\/create$/), jobs: count(/\/jobs\/create$/) };
}
