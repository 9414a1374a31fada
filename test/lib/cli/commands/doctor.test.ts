import { execFileSync } from "node:child_process";
import { appendFile, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, jest, test } from "@jest/globals";
import { checkNode } from "../../../../lib/cli/doctor/check-machine.ts";
import { checkServices } from "../../../../lib/cli/doctor/check-services.ts";
import type { Finding } from "../../../../lib/cli/doctor/finding.ts";
import { startLocalOrganization } from "../../../../lib/local/start.ts";
import { eacModel, root, type CommandResult } from "../../../support/eac-model.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

jest.setTimeout(120_000);

interface Report {
  readonly problems: number;
  readonly warnings: number;
  readonly findings: readonly Finding[];
}

// oxlint-disable-next-line typescript/no-explicit-any -- the shape of an answer is what a test looks at
type Json = any;

const call = (cwd: string, words: readonly string[], env = {}): Promise<CommandResult> =>
  eacModel(["doctor", ...words], { cwd, env });

async function report(cwd: string, words: readonly string[], env = {}): Promise<Report & { code: number }> {
  const { code, output } = await call(cwd, [...words, "--json"], env);
  const found: Report = JSON.parse(output);
  return { code, ...found };
}

const about = ({ findings }: Report, topic: string): readonly Finding[] =>
  findings.filter((finding) => finding.topic === topic);

/** A model repository `iris` in a temporary folder. */
async function repository(): Promise<AsyncDisposable & { readonly path: string; readonly folder: string }> {
  const temporary = await temporaryFolder();
  const answers = ["--set", "model_name=iris", "--set", "team_name=flowers", "--yes", "--no-provision"];
  await eacModel(["init", "iris", ...answers], { cwd: temporary.path });
  return { ...temporary, folder: join(temporary.path, "iris") };
}

