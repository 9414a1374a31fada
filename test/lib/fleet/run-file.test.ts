import { appendFile, readFile, readdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { RunFile } from "../../../lib/fleet/run-file.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { aRow } from "./a-row.ts";

const identity = { fleet: "https://dev.azure.com/contoso AnalyticsOps", to: "1.1.0" };

describe("The record of a run", () => {
  test("goes on where a killed run ended, with the last word on each repository", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "run.jsonl");
    const killed = RunFile.open(path, identity);
    killed.record(aRow("a", { outcome: "failed" }));
    killed.record(aRow("b", { outcome: "proposed" }));
    killed.record(aRow("a", { outcome: "proposed" }));

    using again = RunFile.open(path, identity);

    expect([...again.rows].map(([name, { outcome }]) => [name, outcome])).toEqual([
      ["a", "proposed"],
      ["b", "proposed"],
    ]);
    expect(await readdir(folder.path)).toEqual(["run.jsonl"]);
  });

  test("survives being cut off anywhere after its first line", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "run.jsonl");
    {
      using run = RunFile.open(path, identity);
      run.record(aRow("a"));
      run.record(aRow("b"));
    }
    const whole = await readFile(path, "utf8");
    const head = whole.indexOf("\n") + 1;

    for (let length = head; length < whole.length; length += 7) {
      await writeFile(path, whole);
      await truncate(path, length);
      {
        using run = RunFile.open(path, identity);
        run.record(aRow("c"));
      }
      using run = RunFile.open(path, identity);
      const expected = [...(length > whole.indexOf("\n", head) - 1 ? ["a"] : []), "c"];
      expect([...run.rows.keys()]).toEqual(expected);
    }
  });

  test.each([
    ["finished", (run: RunFile) => run.finish(), identity],
    ["of another version", () => undefined, { ...identity, to: "1.2.0" }],
  ])("begins anew when the last one was %s", async (_, end, next) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "run.jsonl");
    {
      using run = RunFile.open(path, identity);
      run.record(aRow("a"));
      end(run);
    }

    using run = RunFile.open(path, next);

    expect(run.rows.size).toBe(0);
  });

  test("of another fleet is not touched", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "run.jsonl");
    {
      using run = RunFile.open(path, identity);
      run.record(aRow("a"));
    }
    const before = await readFile(path, "utf8");

    expect(() => RunFile.open(path, { ...identity, fleet: "other" })).toThrow(
      expect.objectContaining({ code: "EAC_FLEET_RUN_FILE_FOREIGN" }),
    );
    expect(await readFile(path, "utf8")).toBe(before);
  });

  test("is not taken from a file that is something else", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "run.jsonl");
    await appendFile(path, "# Notes\n");

    expect(() => RunFile.open(path, identity)).toThrow(
      expect.objectContaining({ code: "EAC_FLEET_RUN_FILE_INVALID" }),
    );
  });

  test("in a folder that does not exist is an error that names it", async () => {
    await using folder = await temporaryFolder();

    expect(() => RunFile.open(join(folder.path, "none", "run.jsonl"), identity)).toThrow(
      expect.objectContaining({ code: "EAC_FLEET_FILE_NOT_WRITTEN" }),
    );
  });
});
