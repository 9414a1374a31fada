import { expect, test } from "@jest/globals";
import { RunTimeline } from "../../../../../lib/local/devops/runs/timeline.ts";
import { readTimeline } from "../../../../../lib/local/devops/runs/timeline-file.ts";
import { temporaryFolder } from "../../../../support/temporary-folder.ts";

function timelineIn(folder: string): RunTimeline {
  return new RunTimeline({ folder, runId: 1, now: () => "2026-01-01T00:00:00Z" });
}

test("a stage and a job that do not run have their titles", async () => {
  await using folder = await temporaryFolder();
  const timeline = timelineIn(folder.path);

  timeline.tell({ type: "finished", at: { stage: "A" }, result: "skipped", title: "The stage" });
  timeline.tell({ type: "started", at: { stage: "B" }, title: "B" });
  timeline.tell({ type: "finished", at: { stage: "B", job: "J" }, result: "skipped", title: "The job" });

  const entries = readTimeline(folder.path).map(({ type, name, result }) => [type, name, result]);
  expect(entries).toEqual([
    ["Stage", "The stage", "skipped"],
    ["Stage", "B", undefined],
    ["Phase", "J", "skipped"],
    ["Job", "The job", "skipped"],
  ]);
});

test("the first ten errors and warnings of a step stand in its entry, and all in its log", async () => {
  await using folder = await temporaryFolder();
  const timeline = timelineIn(folder.path);

  const at = { stage: "A", job: "J", step: 1 };
  for (let count = 0; count < 12; count += 1) {
    timeline.tell({ type: "issue", at, kind: "warning", message: `warning ${count}` });
    timeline.tell({ type: "issue", at, kind: "error", message: `error ${count}` });
  }

  const issues = readTimeline(folder.path).flatMap((entry) => entry.issues);
  expect(issues.filter(({ type }) => type === "warning")).toHaveLength(10);
  expect(issues.filter(({ type }) => type === "error")).toHaveLength(10);
});
