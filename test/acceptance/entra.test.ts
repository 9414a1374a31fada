import { execFileSync, spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, jest, test } from "@jest/globals";
import { cloudOrganization, type CloudOrganization } from "../support/cloud-organization.ts";
import { eacModel, type CommandResult } from "../support/eac-model.ts";

jest.setTimeout(180_000);

const isPossible = process.platform !== "win32" && spawnSync("openssl", ["version"]).status === 0;
const there = isPossible ? describe : describe.skip;

const answers = ["--set", "model_name=iris", "--set", "team_name=flowers", "--yes"];

function call(cloud: CloudOrganization, words: readonly string[], env = {}): Promise<CommandResult> {
  return eacModel(words, { cwd: cloud.folder, env: { ...cloud.env, ...env } });
}

const provisioning = (cloud: CloudOrganization): readonly string[] => [
  "init",
  "iris",
  ...answers,
  "--org",
  cloud.url,
  "--project",
  "AnalyticsOps",
];

there("without a token in the environment (needs sh and openssl)", () => {
  test("whoever is signed in with the Azure CLI provisions, pushes and proposes updates", async () => {
    await using cloud = await cloudOrganization();
    await cloud.signIn(3600);

    const made = await call(cloud, provisioning(cloud));
    const again = await call(cloud, ["provision", "iris", "--yes", "--json"]);
    const proposed = await call(cloud, ["update", "iris", "--pr", "--set", "serving=rest", "--yes"]);

    expect(made).toMatchObject({ code: 0, error: "" });
    expect(JSON.parse(again.output)).toMatchObject({ plan: { counts: { create: 0 } } });
    expect(proposed.output).toContain("Opened a pull request.");
    const pushed = cloud.requests.filter(({ line }) => line.includes("git-receive-pack"));
    expect(new Set(pushed.map(({ authorization }) => authorization))).toEqual(
      new Set(["Bearer token-1", "Bearer token-3"]),
    );
    expect(await cloud.timesAsked()).toBe(3);
    expect(await readFile(join(cloud.folder, "asked"), "utf8")).toContain(
      "499b84ac-1321-427f-aa17-267ca6975798",
    );
  });

  test("tokens that expire while a command runs are renewed, for requests and for git, and none is written down", async () => {
    await using cloud = await cloudOrganization();
    await cloud.signIn(60);

    const made = await call(cloud, provisioning(cloud));

    expect(made).toMatchObject({ code: 0, error: "" });
    const used = new Set(cloud.requests.map(({ authorization }) => authorization));
    expect(used.size).toBeGreaterThan(5);
    const found = spawnSync("grep", ["-rlE", "token-[0-9]", join(cloud.folder, "iris")], {
      encoding: "utf8",
    });
    expect(found.stdout + made.output).not.toMatch(/token-\d/);
    const remote = execFileSync("git", ["-C", join(cloud.folder, "iris"), "remote", "-v"], {
      encoding: "utf8",
    });
    expect(remote).toContain(`${cloud.url}/AnalyticsOps/_git/iris`);
  });

  test("whoever is not signed in is told to, and nothing is sent", async () => {
    await using cloud = await cloudOrganization();
    await cloud.say("ERROR: Please run 'az login' to setup account.");

    const { code, error } = await call(cloud, provisioning(cloud));

    expect(code).toBe(6);
    expect(error).toContain("(EAC_DEVOPS_NOT_SIGNED_IN)");
    expect(error).toContain("Sign in with az login, or set AZURE_DEVOPS_EXT_PAT");
    expect(error).toContain("Azure CLI: Please run 'az login'");
    expect(error).not.toContain("PowerShell:");
    expect(cloud.requests).toEqual([]);
  });

  test("a machine without any of the programs is told who was asked", async () => {
    await using cloud = await cloudOrganization();

    const { code, error } = await call(cloud, [...provisioning(cloud), "--json"]);

    expect({ code, error }).toEqual({ code: 6, error: "" });
  });

  test("the managed identity of a machine comes before the person who is signed in", async () => {
    await using cloud = await cloudOrganization();
    await cloud.signIn(3600);

    const { code } = await call(cloud, provisioning(cloud), {
      IDENTITY_ENDPOINT: cloud.managedIdentity,
      IDENTITY_HEADER: "anything",
    });

    expect(code).toBe(0);
    const used = new Set(cloud.requests.map(({ authorization }) => authorization));
    expect(used).toEqual(new Set(["Bearer token-of-the-machine"]));
    expect(await cloud.timesAsked()).toBe(0);
  });

  test("an application whose secret is refused ends the search, and its secret is not shown", async () => {
    await using cloud = await cloudOrganization();
    await cloud.signIn(3600);

    const { code, error, output } = await call(cloud, provisioning(cloud), {
      AZURE_TENANT_ID: "bank-tenant",
      AZURE_CLIENT_ID: "1b730954-1685-4b74-9bfd-dac224a7b894",
      AZURE_CLIENT_SECRET: "hidden-secret",
    });

    expect(code).toBe(7);
    expect(error).toContain("AADSTS7000215");
    expect(error).toContain("(EAC_DEVOPS_SIGN_IN_REFUSED)");
    expect(error + output).not.toContain("hidden-secret");
    expect(await cloud.timesAsked()).toBe(0);
  });

  test("the doctor says who gave the token, and never the token", async () => {
    await using cloud = await cloudOrganization();
    await cloud.signIn(3600);

    const { code, output } = await call(cloud, ["doctor", "--org", cloud.url, "--project", "AnalyticsOps"]);

    expect(code).toBe(0);
    expect(output).toMatch(
      /ok +credential +Microsoft Entra ID by Azure CLI; the token is good for 60 minutes/,
    );
    expect(output).toMatch(/ok +project +AnalyticsOps/);
    expect(output).not.toContain("token-1");
    expect(await cloud.timesAsked()).toBe(1);
  });

  test("another server is refused before anybody is asked for a token", async () => {
    await using cloud = await cloudOrganization();
    await cloud.signIn(3600);

    const words = [
      "init",
      "iris",
      ...answers,
      "--org",
      "https://devops.bank.example/models",
      "--project",
      "A",
    ];
    const { code, error } = await call(cloud, words);

    expect(code).toBe(6);
    expect(error).toContain("(EAC_CLI_CREDENTIAL_MISSING)");
    expect(await cloud.timesAsked()).toBe(0);
  });

  test("a token of the environment is used, and nobody is asked for another", async () => {
    await using cloud = await cloudOrganization();
    await cloud.signIn(3600);

    await call(cloud, provisioning(cloud), { SYSTEM_ACCESSTOKEN: "token-of-the-run" });

    expect(new Set(cloud.requests.map(({ authorization }) => authorization))).toEqual(
      new Set(["Bearer token-of-the-run"]),
    );
    expect(await cloud.timesAsked()).toBe(0);
  });
});
