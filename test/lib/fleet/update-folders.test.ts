import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, jest, test } from "@jest/globals";
import { findListedRepositories } from "../../../lib/fleet/find-repositories.ts";
import type { FleetReport } from "../../../lib/fleet/fleet-report.ts";
import type { FleetRow } from "../../../lib/fleet/fleet-row.ts";
import { lockRunFile } from "../../../lib/fleet/lock-run-file.ts";
import { updateFleet, type UpdateFleetInput } from "../../../lib/fleet/update-fleet.ts";
import type { TemplateSet } from "../../../lib/template/template-set.ts";
import { newestVersion } from "../../../lib/update/plan-commit.ts";
import { anAnswers } from "../../support/an-answers.ts";
import { isolateGit } from "../../support/git-environment.ts";
import { git, olderRepository, olderTemplates, olderVersion } from "../../support/older-repository.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

beforeAll(isolateGit);

/** Many processes of git, on a machine that may be busy. */
jest.setTimeout(120_000);

const branch = "eac-model/update";
const changed = "pipelines/ci_pipeline.yml";
let templates: TemplateSet;

beforeAll(async () => {
  templates = await olderTemplates({
    texts: { [changed]: (now) => now.replace(/^(stages:)/m, "# an older line\n$1") },
    gone: ["pipelines/templates/template_ci_import_code.yml"],
  });
});

async function aRepository(
  folder: string,
  name: string,
  edits?: Parameters<typeof olderRepository>[2],
): Promise<string> {
  const path = join(folder, `${name}.git`);
  await olderRepository(path, { templates, answers: anAnswers({ model_name: name }) }, edits);
  return path;
}

async function update(
  folder: string,
  names: readonly string[],
  differences: Partial<UpdateFleetInput> = {},
): Promise<FleetReport> {
  const entries = names.map((name) => `${name}.git`);
  return await updateFleet({
    fleet: "a test",
    to: await newestVersion(),
    repositories: await findListedRepositories({ entries, folder }, undefined),
    runFile: join(folder, "run.jsonl"),
    isDryRun: false,
    signature: "Ann Example <ann@example.com>",
    maxOpen: 1000,
    canary: 0,
    wave: 10,
    concurrency: 2,
    signal: new AbortController().signal,
    onRow: () => undefined,
    ...differences,
  });
}

function only({ repositories: [row] }: FleetReport): FleetRow | undefined {
  return row;
}

