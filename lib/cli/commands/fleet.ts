import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { wrongUsage } from "../../errors/catalogue/cli.ts";
import { fleetFileNotReadable } from "../../errors/catalogue/fleet.ts";
import { exitCodes, type ExitCode } from "../../errors/exit-codes.ts";
import { isErrno } from "../../errors/is-errno.ts";
import { fleetPage, type FleetReport } from "../../fleet/fleet-report.ts";
import { updateFleet } from "../../fleet/update-fleet.ts";
import { readSignature } from "../../git/signature.ts";
import { newestVersion } from "../../update/plan-commit.ts";
import { optionValue, type CommandInput, type RunCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { findFleet } from "../fleet/find-fleet.ts";
import { readFleetNumbers } from "../fleet/fleet-options.ts";
import { fleetBar, fleetLines, showFleetReport, type FleetView } from "../fleet/show-fleet.ts";
import { requireConfirmation } from "../require-confirmation.ts";

const defaultRunFile = "eac-model-fleet.jsonl";

/** Proposes the newest templates to every repository of a project or a list. */
export const runFleetCommand: RunCommand = async (input, context) => {
  const [word, ...entries] = input.positionals;
  if (word !== "update")
    throw wrongUsage("eac-model fleet: say what to do with the fleet.", "Use eac-model fleet update.");
  const numbers = readFleetNumbers(input);
  const isDryRun = input.flags.has("dry-run");
  const to = await newestVersion();
  context.reporter.report({ type: "line", text: "Looking for the repositories …" });
  const { fleet, repositories } = await findFleet(input, context, entries);
  const signature = isDryRun ? "" : await readSignature(context.cwd);
  introduce(context, `${repositories.length} repositories of ${fleet}, to eac-model ${to}`);
  if (!isDryRun) await requireConfirmation(input, context, "Updating a fleet");
  const view = viewOf(context, repositories.length);
  const report = await updateFleet({
    ...numbers,
    fleet,
    to,
    repositories,
    isDryRun,
    signature,
    runFile: resolve(context.cwd, optionValue(input, "run-file") ?? defaultRunFile),
    signal: context.stop.signal,
    onRow: view.take,
  });
  view.end();
  if (!context.json) showFleetReport(context.output, report);
  await writePage(input, context, report);
  return { exitCode: exitCodeOf(report), value: report };
};

function introduce({ reporter }: Context, text: string): void {
  reporter.report({ type: "line", text });
}

const silentView: FleetView = { take: () => undefined, end: () => undefined };

function viewOf({ json, output }: Context, total: number): FleetView {
  if (json) return silentView;
  return output.isTerminal
    ? fleetBar(output, total, () => process.stdout.columns)
    : fleetLines(output, total);
}

async function writePage(input: CommandInput, context: Context, report: FleetReport): Promise<void> {
  const file = optionValue(input, "report");
  if (file === undefined) return;
  const path = resolve(context.cwd, file);
  try {
    await writeFile(path, fleetPage(report));
  } catch (error) {
    throw isErrno(error) ? fleetFileNotReadable(path, error) : error;
  }
}

/** A failed repository weighs more than a conflict: it may hide one. */
function exitCodeOf({ stopped, totals, withConflicts }: FleetReport): ExitCode {
  if (stopped?.why === "interrupted") return exitCodes.interrupted;
  if (stopped?.why === "canary-failed") return exitCodes.runFailed;
  if ((totals.failed ?? 0) > 0) return exitCodes.remoteFailed;
  return withConflicts > 0 ? exitCodes.conflicts : exitCodes.done;
}
