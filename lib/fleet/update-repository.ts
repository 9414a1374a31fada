import { EacError } from "../errors/eac-error.ts";
import { changesBetween, readChangeLog } from "../update/change-log.ts";
import { planCommit, type PlannedCommit } from "../update/plan-commit.ts";
import { countVerdicts } from "../update/count-verdicts.ts";
import type { FleetRow } from "./fleet-row.ts";
import type { OpenRepository } from "./open-repository.ts";
import { proposeUpdate, type ProposalOptions, type PullRequestService } from "./propose-update.ts";

/** A repository of a fleet: what it is called, and how one gets at it. */
export interface FleetRepository {
  readonly name: string;
  open(): Promise<OpenRepository>;
  /** Absent where there are only branches. */
  readonly service: PullRequestService | undefined;
  /** Known from the start where a whole project is listed. */
  readonly hasOpenUpdate?: boolean;
}

export type FleetUpdateOptions = Pick<ProposalOptions, "isDryRun" | "signature" | "takeSlot">;

/** Plans and proposes the update of one repository; whatever goes wrong is in the row, and nowhere else. */
export async function updateRepository(
  repository: FleetRepository,
  options: FleetUpdateOptions,
): Promise<FleetRow> {
  const { name, service } = repository;
  let planned: PlannedCommit | undefined;
  try {
    await using open = await repository.open();
    planned = await planCommit({ reader: open.reader, commit: open.head, prefix: "" });
    const { from, to } = planned;
    const changes = service === undefined ? "" : changesBetween(readChangeLog(), from, to);
    const proposal = await proposeUpdate(open, planned, { ...options, service, changes, prefix: "" });
    return { name, ...describe(planned), ...proposal };
  } catch (error) {
    const code = error instanceof EacError ? error.code : "EAC_BUG";
    const reason = error instanceof Error ? error.message : String(error);
    return { name, ...describe(planned), outcome: "failed", reason, code };
  }
}

function describe(planned: PlannedCommit | undefined): Omit<FleetRow, "name" | "outcome"> {
  if (planned === undefined) return { drift: [], conflicts: [], verdicts: {} };
  const { from, to, drift, conflicts, plan } = planned;
  return { from, to, drift, conflicts, verdicts: countVerdicts(plan.entries) };
}
