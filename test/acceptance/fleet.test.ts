import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, jest, test } from "@jest/globals";
import { root } from "../support/eac-model.ts";
import { findPython } from "../support/python-environment.ts";

const repositories = 20;
jest.setTimeout(1_800_000);

/** Everything is checked there, down to the files on the branches; the first word that is wrong ends it with an error. */
function rollOut(
  pipelines: number,
): Promise<{ readonly code: number; readonly output: string; readonly error: string }> {
  return new Promise((resolve) => {
    const words = [join(root, "bench", "rollout.mjs"), String(repositories), String(pipelines)];
    const child = execFile(process.execPath, words, { maxBuffer: 1 << 26 }, (_error, output, error) =>
      resolve({ code: child.exitCode ?? -1, output, error }),
    );
  });
}

test("a change of the templates reaches every repository of a project, though the run is killed in the middle", async () => {
  const { code, output, error } = await rollOut(findPython() === undefined ? 0 : 1);

  expect({ code, error }).toEqual({ code: 0, error: "" });
  const report: unknown = JSON.parse(output.trim().split("\n").at(-1) ?? "");
  expect(report).toMatchObject({ complete: true, total: repositories, to: "1.1.0" });
});
