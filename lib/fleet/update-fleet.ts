import { fleetReport, type FleetReport } from "./fleet-report.ts";
import type { FleetRow } from "./fleet-row.ts";
import { runFleet, type CanaryVerdict, type FleetOptions } from "./run-fleet.ts";
import { lockRunFile } from "./lock-run-file.ts";
import { RunFile } from "./run-file.ts";
import { updateRepository, type FleetRepository, type FleetUpdateOptions } from "./update-repository.ts";

export interface UpdateFleetInput extends FleetOptions {
  /** What the repositories are, for people and for the run file: a project, or a list. */
  readonly fleet: string;
  /** The version that they are brought to. */
  readonly to: string;
  readonly repositories: readonly FleetRepository[];
  /** Keeps what is done; not written in a dry run. */
  readonly runFile: string;
  readonly isDryRun: boolean;
  /** Who signs the commits: `Name <mail>`. */
  readonly signature: string;
  /** Pull requests that may be open at the same time. */
  readonly maxOpen: number;
  /** Told about each repository when it is done; the ones that an earlier run has done come first. */
  readonly onRow: (row: FleetRow) => void;
}

/** Updates the repositories of a fleet one by one, whatever becomes of each, and goes on where an interrupted run ended. */
export async function updateFleet(input: UpdateFleetInput): Promise<FleetReport> {
  const { fleet, to, repositories, isDryRun } = input;
  await using _lock = isDryRun ? undefined : await lockRunFile(input.runFile);
  using run = isDryRun ? undefined : RunFile.open(input.runFile, { fleet, to });
  const rows = new Map<string, FleetRow>();
  const take = (row: FleetRow): void => {
    rows.set(row.name, row);
    input.onRow(row);
  };
  const members = new Set(repositories.map(({ name }) => name));
  const done = new Map([...(run?.rows ?? [])].filter(([name]) => members.has(name)));
  for (const row of done.values()) take(row);
  const options: FleetUpdateOptions = { ...input, takeSlot: slots(input) };
  const work = {
    repositories,
    done,
    update: (repository: FleetRepository) => updateRepository(repository, options),
    judge: (canaries: readonly FleetRow[]) => judge(canaries, repositories),
    record: (row: FleetRow) => {
      run?.record(row);
      take(row);
    },
  };
  // A dry run harms nobody, so it needs no canaries.
  const stopped = await runFleet(work, isDryRun ? { ...input, canary: 0 } : input);
  const all = [...rows.values()];
  const complete = stopped === undefined && !all.some(({ outcome }) => outcome === "postponed");
  if (complete) run?.finish();
  return fleetReport(all, { fleet, to, dryRun: isDryRun, complete, stopped, total: repositories.length });
}

/** Counts down from what may still be opened. */
function slots({ maxOpen, repositories }: UpdateFleetInput): () => boolean {
  let left = maxOpen - repositories.filter(({ hasOpenUpdate }) => hasOpenUpdate === true).length;
  return () => {
    left -= 1;
    return left >= 0;
  };
}

/** A canary is fine when its pull request is merged, or its builds are good and nobody has to decide anything. */
async function judge(
  canaries: readonly FleetRow[],
  repositories: readonly FleetRepository[],
): Promise<CanaryVerdict> {
  const states = await Promise.all(
    canaries.map(async (row) => {
      const service = repositories.find(({ name }) => name === row.name)?.service;
      return { row, state: await judgeOne(row, service) };
    }),
  );
  const reasons = states
    .filter(({ state }) => state !== "fine")
    .map(({ row, state }) => `${row.name}: ${healthWords[state]} ${row.pullRequest?.url ?? ""}`.trim());
  const bad = states.some(({ state }) => state === "failed" || state === "abandoned");
  const waiting = states.some(({ state }) => state === "waiting" || state === "conflicts");
  if (bad) return { state: "failed", reasons };
  return { state: waiting ? "waiting" : "fine", reasons };
}

type Health = keyof typeof healthWords | "fine";

const healthWords = {
  fine: "fine",
  waiting: "its builds have not ended",
  conflicts: "its conflicts are not resolved",
  failed: "its builds failed",
  abandoned: "its pull request was closed",
} as const;

async function judgeOne(row: FleetRow, service: FleetRepository["service"]): Promise<Health> {
  const hasConflicts = row.conflicts.length > 0;
  if (row.pullRequest === undefined || service === undefined)
    return hasConflicts && row.outcome !== "current" ? "conflicts" : "fine";
  const health = await service.health(row.pullRequest.id);
  if (hasConflicts && health === "fine") return (await isMerged(row, service)) ? "fine" : "conflicts";
  return health;
}

async function isMerged({ pullRequest }: FleetRow, service: FleetRepository["service"]): Promise<boolean> {
  const requests = (await service?.list()) ?? [];
  return requests.some(({ id, status }) => id === pullRequest?.id && status === "completed");
}
