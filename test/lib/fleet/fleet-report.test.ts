import { describe, expect, test } from "@jest/globals";
import { fleetPage, fleetReport, totalsSentence, type FleetReport } from "../../../lib/fleet/fleet-report.ts";
import type { FleetRow } from "../../../lib/fleet/fleet-row.ts";
import { aRow } from "./a-row.ts";

function aReport(rows: readonly FleetRow[], differences: Partial<FleetReport> = {}): FleetReport {
  const run = { fleet: "Contoso | Models", to: "1.1.0", dryRun: false, complete: true, stopped: undefined };
  return fleetReport(rows, { ...run, total: rows.length, ...differences });
}

const rows = [
  aRow("iris", {
    outcome: "proposed",
    conflicts: ["pipelines/ci|pipeline.yml"],
    drift: ["pyproject.toml"],
    pullRequest: { id: 12, url: "https://dev.azure.com/contoso/P/_git/iris/pullrequest/12" },
  }),
  aRow("churn"),
  aRow("broken", { outcome: "failed", reason: "It is <damaged>.", code: "EAC_UPDATE_STATE_INVALID" }),
];

describe("The report of a fleet", () => {
  test("counts outcomes, conflicts and drift, and has the repositories by name", () => {
    const report = aReport(rows, { total: 5 });

    expect(report).toMatchObject({
      totals: { failed: 1, proposed: 1, current: 1 },
      withConflicts: 1,
      withDrift: 1,
    });
    expect(report.repositories.map(({ name }) => name)).toEqual(["broken", "churn", "iris"]);
    expect(totalsSentence(report)).toBe("1 failed, 1 proposed, 1 current, 2 not looked at yet");
  });

  test("is a page with a row for each repository, and with its conflicts, drift and reasons", () => {
    expect(fleetPage(aReport(rows))).toBe(
      [
        String.raw`# Update of Contoso \| Models to eac-model 1.1.0`,
        "",
        "1 failed, 1 proposed, 1 current. 1 with conflicts, 1 with drift.",
        "",
        "| Repository | Outcome | From | Drift | Conflicts | Pull request |",
        "| --- | --- | --- | --- | --- | --- |",
        "| `broken` | failed | 1.0.0 | 0 | 0 |  |",
        "| `churn` | current | 1.0.0 | 0 | 0 |  |",
        "| `iris` | proposed | 1.0.0 | 1 | 1 | [12](<https://dev.azure.com/contoso/P/_git/iris/pullrequest/12>) |",
        "",
        "## Conflicts",
        "",
        String.raw`- ${"`iris`"}: ${"`pipelines/ci"}\|${"pipeline.yml`"}`,
        "",
        "## Drift: platform files that were changed or deleted",
        "",
        "- `iris`: `pyproject.toml`",
        "",
        "## Left alone or failed",
        "",
        String.raw`- ${"`broken`"} failed: It is \<damaged\>. (EAC_UPDATE_STATE_INVALID)`,
        "",
      ].join("\n"),
    );
  });

  test("says that a dry run changed nothing", () => {
    expect(fleetPage(aReport(rows, { dryRun: true }))).toContain("\n\nDry run: nothing was changed.\n\n");
  });
});
