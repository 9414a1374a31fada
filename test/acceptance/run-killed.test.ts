import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, jest, test } from "@jest/globals";
import { runGit } from "../../lib/git/run-git.ts";
import { eacModel } from "../support/eac-model.ts";
import { isolateGit } from "../support/git-environment.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

jest.setTimeout(120_000);
isolateGit();

/** How many processes sleep that long. */
function sleepers(seconds: string): number {
  const all = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).split("\n");
  return all.filter((words) => words === `sleep ${seconds}`).length;
}

async function until(holds: () => boolean): Promise<void> {
  for (let wait = 0; !holds() && wait < 300; wait += 1) await sleep(100);
}

test("a run that is killed leaves none of its programs running, wherever they went", async () => {
  await using folder = await temporaryFolder();
  const seconds = `1000.${Number.parseInt(randomUUID().slice(0, 8), 16)}`;
  await writeFile(
    join(folder.path, "hanging.yml"),
    `
trigger: none
steps:
  - checkout: none
  - bash: |
      setsid sleep ${seconds} &
      env -i sleep ${seconds} &
      sleep ${seconds}
`,
  );
  await runGit(folder.path, ["init", "--quiet"]);
  await runGit(folder.path, ["add", "--all"]);
  await runGit(folder.path, ["commit", "--quiet", "--message", "Add a pipeline that hangs"]);
  const options = { cwd: folder.path, killAfterMs: 15_000 };

  const running = eacModel(["run", "hanging.yml"], options);
  await until(() => sleepers(seconds) === 3);
  const before = sleepers(seconds);
  await running;
  await until(() => sleepers(seconds) === 0);

  expect(before).toBe(3);
  expect(sleepers(seconds)).toBe(0);
});
