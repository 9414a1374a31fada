import { createHash } from "node:crypto";
import { lstat, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { CommandInput, CommandOutcome } from "../../../lib/cli/command.ts";
import type { Context } from "../../../lib/cli/context.ts";
import { runUpdate } from "../../../lib/cli/commands/update.ts";
import { startLocalOrganization, type LocalOrganization } from "../../../lib/local/start.ts";
import { silentReporter } from "../../../lib/report/text-reporter.ts";
import { newestVersion } from "../../../lib/update/plan-commit.ts";
import { anAnswers } from "../../support/an-answers.ts";
import { collectingOutput } from "../../support/collecting-output.ts";
import { isolateGit } from "../../support/git-environment.ts";
import { git, olderRepository, olderTemplates } from "../../support/older-repository.ts";
import { call } from "../../support/organization-client.ts";
import { temporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";

beforeAll(isolateGit);

/** Many processes of git, on a machine that may be busy. */
jest.setTimeout(120_000);

const branch = "eac-model/update";
const changed = "pipelines/ci_pipeline.yml";
const project = "AnalyticsOps";
let local: LocalOrganization;
let folder: TemporaryFolder;

beforeAll(async () => {
  folder = await temporaryFolder();
  local = await startLocalOrganization({});
});

afterAll(async () => {
  await local[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** A clone of a repository that is in the organisation and was made from older templates. */
async function aClone(name: string, edits?: Parameters<typeof olderRepository>[2]): Promise<string> {
  const templates = await olderTemplates({
    texts: { [changed]: (now) => now.replace(/^(stages:)/m, "# an older line\n$1") },
  });
  const bare = join(folder.path, `${name}.git`);
  await olderRepository(bare, { templates, answers: anAnswers({ model_name: name }) }, edits);
  await call(local, "POST", `${project}/_apis/git/repositories`, { name });
  await push(bare, name, "main");
  await git(folder.path, "clone", "--quiet", `${name}.git`, name);
  return join(folder.path, name);
}

async function push(path: string, name: string, refspec: string): Promise<void> {
  const header = `http.extraHeader=Authorization: Bearer ${local.token.reveal()}`;
  await git(path, "-c", header, "push", "--quiet", `${local.url}/${project}/_git/${name}`, refspec);
}

async function updateWithRequest(
  clone: string,
  given: { readonly flags?: readonly string[]; readonly set?: readonly string[] } = {},
): Promise<CommandOutcome> {
  const input: CommandInput = {
    positionals: [clone],
    flags: new Set(["pr", "yes", ...(given.flags ?? [])]),
    values: new Map([
      ["org", [local.url]],
      ["project", [project]],
      ...(given.set === undefined ? [] : [["set", given.set] as const]),
    ]),
  };
  const context: Context = {
    cwd: folder.path,
    output: collectingOutput(),
    reporter: silentReporter,
    json: true,
    ask: undefined,
    stop: new AbortController(),
    credential: { variable: "AZURE_DEVOPS_EXT_PAT", secret: local.token },
    environ: {},
    localFolder: join(folder.path, "none"),
  };
  return await runUpdate(input, context);
}

/** Every path below a folder with its time and its content, `.git` included. */
async function fingerprint(path: string): Promise<string> {
  const hash = createHash("sha256");
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  for (const name of entries.map((entry) => join(entry.parentPath, entry.name)).toSorted()) {
    const stats = await lstat(name);
    hash.update(`${name} ${stats.mtimeMs} ${stats.mode}\n`);
    if (stats.isFile()) hash.update(await readFile(name));
  }
  return hash.digest("hex");
}

async function requestsOf(name: string): Promise<ReadonlyArray<Readonly<Record<string, unknown>>>> {
  const path = `${project}/_apis/git/repositories/${name}/pullrequests?searchCriteria.status=all`;
  return (await call(local, "GET", path)).body.value;
}

/** A file on the branch of updates as the organisation has it. */
async function onBranch(name: string, path: string): Promise<string> {
  const bare = join(folder.path, `${name}.git`);
  const header = `http.extraHeader=Authorization: Bearer ${local.token.reveal()}`;
  await git(bare, "-c", header, "fetch", "--quiet", `${local.url}/${project}/_git/${name}`, branch);
  return await git(bare, "show", `FETCH_HEAD:${path}`);
}

describe("eac-model update --pr", () => {
  test("opens a pull request from what is committed, and touches not a byte of the folder", async () => {
    const clone = await aClone("iris");
    await writeFile(join(clone, changed), "somebody is working here");
    await git(clone, "status");
    const before = await fingerprint(clone);

    const { exitCode, value } = await updateWithRequest(clone);

    expect(value).toMatchObject({
      outcome: "proposed",
      conflicts: [],
      pullRequest: { id: expect.any(Number) },
    });
    expect(exitCode).toBe(0);
    expect(await fingerprint(clone)).toBe(before);
    expect(await requestsOf("iris")).toMatchObject([
      { status: "active", isDraft: false, sourceRefName: `refs/heads/${branch}` },
    ]);
    expect(await onBranch("iris", changed)).not.toContain("# an older line");
    expect(await onBranch("iris", changed)).not.toContain("somebody is working here");
  });

  test("opens a draft with both sides where they overlap, and ends with 2", async () => {
    const clone = await aClone("churn", {
      [changed]: (before) => before.replace("# an older line", "# our own line"),
    });

    const { exitCode, value } = await updateWithRequest(clone);

    expect(exitCode).toBe(2);
    expect(value).toMatchObject({ outcome: "proposed", conflicts: [changed] });
    expect(await requestsOf("churn")).toMatchObject([{ isDraft: true }]);
    expect(await onBranch("churn", changed)).toContain("<<<<<<< ours (repository)\n# our own line");
  });

  test("changes its open pull request with the answers, and says when there is nothing to change", async () => {
    const clone = await aClone("cashflow");
    const first = await updateWithRequest(clone);

    const again = await updateWithRequest(clone);
    const changedAnswers = await updateWithRequest(clone, { set: ["business.category=finance"] });

    expect(first.value).toMatchObject({ outcome: "proposed" });
    expect(again.value).toMatchObject({ outcome: "waiting" });
    expect(changedAnswers.value).toMatchObject({ outcome: "renewed" });
    expect(await requestsOf("cashflow")).toHaveLength(1);
    expect(await onBranch("cashflow", ".eac-model/answers.yml")).toContain("category: finance");
  });

  test("proposes central templates only where the platform's repository has their tag", async () => {
    const clone = await aClone("transport");
    const platform = join(folder.path, "transport.git");
    const central = ["templates=central", "templates_repository=shared-templates"];

    const missing: unknown = await updateWithRequest(clone, { set: central }).catch(
      (error: unknown) => error,
    );
    await call(local, "POST", `${project}/_apis/git/repositories`, { name: "shared-templates" });
    await push(platform, "shared-templates", "main");
    const untagged = await updateWithRequest(clone, { set: central, flags: ["dry-run"] }).catch(
      (error: unknown) => error,
    );
    const none = await requestsOf("transport");
    await push(platform, "shared-templates", `main:refs/tags/v${await newestVersion()}`);
    const proposed = await updateWithRequest(clone, { set: central });

    expect(missing).toMatchObject({ code: "EAC_PROVISION_TEMPLATES_MISSING", exitCode: 7 });
    expect(untagged).toMatchObject({ message: expect.stringContaining("it has no tag v") });
    expect(none).toEqual([]);
    expect(proposed.value).toMatchObject({ outcome: "proposed" });
    expect(await onBranch("transport", "pipelines/pr_pipeline.yml")).toContain("name: shared-templates");
  });

  test("respects that the owner closed this update", async () => {
    const clone = await aClone("payments");
    await updateWithRequest(clone);
    const [request] = await requestsOf("payments");
    const path = `${project}/_apis/git/repositories/payments/pullrequests/${String(request?.["pullRequestId"])}`;
    await call(local, "PATCH", path, { status: "abandoned" });

    const { exitCode, value } = await updateWithRequest(clone);

    expect(exitCode).toBe(0);
    expect(value).toMatchObject({ outcome: "declined" });
    expect(await requestsOf("payments")).toHaveLength(1);
  });

  test("leaves nothing anywhere in a dry run", async () => {
    const clone = await aClone("forecast");
    const before = await fingerprint(clone);

    const { value } = await updateWithRequest(clone, { flags: ["dry-run"] });

    expect(value).toMatchObject({ outcome: "planned" });
    expect(await fingerprint(clone)).toBe(before);
    expect(await requestsOf("forecast")).toEqual([]);
  });

  test("refuses a HEAD whose commits the pull request would carry along", async () => {
    const clone = await aClone("pricing");
    await git(clone, "commit", "--quiet", "--allow-empty", "--message=Not pushed");

    await expect(updateWithRequest(clone)).rejects.toMatchObject({
      code: "EAC_UPDATE_PR_NOT_PUSHED",
      exitCode: 6,
    });
    expect(await requestsOf("pricing")).toEqual([]);
  });

  test("works from a shallow clone and from a linked work tree", async () => {
    await aClone("demand");
    const bare = join(folder.path, "demand.git");
    await git(folder.path, "clone", "--quiet", "--depth=1", `file://${bare}`, "shallow");
    await git(join(folder.path, "shallow"), "worktree", "add", "--quiet", "--detach", "../linked");

    const first = await updateWithRequest(join(folder.path, "shallow"));
    const second = await updateWithRequest(join(folder.path, "linked"));

    expect(first.value).toMatchObject({ outcome: "proposed" });
    expect(second.value).toMatchObject({ outcome: "waiting" });
  });

  test("refuses a repository that the project does not have", async () => {
    const clone = await aClone("returns");
    const { body } = await call(local, "GET", `${project}/_apis/git/repositories/returns`);
    await call(local, "DELETE", `${project}/_apis/git/repositories/${body.id}`);

    await expect(updateWithRequest(clone)).rejects.toMatchObject({ code: "EAC_UPDATE_PR_NO_REPOSITORY" });
  });
});
