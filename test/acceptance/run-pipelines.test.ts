import { appendFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { machineEnviron } from "../../lib/cli/pipelines/machine-environ.ts";
import { Secret } from "../../lib/errors/secret.ts";
import { runGit } from "../../lib/git/run-git.ts";
import { startLocalMlflow, type LocalMlflow } from "../../lib/local/mlflow/start-local-mlflow.ts";
import { prepareScaffold } from "../../lib/scaffold/prepare-scaffold.ts";
import { writeRepository } from "../../lib/scaffold/write-repository.ts";
import { anAnswers } from "../support/an-answers.ts";
import { eacModel, root, type CommandResult } from "../support/eac-model.ts";
import { isolateGit } from "../support/git-environment.ts";
import { findPython, sharedEnvironment } from "../support/python-environment.ts";
import { temporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

const token = new Secret("planted-s3cret-of-the-registry");
const basePython = findPython();
const describeWithPython = basePython === undefined ? describe.skip : describe;
const answers = anAnswers({ model_name: "roses", serving: "rest", environment_file: "pip" });

jest.setTimeout(1_200_000);
isolateGit();

let folder: TemporaryFolder | undefined;
let registry: LocalMlflow | undefined;
/** Folders of runs. */
const kept = new Set<string>();

const repository = (): string => join(folder?.path ?? "", "roses");

beforeAll(async () => {
  folder = await temporaryFolder();
  const { plan } = await prepareScaffold(answers, repository());
  await writeRepository(plan, { signal: new AbortController().signal, hasGitFolder: false });
  // The platform's own tests have a suite of their own and would take most of the time here.
  await rm(join(repository(), "tests", "platform"), { recursive: true });
  await commit("Keep the model's tests only");
});

afterAll(async () => {
  await Promise.all([...kept].map((path) => rm(dirname(path), { recursive: true, force: true })));
  await registry?.[Symbol.asyncDispose]();
  await folder?.[Symbol.asyncDispose]();
});

async function commit(message: string): Promise<void> {
  await runGit(repository(), ["add", "--all"]);
  await runGit(repository(), ["commit", "--quiet", "--message", message]);
}

async function call(words: readonly string[], cache = "cache"): Promise<CommandResult> {
  const home = folder?.path ?? "";
  return await eacModel(words, {
    cwd: repository(),
    env: {
      ...machineEnviron(process.env),
      EAC_MODEL_HOME: join(home, "home"),
      XDG_CACHE_HOME: cache === "cache" ? join(home, cache) : cache,
      CMR_TOKEN: token.reveal(),
    },
  });
}

describe("the pipelines of a repository", () => {
  test("are checked without a finding", async () => {
    const { code, output } = await call(["pipelines", "check"]);

    expect(output).toMatch(/^Checked \d pipelines: nothing was found\.\n$/);
    expect(code).toBe(0);
  });

  test("are checked with every finding at its file and line", async () => {
    const path = join(repository(), "pipelines", "templates", "template_ci_unit_tests.yml");
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace("searchFolder:", "searchFoldr:"));

    const checked = await call(["pipelines", "check"]);
    const run = await call(["run", "pr", "--json"]);
    await writeFile(path, text);

    const line = text.split("\n").findIndex((words) => words.includes("searchFolder:")) + 1;
    expect(checked.output).toContain(`pipelines/templates/template_ci_unit_tests.yml:${line}: `);
    expect(checked.code).toBe(6);
    expect(JSON.parse(run.output)).toMatchObject({
      error: {
        code: "EAC_PIPELINES_INVALID",
        problems: [{ path: `pipelines/templates/template_ci_unit_tests.yml:${line}` }],
      },
    });
    expect(run.code).toBe(6);
  });

  test.each([
    [["run", "nobody"], 64, "Pipelines: pr, ci, train"],
    [["run", "../outside.yml"], 64, "is no pipeline"],
    [["run"], 64, "a pipeline is missing"],
    [["run", "train", "--parameter", "trigger_key"], 64, "name=value"],
    [["run", "train", "--parameter", "unheard=of"], 6, "no parameter 'unheard'"],
    [["pipelines", "list"], 64, "not an action"],
  ])("%j ends with %i and says why", async (words, code, reason) => {
    const result = await call(words);

    expect(result.error).toContain(reason);
    expect(result.code).toBe(code);
  });

  test("do not run with secrets that git tracks", async () => {
    await writeFile(
      join(repository(), "variable_groups.local.yml"),
      "roses-tst:\n  CMR_TOKEN: {secret: x}\n",
    );
    await runGit(repository(), ["add", "--force", "variable_groups.local.yml"]);

    const { code, error } = await call(["run", "train"]);
    await runGit(repository(), ["rm", "--quiet", "--force", "variable_groups.local.yml"]);

    expect(error).toContain("EAC_PIPELINES_GROUPS_TRACKED");
    expect(code).toBe(6);
  });
});

describeWithPython("a run", () => {
  /** Python packages stay from one run of the tests to the next. */
  const cache = join(root, ".cache", "runs");

  beforeAll(async () => {
    const { python } = await sharedEnvironment(basePython ?? "");
    const server = { folder: folder?.path ?? "", port: 0, token, python, environ: process.env };
    registry = await startLocalMlflow(server);
    await registry.ready;
    const groups = `roses-tst:\n  CMR_URI: ${registry.url}\n  CMR_TOKEN: {secret: }\n`;
    await writeFile(join(repository(), "variable_groups.local.yml"), groups);
  });

  const run = async (words: readonly string[]): Promise<{ readonly code: number; readonly value: Json }> => {
    const { code, output, error } = await call(["run", ...words, "--json"], cache);
    if (!output.startsWith("{")) throw new Error(`No result: ${output}${error}`);
    const value: Json = JSON.parse(output);
    kept.add(value.folder);
    await expectNoSecret(output + error, value.folder);
    return { code, value };
  };

  test("of the pipelines for pull requests and of CI is green, with test results and the code", async () => {
    const pr = await run(["pr"]);
    const ci = await run(["ci"]);

    expect(pr).toMatchObject({ code: 0, value: { result: "succeeded" } });
    expect(ci).toMatchObject({ code: 0, value: { result: "succeeded" } });
    expect(ci.value.tests.map(({ title }: Json) => title).toSorted()).toEqual(["Sanity tests", "Unit tests"]);
    expect(ci.value.tests.every(({ passed, failed }: Json) => passed > 0 && failed === 0)).toBe(true);
    expect(await readdir(join(ci.value.folder, "tests"))).toHaveLength(2);
    expect(await readdir(ci.value.artifacts.code)).toEqual([expect.stringMatching(/^[\da-f]{40}\.zip$/)]);
    expect(await readdir(join(ci.value.folder, "jobs"))).toEqual([]);
  });

  test("of the training is green when it is approved, and the registry has the version", async () => {
    const { code, value } = await run(["train", "--approve", "tst"]);

    expect({ code, result: value.result, stages: value.stages.map(({ result }: Json) => result) }).toEqual({
      code: 0,
      result: "succeeded",
      stages: ["succeeded", "succeeded", "succeeded"],
    });
    expect(Object.keys(value.artifacts)).toEqual(expect.arrayContaining(["candidate", "model"]));
    const answer = await fetch(`${registry?.url ?? ""}/api/2.0/mlflow/model-versions/search`, {
      headers: { authorization: `Bearer ${token.reveal()}` },
    });
    expect(await answer.json()).toMatchObject({ model_versions: [{ name: "roses", version: "1" }] });
  });

  test("without a terminal and without --approve is red where an approval is needed", async () => {
    const { code, value } = await run(["train"]);

    expect(code).toBe(8);
    expect(value.stages.map(({ result }: Json) => result)).toEqual(["succeeded", "succeeded", "failed"]);
    expect(value.stages[2].jobs).toEqual([]);
  });

  test("is red for a unit test that fails, and nothing is published", async () => {
    await appendFile(
      join(repository(), "tests", "unit_test.py"),
      "\n\ndef test_broken() -> None:\n    assert 1 == 2\n",
    );
    await commit("Break a test");

    const { code, value } = await run(["ci"]);

    expect(code).toBe(8);
    expect(value.tests.find(({ title }: Json) => title === "Unit tests")).toMatchObject({ failed: 1 });
    expect(value.stages.map(({ result }: Json) => result).slice(0, 2)).toEqual(["failed", "skipped"]);
    expect(value.artifacts).toEqual({});
  });
});

// oxlint-disable-next-line typescript/no-explicit-any -- the shape of a result is what the tests look at
type Json = any;

async function expectNoSecret(shown: string, folder: string): Promise<void> {
  expect(shown).not.toContain(token.reveal());
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    expect((await readFile(join(entry.parentPath, entry.name))).includes(token.reveal())).toBe(false);
  }
}
