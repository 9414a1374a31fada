import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import { root } from "../support/eac-model.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const perProcess = 100;

/** Takes numbers of runs as fast as it can, and prints them. */
const script = `
const [module, folder] = process.argv.slice(1);
const { RunStore } = await import(module);
const store = new RunStore(folder, "/the-repository");
const ids = Array.from({ length: ${perProcess} }, () => store.begin().id);
process.stdout.write(JSON.stringify(ids));
`;

test("runs that begin at the same time in several processes have numbers of their own", async () => {
  await using folder = await temporaryFolder();
  const module = pathToFileURL(join(root, "dist", "lib", "cli", "pipelines", "run-store.js")).href;
  const words = ["--input-type=module", "--eval", script, module, folder.path];

  const all = await Promise.all(
    Array.from({ length: 4 }, async (): Promise<number[]> => {
      const { stdout } = await promisify(execFile)(process.execPath, words);
      return JSON.parse(stdout);
    }),
  );

  const ids = all.flat();
  expect(new Set(ids).size).toBe(4 * perProcess);
});
