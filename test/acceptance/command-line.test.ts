import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { eacModel, root } from "../support/eac-model.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const iris = join(root, "docs", "examples", "iris.yml");
const git = (folder: string, ...args: string[]): string =>
  execFileSync("git", ["-C", folder, ...args], { encoding: "utf8" }).trim();

describe("eac-model", () => {
  test("prints its version", async () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

    expect(await eacModel(["--version"], { cwd: root })).toEqual({
      code: 0,
      output: `${version}\n`,
      error: "",
    });
  });

  test.each([
    { words: ["inti"], says: "Did you mean eac-model init?" },
    { words: ["init", "--answer", "x"], says: "did you mean --answers?" },
    { words: ["local"], says: "Use eac-model local start, status, stop or approve." },
    { words: ["local", "start", "--port", "http"], says: "is not a port" },
  ])("takes $words for wrong usage", async ({ words, says }) => {
    const { code, error } = await eacModel(words, { cwd: root });

    expect(code).toBe(64);
    expect(error).toContain(says);
  });

  test("prints the schema as JSON", async () => {
    const { code, output } = await eacModel(["schema"], { cwd: root });

    expect(code).toBe(0);
    expect(JSON.parse(output)).toMatchObject({ required: ["model_name", "team_name"] });
  });
});

