import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, jest, test } from "@jest/globals";
import { runGit } from "../../lib/git/run-git.ts";
import { eacModel } from "../support/eac-model.ts";
import { isolateGit } from "../support/git-environment.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

jest.setTimeout(120_000);
isolateGit();

const steps = "steps:\n  - checkout: none\n  - bash: echo the value is $(VALUE)\n";

test("a run says when nothing is behind its variable groups, and only then", async () => {
  await using folder = await temporaryFolder();
  const file = (name: string, text: string): Promise<void> => writeFile(join(folder.path, name), text);
  await file("plain.yml", `trigger: none\n${steps}`);
  await file("grouped.yml", `trigger: none\nvariables:\n  - group: iris-tst\n${steps}`);
  await file(".gitignore", "variable_groups.local.yml\n");
  await runGit(folder.path, ["init", "--quiet"]);
  await runGit(folder.path, ["add", "--all"]);
  await runGit(folder.path, ["commit", "--quiet", "--message", "Add two pipelines"]);
  const run = (name: string): ReturnType<typeof eacModel> => {
    const env = { EAC_MODEL_HOME: join(folder.path, "home"), XDG_CACHE_HOME: join(folder.path, "cache") };
    return eacModel(["run", name], { cwd: folder.path, env });
  };

  const plain = await run("plain.yml");
  const without = await run("grouped.yml");
  await file("variable_groups.local.yml", "iris-tst:\n  VALUE: from the file\n");
  const own = await run("grouped.yml");

  const warning = "eac-model local start";
  expect([plain, without, own].map(({ output }) => output.includes(warning))).toEqual([false, true, false]);
  expect(own.output).toContain("the value is from the file");
  expect([plain.code, own.code]).toEqual([0, 0]);
});
