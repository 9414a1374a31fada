import { expect, test } from "@jest/globals";
import { formatStage } from "../../../../lib/cli/pipelines/format-tree.ts";
import { RunTree } from "../../../../lib/cli/pipelines/run-tree.ts";
import type { RunEvent } from "../../../../lib/pipelines/run/run-types.ts";

function shown(events: readonly (readonly [now: number, event: RunEvent])[], width = 60): readonly string[] {
  const tree = new RunTree();
  for (const [now, event] of events) tree.take(event, now);
  return tree.stages.flatMap((stage) => formatStage(stage, { useColour: false, now: 75_000, width }));
}

const job = { stage: "S", job: "J" };
const begun: readonly (readonly [number, RunEvent])[] = [
  [0, { type: "started", at: { stage: "S" }, title: "Check" }],
  [0, { type: "started", at: job, title: "Unit tests" }],
  [0, { type: "started", at: { ...job, step: 1 }, title: "Check out" }],
  [2000, { type: "finished", at: { ...job, step: 1 }, result: "succeeded" }],
  [2000, { type: "started", at: { ...job, step: 2 }, title: "Run the tests" }],
  [3000, { type: "line", at: { ...job, step: 2 }, text: "\u001B[31mred\u001B[0m and\tmore" }],
];

test("a job that runs shows the step where it is", () => {
  expect(shown(begun)).toEqual([
    "  … Check  1 min 15 s",
    "    … Unit tests  1 min 15 s",
    "      … Run the tests  1 min 13 s",
  ]);
});

test("a step that failed shows why, and its last words without what moves the cursor", () => {
  const failed: readonly (readonly [number, RunEvent])[] = [
    ...begun,
    [
      5000,
      { type: "finished", at: { ...job, step: 2 }, result: "failed", why: "It ended with exit code 1." },
    ],
    [5000, { type: "finished", at: job, result: "failed" }],
    [5000, { type: "finished", at: { stage: "S" }, result: "failed" }],
  ];

  expect(shown(failed)).toEqual([
    "  ✗ Check  5 s",
    "    ✗ Unit tests  5 s",
    "      ✗ Run the tests: It ended with exit code 1.  3 s",
    "        | red and more",
  ]);
});

test("no line is longer than the terminal is wide", () => {
  const [, , step = ""] = shown(begun, 24);

  expect(step).toBe("      … Run…  1 min 13 s");
});
