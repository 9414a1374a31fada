import type { FleetRow } from "../../fleet/fleet-row.ts";
import { totalsSentence, type FleetReport } from "../../fleet/fleet-report.ts";
import type { FleetStop } from "../../fleet/run-fleet.ts";
import type { Output } from "../../report/output.ts";
import { paint } from "../../report/colour.ts";

/** Shows a run over a fleet while it goes on. */
export interface FleetView {
  readonly take: (row: FleetRow) => void;
  readonly end: () => void;
}

const eraseLine = "\r\u001B[2K";
const barWidth = 24;

/** A bar with totals at the bottom of the terminal; above it stay the repositories that something happened to. */
export function fleetBar(output: Output, total: number, width: () => number): FleetView {
  const counts = new Map<string, number>();
  let done = 0;
  return {
    take: (row) => {
      done += 1;
      counts.set(row.outcome, (counts.get(row.outcome) ?? 0) + 1);
      const line = row.outcome === "current" ? "" : `${rowLine(row, output.useColour)}\n`;
      const filled = Math.round((done / total) * barWidth);
      const bar = "█".repeat(filled) + "░".repeat(barWidth - filled);
      const totals = [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(", ");
      // A line that breaks could not be drawn again.
      const shown = `${bar} ${done}/${total}  ${totals}`.slice(0, Math.max(0, width() - 1));
      output.write(eraseLine + line + shown);
    },
    end: () => output.write(eraseLine),
  };
}

/** One line for every repository, with its number, for logs. */
export function fleetLines(output: Output, total: number): FleetView {
  const width = String(total).length;
  let done = 0;
  return {
    take: (row) => {
      done += 1;
      output.write(`[${String(done).padStart(width)}/${total}] ${rowLine(row, output.useColour)}\n`);
    },
    end: () => undefined,
  };
}

function rowLine({ name, outcome, conflicts, pullRequest, reason }: FleetRow, useColour: boolean): string {
  const parts = [
    ...(pullRequest === undefined ? [] : [pullRequest.url]),
    ...(conflicts.length === 0 ? [] : [`${conflicts.length} in conflict`]),
    ...(reason === undefined ? [] : [reason]),
  ];
  const shown = outcome === "failed" ? paint(outcome, "red", useColour) : outcome;
  return [`${name}: ${shown}`, ...parts].join("  ");
}

/** The whole fleet as a table, the totals, and what to do next. */
export function showFleetReport(output: Output, report: FleetReport): void {
  const head = ["repository", "outcome", "from", "drift", "conflicts", "pull request"];
  const rows = report.repositories.map(({ name, outcome, from, drift, conflicts, pullRequest }) => [
    name,
    outcome,
    from ?? "-",
    String(drift.length),
    String(conflicts.length),
    pullRequest === undefined ? "-" : String(pullRequest.id),
  ]);
  const widths = head.map((title, column) =>
    [title, ...rows.map((row) => row[column] ?? "")].reduce((most, { length }) => Math.max(most, length), 0),
  );
  const lineOf = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  output.write(`\n${[head, ...rows].map(lineOf).join("\n")}\n\n`);
  const { withConflicts, withDrift, to, stopped, complete } = report;
  output.write(
    `To eac-model ${to}: ${totalsSentence(report)}. ${withConflicts} with conflicts, ${withDrift} with drift.\n`,
  );
  for (const reason of stopped?.reasons ?? []) output.write(`  ${reason}\n`);
  if (!complete) output.write(`${stopped === undefined ? whenPostponed : nextSteps[stopped.why]}\n`);
}

const nextSteps: Readonly<Record<FleetStop["why"], string>> = {
  canary:
    "These were the canaries. Look at their pull requests, then run the same command again: it goes on when they are fine.",
  "canary-waiting":
    "The canaries are not ready yet, and nothing else was touched. Run the same command again later, or without --canary to go on anyway.",
  "canary-failed":
    "A canary is not fine, and nothing else was touched. Repair the templates, or run without --canary to go on anyway.",
  failures:
    "Most of a wave failed, so the rest was not touched. Run the same command again when the cause is gone.",
  interrupted: "Interrupted. Run the same command again to go on.",
};

const whenPostponed =
  "As many pull requests are open as --max-open-prs allows. Run the same command again when some are merged.";