describe("A fleet of repositories on this machine", () => {
  test("gets the update on a branch, and nothing else of it moves", async () => {
    await using folder = await temporaryFolder();
    const path = await aRepository(folder.path, "iris");
    const main = await git(path, "rev-parse", "main");

    const report = await update(folder.path, ["iris"]);

    const row = only(report);
    expect(row).toMatchObject({ outcome: "proposed", from: olderVersion, drift: [], conflicts: [] });
    expect(row?.verdicts).toMatchObject({ update: 1, add: 1 });
    expect(await git(path, "rev-parse", "main")).toBe(main);
    expect((await git(path, "diff", "--name-status", "main", branch)).split("\n")).toEqual([
      "M\t.eac-model/baseline.json.gz",
      "M\t.eac-model/manifest.json",
      `M\t${changed}`,
      "A\tpipelines/templates/template_ci_import_code.yml",
    ]);
    expect(await git(path, "show", "-s", "--format=%an|%s|%P", branch)).toBe(
      `Ann Example|Update to eac-model ${await newestVersion()}|${main}`,
    );
    expect(report).toMatchObject({ complete: true, total: 1, totals: { proposed: 1 } });
  });

  test("is asked again in vain while nothing changed, and again when a changed file is edited", async () => {
    await using folder = await temporaryFolder();
    const path = await aRepository(folder.path, "iris");
    await update(folder.path, ["iris"]);
    const first = await git(path, "rev-parse", branch);

    const again = only(await update(folder.path, ["iris"]));
    const unmoved = await git(path, "rev-parse", branch);
    await git(folder.path, "clone", "--quiet", "iris.git", "work");
    const text = await readFile(join(folder.path, "work", changed), "utf8");
    await git(join(folder.path, "work"), "switch", "--quiet", "main");
    await writeFile(join(folder.path, "work", changed), `${text}# our last line\n`);
    await git(join(folder.path, "work"), "commit", "--quiet", "--all", "--message=Edit");
    await git(join(folder.path, "work"), "push", "--quiet");
    const renewed = only(await update(folder.path, ["iris"]));

    expect(again?.outcome).toBe("waiting");
    expect(unmoved).toBe(first);
    expect(renewed).toMatchObject({ outcome: "proposed", drift: [changed] });
    expect(await git(path, "show", `${branch}:${changed}`)).toContain("# our last line");
    expect(await git(path, "show", `${branch}:${changed}`)).not.toContain("# an older line");
  });

  test("is current after the branch was merged", async () => {
    await using folder = await temporaryFolder();
    const path = await aRepository(folder.path, "iris");
    await update(folder.path, ["iris"]);
    await git(path, "update-ref", "refs/heads/main", `refs/heads/${branch}`);

    expect(only(await update(folder.path, ["iris"]))?.outcome).toBe("current");
  });

  test("keeps what people committed on the branch", async () => {
    await using folder = await temporaryFolder();
    const path = await aRepository(folder.path, "iris");
    await update(folder.path, ["iris"]);
    await git(folder.path, "clone", "--quiet", "--branch", branch, "iris.git", "work");
    await git(join(folder.path, "work"), "commit", "--quiet", "--allow-empty", "--message=Resolved");
    await git(join(folder.path, "work"), "push", "--quiet");
    const theirs = await git(path, "rev-parse", branch);

    const row = only(await update(folder.path, ["iris"]));

    expect(row?.outcome).toBe("taken-over");
    expect(await git(path, "rev-parse", branch)).toBe(theirs);
  });

  test("sees drift and conflicts, and commits both sides of a conflict", async () => {
    await using folder = await temporaryFolder();
    const path = await aRepository(folder.path, "iris", {
      [changed]: (before) => before.replace("# an older line", "# our own line"),
      "pyproject.toml": undefined,
    });

    const row = only(await update(folder.path, ["iris"]));

    expect(row).toMatchObject({ outcome: "proposed", conflicts: [changed] });
    expect(row?.drift.toSorted()).toEqual([changed, "pyproject.toml"].toSorted());
    const text = await git(path, "show", `${branch}:${changed}`);
    expect(text).toContain("<<<<<<< ours (repository)\n# our own line");
    expect(await git(path, "show", `${branch}:.eac-model/manifest.json`)).toContain('"unresolved"');
  });

  test("is not updated again before conflicts that somebody merged are resolved", async () => {
    await using folder = await temporaryFolder();
    const path = await aRepository(folder.path, "iris", {
      [changed]: (before) => before.replace("# an older line", "# our own line"),
    });
    await update(folder.path, ["iris"]);
    await git(path, "update-ref", "refs/heads/main", `refs/heads/${branch}`);

    expect(only(await update(folder.path, ["iris"]))).toMatchObject({
      outcome: "failed",
      code: "EAC_UPDATE_NOT_READY",
    });

    await git(folder.path, "clone", "--quiet", "iris.git", "work");
    const work = join(folder.path, "work");
    await writeFile(join(work, changed), "stages: []\n");
    await git(work, "commit", "--quiet", "--all", "--message=Resolve");
    await git(work, "push", "--quiet");

    expect(only(await update(folder.path, ["iris"]))?.outcome).toBe("current");
  });

  test("goes on when one is broken, in any way", async () => {
    await using folder = await temporaryFolder();
    await aRepository(folder.path, "good");
    await aRepository(folder.path, "baseline", { ".eac-model/baseline.json.gz": "torn" });
    await aRepository(folder.path, "answers", { ".eac-model/answers.yml": "model_name: [" });
    await aRepository(folder.path, "stateless", { ".eac-model/manifest.json": undefined });
    await git(folder.path, "init", "--quiet", "--bare", "empty.git");
    const names = ["absent", "answers", "baseline", "empty", "good", "stateless"];

    const { repositories, totals } = await update(folder.path, names);

    expect(repositories.map(({ name, outcome, code }) => [name, outcome, code])).toEqual([
      ["absent.git", "failed", "EAC_GIT_FAILED"],
      ["answers.git", "failed", "EAC_ANSWERS_FILE"],
      ["baseline.git", "failed", "EAC_UPDATE_STATE_INVALID"],
      ["empty.git", "failed", "EAC_FLEET_NO_BRANCH"],
      ["good.git", "proposed", undefined],
      ["stateless.git", "failed", "EAC_UPDATE_STATE_MISSING"],
    ]);
    expect(totals).toEqual({ failed: 5, proposed: 1 });
  });

  test("is left as it is by a dry run, which tells the same", async () => {
    await using folder = await temporaryFolder();
    const path = await aRepository(folder.path, "iris");
    const before = await readdir(path, { recursive: true });

    const planned = only(await update(folder.path, ["iris"], { isDryRun: true }));

    expect(planned).toMatchObject({ outcome: "planned", verdicts: { update: 1, add: 1 } });
    expect((await readdir(path, { recursive: true })).toSorted()).toEqual(before.toSorted());
    expect(await readdir(folder.path)).toEqual(["iris.git"]);
  });

  test("is refused where another run writes the same run file, unless it is a dry run", async () => {
    await using folder = await temporaryFolder();
    await aRepository(folder.path, "iris");
    const lock = await lockRunFile(join(folder.path, "run.jsonl"));

    const refused: unknown = await update(folder.path, ["iris"]).catch((error: unknown) => error);
    const planned = only(await update(folder.path, ["iris"], { isDryRun: true }));
    await lock[Symbol.asyncDispose]();
    const later = only(await update(folder.path, ["iris"]));

    expect(refused).toMatchObject({ code: "EAC_FLEET_RUNNING", exitCode: 6 });
    expect([planned?.outcome, later?.outcome]).toEqual(["planned", "proposed"]);
    expect((await readdir(folder.path)).toSorted()).toEqual(["iris.git", "run.jsonl"]);
  });

  test("goes on after an interruption without doing anything twice", async () => {
    await using folder = await temporaryFolder();
    const names = ["a", "b", "c", "d"];
    for (const name of names) await aRepository(folder.path, `model-${name}`);
    const stop = new AbortController();
    let seen = 0;
    const all = names.map((name) => `model-${name}`);

    const first = await update(folder.path, all, {
      concurrency: 1,
      signal: stop.signal,
      onRow: () => {
        seen += 1;
        if (seen === 2) stop.abort();
      },
    });
    const second = await update(folder.path, all, { concurrency: 1 });

    expect(first).toMatchObject({
      complete: false,
      stopped: { why: "interrupted" },
      totals: { proposed: 2 },
    });
    expect(second).toMatchObject({ complete: true, total: 4, totals: { proposed: 4 } });
  });
});
