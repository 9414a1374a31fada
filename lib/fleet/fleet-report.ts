import { cellText, codeSpan } from "../report/markdown.ts";
import { fleetOutcomes, type FleetOutcome, type FleetRow } from "./fleet-row.ts";
import type { FleetStop } from "./run-fleet.ts";

/** Everything a run can tell; the value that `--json` prints. */
export interface FleetReport {
  /** What the repositories are: a project, or a list. */
  readonly fleet: string;
  readonly to: string;
  readonly dryRun: boolean;
  /** False where the same command goes on with the rest. */
  readonly complete: boolean;
  readonly stopped: FleetStop | undefined;
  /** Repositories of the fleet, looked at or not. */
  readonly total: number;
  readonly totals: Readonly<Partial<Record<FleetOutcome, number>>>;
  readonly withConflicts: number;
  readonly withDrift: number;
  /** By name. */
  readonly repositories: readonly FleetRow[];
}

/** Counts the rows of a run. */
export function fleetReport(
  rows: readonly FleetRow[],
  run: Pick<FleetReport, "fleet" | "to" | "dryRun" | "complete" | "stopped" | "total">,
): FleetReport {
  const totals = fleetOutcomes
    .map((outcome) => [outcome, rows.filter((row) => row.outcome === outcome).length] as const)
    .filter(([, count]) => count > 0);
  return {
    ...run,
    totals: Object.fromEntries(totals),
    withConflicts: rows.filter(({ conflicts }) => conflicts.length > 0).length,
    withDrift: rows.filter(({ drift }) => drift.length > 0).length,
    repositories: rows.toSorted((left, right) => (left.name < right.name ? -1 : 1)),
  };
}

/** The totals as one line: `3 failed, 12 proposed, 185 current`. */
export function totalsSentence({ totals, total, repositories }: FleetReport): string {
  const counts = fleetOutcomes.flatMap((outcome) =>
    totals[outcome] === undefined ? [] : [`${totals[outcome]} ${outcome}`],
  );
  const left = total - repositories.length;
  return [...counts, ...(left > 0 ? [`${left} not looked at yet`] : [])].join(", ");
}

/** A page about the fleet, for a wiki or an artifact. */
export function fleetPage(report: FleetReport): string {
  const { fleet, to, dryRun, withConflicts, withDrift, repositories } = report;
  return [
    `# Update of ${cellText(fleet)} to eac-model ${to}`,
    dryRun ? "Dry run: nothing was changed." : undefined,
    `${totalsSentence(report)}. ${withConflicts} with conflicts, ${withDrift} with drift.`,
    table(
      ["Repository", "Outcome", "From", "Drift", "Conflicts", "Pull request"],
      repositories.map((row) => [
        codeSpan(row.name),
        row.outcome,
        row.from ?? "",
        String(row.drift.length),
        String(row.conflicts.length),
        row.pullRequest === undefined ? "" : `[${row.pullRequest.id}](<${encodeURI(row.pullRequest.url)}>)`,
      ]),
    ),
    ...section("Conflicts", repositories, ({ conflicts }) => conflicts),
    ...section("Drift: platform files that were changed or deleted", repositories, ({ drift }) => drift),
    ...reasons(repositories),
  ]
    .filter((part) => part !== undefined)
    .join("\n\n")
    .concat("\n");
}

function section(
  title: string,
  rows: readonly FleetRow[],
  pathsOf: (row: FleetRow) => readonly string[],
): readonly string[] {
  const lines = rows
    .filter((row) => pathsOf(row).length > 0)
    .map((row) => `- ${codeSpan(row.name)}: ${pathsOf(row).map(codeSpan).join(", ")}`);
  return lines.length === 0 ? [] : [`## ${title}`, lines.join("\n")];
}

function reasons(rows: readonly FleetRow[]): readonly string[] {
  const lines = rows
    .filter(({ reason }) => reason !== undefined)
    .map(({ name, outcome, reason = "", code }) =>
      [
        `- ${codeSpan(name)} ${outcome}: ${cellText(reason)}`,
        ...(code === undefined ? [] : [`(${code})`]),
      ].join(" "),
    );
  return lines.length === 0 ? [] : ["## Left alone or failed", lines.join("\n")];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
