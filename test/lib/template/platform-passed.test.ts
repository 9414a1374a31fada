import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import { parse } from "yaml";
import { runGit } from "../../../lib/git/run-git.ts";
import { root } from "../../support/eac-model.ts";
import { isolateGit } from "../../support/git-environment.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

isolateGit();

const template = join(root, "templates/model/base/pipelines/templates/template_ci_platform.yml");
const environmentFile = "demo_model/model_modules/requirements.txt";
const passed = "##vso[task.setvariable variable=PLATFORM_PASSED]true\n";

/** What the last step of the template says in a check-out of a merge that changes these files. */
async function say(changed: readonly string[], depth = 2): Promise<string> {
  await using temporary = await temporaryFolder();
  const git = (...words: string[]): Promise<string> => runGit(temporary.path, words);
  const write = async (paths: readonly string[], text: string): Promise<void> => {
    for (const path of paths) {
      await mkdir(join(temporary.path, path, ".."), { recursive: true });
      await writeFile(join(temporary.path, path), text);
    }
    await git("add", "--all");
    await git("commit", "--quiet", "--allow-empty", "--message", text);
  };
  await git("init", "--quiet", "--initial-branch", "main");
  await write(["src/cli.py", "tests/platform/a.py", "pyproject.toml", environmentFile, "a.py"], "first");
  await git("switch", "--quiet", "--create", "change");
  await write(changed, "changed");
  await git("switch", "--quiet", "main");
  await write(["src/cli.py"], "meanwhile in main");
  await git("switch", "--quiet", "change");
  await git("rebase", "--quiet", "--strategy-option", "theirs", "main");
  await git("switch", "--quiet", "main");
  await git("merge", "--quiet", "--no-ff", "--no-edit", "change");
  const folder = join(temporary.path, "checked out");
  await git("clone", "--quiet", `--depth=${depth}`, `file://${temporary.path}`, folder);
  const { steps } = parse(await readFile(template, "utf8"));
  const env = { ...process.env, ENVIRONMENT_FILE_PATH: environmentFile };
  const { stdout } = await promisify(execFile)("bash", ["-c", steps.at(-1).bash], { cwd: folder, env });
  return stdout;
}

test("a pull request that leaves the platform's code alone need not check it", async () => {
  expect(await say(["a.py", "tests/unit_test.py"])).toBe(passed);
});

test.each(["src/new.py", "src/cli.py", "tests/platform/a.py", "pyproject.toml", environmentFile])(
  "a pull request that changes %s has the platform's code checked",
  async (path) => {
    expect(await say(["a.py", path])).toBe("");
  },
);

test("without the target's commit the platform's code is checked", async () => {
  expect(await say(["a.py"], 1)).toBe("");
});
