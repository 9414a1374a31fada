import { readdirSync, utimesSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { RunStore } from "../../../../lib/cli/pipelines/run-store.ts";
import type { RunResult } from "../../../../lib/pipelines/run/run-types.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

function runOnce(store: RunStore, pipeline: string, result: RunResult): number {
  const { id } = store.begin();
  store.finish({ id, number: String(id), pipeline, branch: "main", commit: "c", result });
  return id;
}

test("the last run that succeeded is found, whatever failed since", async () => {
  await using folder = await temporaryFolder();
  const store = new RunStore(folder.path, "/a");
  runOnce(store, "ci", "succeeded");
  const good = runOnce(store, "ci", "succeeded");
  runOnce(store, "ci", "succeededWithIssues");
  const withIssues = runOnce(store, "train", "succeededWithIssues");
  for (let count = 0; count < 8; count += 1) runOnce(store, "ci", "failed");

  expect(store.lastGood("ci")).toMatchObject({ id: good });
  expect(store.lastGood("train")).toMatchObject({ id: withIssues });
  expect(store.lastGood("release")).toBeUndefined();
});

test("five runs of each pipeline are kept, and the last good one", async () => {
  await using folder = await temporaryFolder();
  const store = new RunStore(folder.path, "/a");
  runOnce(store, "ci", "succeeded");
  for (let count = 0; count < 7; count += 1) runOnce(store, "ci", "failed");

  const [repository = ""] = readdirSync(join(folder.path, "runs"));
  const kept = readdirSync(join(folder.path, "runs", repository)).map(Number);

  expect(kept.toSorted((left, right) => left - right)).toEqual([1, 4, 5, 6, 7, 8]);
});

test("what a run left that was killed days ago is removed, and what runs now stays", async () => {
  await using folder = await temporaryFolder();
  const store = new RunStore(folder.path, "/a");
  const killed = store.begin();
  const ended = runOnce(store, "ci", "succeeded");
  const running = store.begin();
  const [repository = ""] = readdirSync(join(folder.path, "runs"));
  const long = (Date.now() - 3 * 24 * 60 * 60 * 1000) / 1000;
  for (const id of [killed.id, ended]) {
    utimesSync(join(folder.path, "runs", repository, String(id)), long, long);
  }

  const next = store.begin();

  const left = readdirSync(join(folder.path, "runs", repository)).map(Number);
  expect(left.toSorted((one, other) => one - other)).toEqual([ended, running.id, next.id]);
});

test("repositories share no runs", async () => {
  await using folder = await temporaryFolder();
  runOnce(new RunStore(folder.path, "/a"), "ci", "succeeded");

  expect(new RunStore(folder.path, "/b").lastGood("ci")).toBeUndefined();
});

test("a folder that cannot be written is told, when a run begins and when it ends", async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, "file"), "");
  const store = new RunStore(folder.path, "/a");
  const { id, folder: own } = store.begin();
  await rm(own, { recursive: true });

  const refusal = expect.objectContaining({ code: "EAC_PIPELINES_NOT_KEPT", exitCode: 6 });
  expect(() => new RunStore(join(folder.path, "file"), "/a").begin()).toThrow(refusal);
  expect(() =>
    store.finish({ id, number: "1", pipeline: "ci", branch: "main", commit: "c", result: "failed" }),
  ).toThrow(refusal);
});
