import { describe, expect, test } from "@jest/globals";
import { fleetBar, fleetLines, showFleetReport } from "../../../../lib/cli/fleet/show-fleet.ts";
import { fleetReport } from "../../../../lib/fleet/fleet-report.ts";
import { collectingOutput } from "../../../support/collecting-output.ts";
import { aRow } from "../../fleet/a-row.ts";

const proposed = aRow("iris", {
  outcome: "proposed",
  conflicts: ["a.yml", "b.yml"],
  pullRequest: { id: 12, url: "https://example.com/12" },
});
const failed = aRow("broken", { outcome: "failed", reason: "git failed." });

describe("The progress of a fleet", () => {
  test("is one numbered line for each repository where there is no terminal", () => {
    const output = collectingOutput();
    const view = fleetLines(output, 12);

    for (const row of [aRow("churn"), proposed, failed]) view.take(row);
    view.end();

    expect(output.text()).toBe(
      [
        "[ 1/12] churn: current",
        "[ 2/12] iris: proposed  https://example.com/12  2 in conflict",
        "[ 3/12] broken: failed  git failed.",
        "",
      ].join("\n"),
    );
  });

  test("is a bar with totals in a terminal, above it only what happened to something, and gone at the end", () => {
    const output = collectingOutput({ isTerminal: true });
    const view = fleetBar(output, 2, () => 43);

    view.take(aRow("churn"));
    view.take(proposed);
    view.end();

    const [, first, second, last] = output.text().split("\r\u001B[2K");
    expect(first).toBe(`${"█".repeat(12)}${"░".repeat(12)} 1/2  1 current`);
    expect(second).toBe(
      `iris: proposed  https://example.com/12  2 in conflict\n${"█".repeat(24)} 2/2  1 current, 1`,
    );
    expect(last).toBe("");
  });
});

describe("The end of a run over a fleet", () => {
  test("is a table, the totals, and why it stopped", () => {
    const output = collectingOutput();
    const stopped = { why: "canary-waiting", reasons: ["iris: its builds have not ended"] } as const;
    const run = { fleet: "f", to: "1.1.0", dryRun: false, complete: false, stopped, total: 3 };

    showFleetReport(output, fleetReport([proposed, failed], run));

    expect(output.text().split("\n")).toEqual([
      "",
      "repository  outcome   from   drift  conflicts  pull request",
      "broken      failed    1.0.0  0      0          -",
      "iris        proposed  1.0.0  0      2          12",
      "",
      "To eac-model 1.1.0: 1 failed, 1 proposed, 1 not looked at yet. 1 with conflicts, 0 with drift.",
      "  iris: its builds have not ended",
      expect.stringContaining("Run the same command again later, or without --canary"),
      "",
    ]);
  });
});