describe("eac-model init", () => {
  test("makes a repository with one commit and a clean tree", async () => {
    await using folder = await temporaryFolder();

    const result = await eacModel(["init", "out", "--answers", iris, "--yes", "--no-provision"], {
      cwd: folder.path,
    });

    const out = join(folder.path, "out");
    expect(result).toMatchObject({ code: 0, error: "" });
    expect(git(out, "log", "--format=%s").split("\n")).toHaveLength(1);
    expect(git(out, "status", "--porcelain")).toBe("");
    expect(readdirSync(join(out, ".eac-model")).toSorted()).toEqual([
      "answers.yml",
      "baseline.json.gz",
      "manifest.json",
    ]);
  });

  test("writes nothing and shows the whole tree on a dry run", async () => {
    await using folder = await temporaryFolder();

    const result = await eacModel(["init", "out", "--answers", iris, "--dry-run", "--no-provision"], {
      cwd: folder.path,
    });

    expect(result.code).toBe(0);
    expect(result.output).toContain("    base_variables.yml");
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test("gives the plan of a dry run as one JSON document", async () => {
    await using folder = await temporaryFolder();
    const words = ["init", "out", "--answers", iris, "--dry-run", "--json", "--no-provision"];

    const { output } = await eacModel(words, { cwd: folder.path });

    const value = JSON.parse(output);
    expect(value).toMatchObject({
      dryRun: true,
      answers: { model_name: "iris", maturity_level: 3 },
      scaffold: { action: "create", branch: "main" },
    });
    expect(value.scaffold.files).toContainEqual({
      path: "README.md",
      mode: "100644",
      bytes: expect.any(Number),
    });
  });

  test("lists everything missing and wrong with exit code 5 where nobody can be asked", async () => {
    await using folder = await temporaryFolder();

    const { code, error } = await eacModel(["init", "--set", "serving=soap", "--set", "modle=x"], {
      cwd: folder.path,
    });

    expect(code).toBe(5);
    for (const path of ["model_name", "team_name", "serving", "modle"])
      expect(error).toContain(`  ${path}: `);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test("does nothing the second time, and refuses other answers", async () => {
    await using folder = await temporaryFolder();
    const words = ["init", "out", "--answers", iris, "--yes", "--no-provision"];
    await eacModel(words, { cwd: folder.path });
    const head = git(join(folder.path, "out"), "rev-parse", "HEAD");

    const again = await eacModel(words, { cwd: folder.path });
    const other = await eacModel([...words, "--set", "serving=rest"], { cwd: folder.path });

    expect(again).toMatchObject({ code: 0, output: expect.stringContaining("nothing to do") });
    expect(other).toMatchObject({ code: 6, error: expect.stringContaining("serving: rest") });
    expect(git(join(folder.path, "out"), "rev-parse", "HEAD")).toBe(head);
  });

  test("refuses a folder with foreign files and leaves them alone", async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, "out"));
    await writeFile(join(folder.path, "out", "thesis.txt"), "years of work");

    const { code, error } = await eacModel(["init", "out", "--answers", iris, "--yes"], { cwd: folder.path });

    expect(code).toBe(6);
    expect(error).toContain("thesis.txt");
    expect(readdirSync(join(folder.path, "out"))).toEqual(["thesis.txt"]);
  });

  test.each([
    { name: "without git", env: { PATH: "/nonexistent" }, code: "EAC_GIT_MISSING" },
    {
      name: "without an identity",
      env: { GIT_AUTHOR_NAME: "", GIT_AUTHOR_EMAIL: "", GIT_COMMITTER_NAME: "", GIT_COMMITTER_EMAIL: "" },
      code: "EAC_GIT_IDENTITY_MISSING",
    },
  ])("writes nothing $name, and says what to do", async ({ env, code }) => {
    await using folder = await temporaryFolder();

    const result = await eacModel(["init", "out", "--answers", iris, "--yes", "--no-provision"], {
      cwd: folder.path,
      env,
    });

    expect(result.code).toBe(6);
    expect(result.error).toContain(code);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test("leaves the target absent or whole when it is killed at any moment, and the next run completes", async () => {
    await using folder = await temporaryFolder();
    const out = join(folder.path, "out");
    const words = ["init", "out", "--answers", iris, "--yes", "--no-provision"];
    const main = join(root, "dist", "bin", "eac-model.cjs");

    for (const delayMs of [60, 90, 120, 140, 160, 180, 200, 220]) {
      await using attempt = await temporaryFolder();
      const child = spawn(process.execPath, [main, ...words], {
        cwd: attempt.path,
        stdio: "ignore",
        env: {
          ...process.env,
          GIT_AUTHOR_NAME: "T",
          GIT_AUTHOR_EMAIL: "t@e.x",
          GIT_COMMITTER_NAME: "T",
          GIT_COMMITTER_EMAIL: "t@e.x",
        },
      });
      await new Promise((done) => setTimeout(done, delayMs));
      child.kill("SIGKILL");
      await new Promise((done) =>
        child.exitCode === null && child.signalCode === null ? child.once("exit", done) : done(undefined),
      );
      const target = join(attempt.path, "out");
      const isWhole = existsSync(target)
        ? git(target, "status", "--porcelain") === "" && git(target, "log", "--oneline") !== ""
        : "absent";

      const again = await eacModel(words, { cwd: attempt.path });

      expect({ delayMs, isWhole: isWhole === "absent" || isWhole }).toEqual({ delayMs, isWhole: true });
      expect(again.code).toBe(0);
      expect(readdirSync(attempt.path)).toEqual(["out"]);
    }
    expect(existsSync(out)).toBe(false);
  }, 60_000);

  test("refuses credentials in the organisation's URL without repeating them", async () => {
    await using folder = await temporaryFolder();

    const result = await eacModel(
      ["init", "out", "--answers", iris, "--org", "https://kim:hunter2@dev.azure.com/contoso"],
      { cwd: folder.path },
    );

    expect(result.code).toBe(5);
    expect(result.error + result.output).not.toContain("hunter2");
  });

  test("asks for a credential before it calls an organisation", async () => {
    await using folder = await temporaryFolder();
    const words = ["init", "out", "--answers", iris, "--yes", "--org", "https://dev.azure.com/contoso"];

    const { code, error } = await eacModel(words, { cwd: folder.path });

    expect(code).toBe(6);
    expect(error).toContain("AZURE_DEVOPS_EXT_PAT");
  });
});

describe("eac-model local and provision", () => {
  const homes: string[] = [];

  afterAll(async () => {
    await Promise.all(
      homes.map((home) => eacModel(["local", "stop"], { cwd: home, env: { EAC_MODEL_HOME: home } })),
    );
  });

  test("start once, provision, plan nothing the second time, and keep everything over a restart", async () => {
    await using folder = await temporaryFolder();
    const options = { cwd: folder.path, env: { EAC_MODEL_HOME: join(folder.path, "home") } };
    homes.push(folder.path);

    const started = JSON.parse(
      (await eacModel(["local", "start", "--only-devops", "--json"], options)).output,
    );
    const again = JSON.parse((await eacModel(["local", "start", "--only-devops", "--json"], options)).output);
    const made = await eacModel(["init", "out", "--answers", iris, "--local", "--yes"], options);
    const unconfirmed = await eacModel(
      ["provision", "out", "--local", "--org", "https://dev.azure.com/ignored"],
      options,
    );
    await eacModel(["local", "stop"], options);
    const stopped = await eacModel(["provision", "out", "--local"], options);
    const restarted = JSON.parse(
      (await eacModel(["local", "start", "--only-devops", "--json"], options)).output,
    );
    const second = await eacModel(["provision", "out", "--local", "--json", "--plan"], options);
    await eacModel(["local", "stop"], options);

    expect(again.pid).toBe(started.pid);
    expect(made.code).toBe(0);
    expect(made.output).toContain("Plan: 33 to create, 0 to change, 0 to delete, 0 unchanged.");
    expect(unconfirmed.code).toBe(0);
    expect(stopped).toMatchObject({ code: 6, error: expect.stringContaining("eac-model local start") });
    expect(restarted.url).toBe(started.url);
    expect(JSON.parse(second.output).plan.counts).toEqual({ create: 0, update: 0, keep: 33 });
    expect(statSync(started.tokenFile).mode & 0o077).toBe(0);
    expect(made.output).not.toContain(readFileSync(started.tokenFile, "utf8").trim());
  }, 60_000);

  test("init writes nothing when the organisation refuses: a wrong token, or a repository that is in the way", async () => {
    await using folder = await temporaryFolder();
    const options = { cwd: folder.path, env: { EAC_MODEL_HOME: join(folder.path, "home") } };
    homes.push(folder.path);
    const { url } = JSON.parse(
      (await eacModel(["local", "start", "--only-devops", "--json"], options)).output,
    );
    await eacModel(["init", "one", "--answers", iris, "--local", "--yes"], options);
    const words = ["init", "two", "--answers", iris, "--yes"];

    const taken = await eacModel([...words, "--local"], options);
    const rejected = await eacModel([...words, "--org", url], {
      ...options,
      env: { ...options.env, AZURE_DEVOPS_EXT_PAT: "wrong" },
    });
    await eacModel(["local", "stop"], options);
    const unreachable = await eacModel([...words, "--org", url], {
      ...options,
      env: { ...options.env, AZURE_DEVOPS_EXT_PAT: "wrong" },
    });

    expect(taken).toMatchObject({
      code: 6,
      error: expect.stringContaining("EAC_PROVISION_REPOSITORY_FOREIGN"),
    });
    expect(rejected).toMatchObject({ code: 7, error: expect.stringContaining("EAC_DEVOPS_UNAUTHENTICATED") });
    expect(unreachable).toMatchObject({ code: 7, error: expect.stringContaining("EAC_DEVOPS_UNREACHABLE") });
    expect(existsSync(join(folder.path, "two"))).toBe(false);
  }, 60_000);

  test("ends in the same state when it is killed at any moment of provisioning and run again", async () => {
    await using folder = await temporaryFolder();
    const options = { cwd: folder.path, env: { EAC_MODEL_HOME: join(folder.path, "home") } };
    homes.push(folder.path);
    const { url, tokenFile } = JSON.parse(
      (await eacModel(["local", "start", "--only-devops", "--json"], options)).output,
    );

    for (const delayMs of [250, 350, 450, 550, 650, 750, 900]) {
      const model = `killed-${delayMs}`;
      const words = ["init", model, "--answers", iris, "--set", `model_name=${model}`, "--local", "--yes"];
      await eacModel(words, { ...options, killAfterMs: delayMs });

      const again = await eacModel(words, options);
      const plan = JSON.parse(
        (await eacModel(["provision", model, "--local", "--plan", "--json"], options)).output,
      );

      expect({ delayMs, code: again.code, error: again.error }).toEqual({ delayMs, code: 0, error: "" });
      expect(plan.plan.counts).toEqual({ create: 0, update: 0, keep: 33 });
    }

    const headers = { authorization: `Bearer ${readFileSync(tokenFile, "utf8").trim()}` };
    const pipelines = await (await fetch(`${url}/AnalyticsOps/_apis/build/definitions`, { headers })).json();
    const policies = await (
      await fetch(`${url}/AnalyticsOps/_apis/policy/configurations`, { headers })
    ).json();
    await eacModel(["local", "stop"], options);
    expect(pipelines).toMatchObject({ count: 7 * 7 });
    expect(policies).toMatchObject({ count: 7 * 4 });
  }, 120_000);

  test("provision refuses a folder that is no model repository", async () => {
    await using folder = await temporaryFolder();

    const { code, error } = await eacModel(["provision", "--local"], { cwd: folder.path });

    expect(code).toBe(6);
    expect(error).toContain("is not a model repository");
  });
});