describe("this machine", () => {
  test("has what eac-model needs, says a table, and nothing is changed", async () => {
    await using folder = await temporaryFolder();

    const { code, output, error } = await call(folder.path, []);

    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(output).toMatch(/^ {2}ok {7}Node +\d+\.\d+\.\d+$/m);
    expect(output).toMatch(/^ {2}ok {7}git identity +Test Person <test\.person@example\.com>$/m);
    expect(output).toMatch(/^ {2}(ok|warning) +Python /m);
    expect(execFileSync("ls", ["-A", folder.path], { encoding: "utf8" })).toBe("");
  });

  test.each([
    { version: "18.20.0", level: "problem" },
    { version: "20.16.0", level: "problem" },
    { version: "20.17.0", level: "ok" },
    { version: "21.7.0", level: "problem" },
    { version: "22.8.0", level: "problem" },
    { version: "24.1.0", level: "ok" },
  ])("Node $version: $level, as package.json says it", async ({ version, level }) => {
    const manifest = await readFile(join(root, "package.json"), "utf8");

    expect(checkNode(version).level).toBe(level);
    expect(manifest).toContain('"node": "^20.17.0 || >=22.9.0"');
  });

  test("without git and Python is told what to install, and ends with exit code 6", async () => {
    await using folder = await temporaryFolder();

    const found = await report(folder.path, [], { PATH: folder.path });

    expect(found.code).toBe(6);
    expect(about(found, "git")).toMatchObject([{ level: "problem" }]);
    expect(about(found, "Python")).toMatchObject([
      { level: "warning", hint: expect.stringContaining("python3-venv") },
    ]);
  });

  test("without an identity for git is told how to set one", async () => {
    await using folder = await temporaryFolder();
    const nobody = {
      GIT_AUTHOR_NAME: "",
      GIT_AUTHOR_EMAIL: "",
      GIT_COMMITTER_NAME: "",
      GIT_COMMITTER_EMAIL: "",
      GIT_CONFIG_GLOBAL: "/dev/null",
    };

    const found = await report(folder.path, [], nobody);

    expect(found.code).toBe(6);
    expect(about(found, "git identity")).toMatchObject([
      { level: "problem", hint: expect.stringContaining("git config --global user.name") },
    ]);
  });

  test("names a Python that only pyenv has, which the local services do not find", async () => {
    await using folder = await temporaryFolder();
    const [programs, bin] = [join(folder.path, "programs"), join(folder.path, ".pyenv/versions/3.12.9/bin")];
    for (const path of [programs, bin]) await mkdir(path, { recursive: true });
    const git = execFileSync("/bin/sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
    await symlink(git, join(programs, "git"));
    await writeFile(join(bin, "python"), '#!/bin/sh\necho "/there/python"\necho 3.12.9\n', { mode: 0o755 });

    const found = await report(folder.path, [], { PATH: programs });

    expect(about(found, "Python")).toMatchObject([
      { level: "warning", text: "3.12.9 (/there/python), but none on the search path for eac-model local" },
    ]);
  });
});

describe("the local organisation", () => {
  test.each([
    { title: "was never started", files: {}, level: "ok", text: "not started so far" },
    {
      title: "was killed and left its lock",
      files: { "daemon.lock": "999999" },
      level: "warning",
      text: "the lock of a process that is gone",
    },
  ])("that $title is $level", async ({ files, level, text }) => {
    await using home = await temporaryFolder();
    const local = join(home.path, "local");
    await mkdir(local);
    for (const [name, content] of Object.entries(files)) await writeFile(join(local, name), content);

    const found = await report(home.path, [], { EAC_MODEL_HOME: home.path });

    expect(about(found, "local organisation")).toMatchObject([
      { level, text: expect.stringContaining(text) },
    ]);
  });

  test("whose port another program has got since is a warning", async () => {
    await using home = await temporaryFolder();
    const other = createServer();
    await new Promise<void>((resolve) => void other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = typeof address === "object" ? address?.port : 0;
    await mkdir(join(home.path, "local"));
    const record = { pid: 999_999, url: `http://127.0.0.1:${port}/local`, port };
    await writeFile(join(home.path, "local", "daemon.json"), JSON.stringify(record));

    const found = await report(home.path, [], { EAC_MODEL_HOME: home.path });
    other.close();

    expect(about(found, "local organisation")).toMatchObject([
      { level: "warning", text: `not running, and another program has its port ${port}` },
    ]);
  });
});

describe("an organisation", () => {
  test("that knows the token is asked what it may do, and nothing is written there", async () => {
    await using local = await startLocalOrganization({});
    await using folder = await temporaryFolder();
    const env = { AZURE_DEVOPS_EXT_PAT: local.token.reveal() };

    const { code, output } = await call(folder.path, ["--org", local.url, "--project", "AnalyticsOps"], env);

    expect(code).toBe(0);
    expect(output).toMatch(/ok +credential +AZURE_DEVOPS_EXT_PAT\n/);
    expect(output).toMatch(
      /ok +reading +repositories, branch policies, pipelines, variable groups, environments, areas\n/,
    );
    expect(output).toMatch(/ok +permission +edit branch policies\n/);
    expect(output).toContain("not known");
    expect(output).not.toContain(local.token.reveal());
    expect(local.unknownRoutes()).toEqual([]);
  });

  test("that refuses the token is a problem, and nothing else is asked", async () => {
    await using local = await startLocalOrganization({});
    await using folder = await temporaryFolder();

    const found = await report(folder.path, ["--org", local.url], { AZURE_DEVOPS_EXT_PAT: "wrong" });

    expect(found.code).toBe(6);
    expect(about(found, "organisation")).toMatchObject([
      { level: "problem", text: expect.stringContaining("did not accept the credential") },
    ]);
    expect(about(found, "reading")).toEqual([]);
  });

  test("without that project is a problem", async () => {
    await using local = await startLocalOrganization({});
    await using folder = await temporaryFolder();
    const env = { AZURE_DEVOPS_EXT_PAT: local.token.reveal() };

    const found = await report(folder.path, ["--org", local.url, "--project", "Nowhere"], env);

    expect(found.code).toBe(6);
    expect(about(found, "project")).toMatchObject([{ level: "problem" }]);
  });

  test("whose parts may not be read is a problem for each of them", async () => {
    await using local = await startLocalOrganization({});
    await using folder = await temporaryFolder();
    local.addFault({ when: "before", path: "variablegroups", status: 403 });
    const env = { AZURE_DEVOPS_EXT_PAT: local.token.reveal() };

    const found = await report(folder.path, ["--org", local.url, "--project", "AnalyticsOps"], env);

    expect(found.code).toBe(6);
    expect(about(found, "reading")).toMatchObject([
      { level: "ok", text: expect.not.stringContaining("variable groups") },
      { level: "problem", text: expect.stringContaining("variable groups") },
    ]);
  });

  test("that denies a permission is a problem that names it", async () => {
    await using local = await startLocalOrganization({});
    await using folder = await temporaryFolder();
    const headers = { authorization: `Bearer ${local.token.reveal()}`, "content-type": "application/json" };
    const ask = async (path: string, body?: unknown): Promise<Json> => {
      const post = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
      return await (await fetch(`${local.url}/_apis/${path}`, { headers, ...post })).json();
    };
    const { id } = await ask("projects/AnalyticsOps");
    const { descriptor } = (await ask("connectionData")).authenticatedUser;
    await ask("accesscontrolentries/2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87?api-version=7.1", {
      token: `repoV2/${id}`,
      merge: true,
      accessControlEntries: [{ descriptor, allow: 0, deny: 2048 }],
    });

    const found = await report(folder.path, ["--org", local.url], {
      AZURE_DEVOPS_EXT_PAT: local.token.reveal(),
    });

    expect(found.code).toBe(6);
    expect(about(found, "permission").filter(({ level }) => level !== "ok")).toMatchObject([
      { level: "problem", text: "the owner of the token may not edit branch policies" },
    ]);
  });

  test("that cannot be asked is a problem: a token in the address, no credential, or not running", async () => {
    await using folder = await temporaryFolder();

    const found = await call(folder.path, ["--org", "https://hidden@dev.azure.com/contoso"]);
    const elsewhere = await report(folder.path, ["--org", "https://devops.bank.example/models"]);
    const local = await report(folder.path, ["--local"]);

    expect(found.code).toBe(6);
    expect(found.output + found.error).toContain("holds a user name or token");
    expect(found.output + found.error).not.toContain("hidden");
    expect(about(elsewhere, "credential")).toMatchObject([{ level: "problem" }]);
    expect(about(local, "organisation")).toMatchObject([
      { level: "problem", hint: expect.stringContaining("local start") },
    ]);
  });
});

describe("a model repository", () => {
  test("that is whole is ready for an update", async () => {
    await using iris = await repository();

    const found = await report(iris.path, ["iris"]);

    expect(found.code).toBe(0);
    expect(about(found, "model repository")).toMatchObject([{ level: "ok" }]);
    expect(about(found, "answers")).toMatchObject([{ level: "ok" }]);
  });

  test("with damaged state is a problem", async () => {
    await using iris = await repository();
    await writeFile(join(iris.folder, ".eac-model", "manifest.json"), "{");

    const found = await report(iris.path, ["iris"]);

    expect(found.code).toBe(6);
    expect(about(found, "model repository")).toMatchObject([
      { level: "problem", text: expect.stringContaining("manifest.json") },
    ]);
  });

  test("with wrong answers is a problem that names them", async () => {
    await using iris = await repository();
    const file = join(iris.folder, ".eac-model", "answers.yml");
    await writeFile(
      file,
      (await readFile(file, "utf8")).replace(/^maturity_level: 3$/m, "maturity_level: 9"),
    );

    const found = await report(iris.path, ["iris"]);

    expect(found.code).toBe(6);
    expect(about(found, "answers")).toMatchObject([
      { level: "problem", text: expect.stringContaining("maturity_level") },
    ]);
  });

  test("with conflicts of the last update that nobody resolved is a problem for each file", async () => {
    await using iris = await repository();
    const manifest = join(iris.folder, ".eac-model", "manifest.json");
    const content: Json = JSON.parse(await readFile(manifest, "utf8"));
    await writeFile(manifest, JSON.stringify({ ...content, unresolved: ["README.md", "pyproject.toml"] }));
    await appendFile(join(iris.folder, "README.md"), "<<<<<<< ours (repository)\n");

    const found = await report(iris.path, ["iris"]);

    expect(found.code).toBe(6);
    expect(about(found, "conflict")).toMatchObject([{ level: "problem", text: "README.md" }]);
  });

  test("with an update that was killed is a problem", async () => {
    await using iris = await repository();
    const state = join(iris.folder, ".git", "eac-model", "model", "update");
    await mkdir(state, { recursive: true });
    await writeFile(join(state, "forward.json"), "{}");

    const found = await report(iris.path, ["iris"]);

    expect(found.code).toBe(6);
    expect(about(found, "update")).toMatchObject([{ level: "problem" }]);
  });
});

describe("the variables of Databricks and MLflow", () => {
  const address = "https://me:hidden@adb-1.azuredatabricks.net/path";

  test.each([
    { title: "none", environ: {}, findings: [] },
    {
      title: "a workspace with a token",
      environ: { DATABRICKS_HOST: address, DATABRICKS_TOKEN: "hidden" },
      findings: [{ topic: "Databricks", level: "ok" }],
    },
    {
      title: "a workspace without a credential",
      environ: { DATABRICKS_HOST: address },
      findings: [{ topic: "Databricks", level: "warning" }],
    },
    {
      title: "a token without a workspace",
      environ: { DATABRICKS_TOKEN: "hidden" },
      findings: [{ topic: "Databricks", level: "warning" }],
    },
    {
      title: "MLflow in a workspace that is not named",
      environ: { MLFLOW_TRACKING_URI: "databricks" },
      findings: [{ topic: "MLflow", level: "warning" }],
    },
    {
      title: "a server of MLflow",
      environ: { MLFLOW_TRACKING_URI: address },
      findings: [{ topic: "MLflow", level: "ok", text: "tracks at https://adb-1.azuredatabricks.net" }],
    },
  ])("$title", ({ environ, findings }) => {
    const found = checkServices({ environ });

    expect(found).toMatchObject(findings);
    expect(found).toHaveLength(findings.length);
    expect(JSON.stringify(found)).not.toContain("hidden");
  });
});
