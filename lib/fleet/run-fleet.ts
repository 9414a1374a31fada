import { eachLimited } from "./each-limited.ts";
import { isOpenEnd, type FleetRow } from "./fleet-row.ts";

export interface FleetOptions {
  /** So many repositories come first and alone; 0: none. */
  readonly canary: number;
  /** So many repositories at a time have to end before others begin. */
  readonly wave: number;
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

export interface FleetWork<T extends { readonly name: string }> {
  readonly repositories: readonly T[];
  /** What an interrupted run has done already. */
  readonly done: ReadonlyMap<string, FleetRow>;
  /** Never throws: what goes wrong with one repository is its row. */
  readonly update: (repository: T) => Promise<FleetRow>;
  /** Whether the updates of the canaries turned out well. */
  readonly judge: (canaries: readonly FleetRow[]) => Promise<CanaryVerdict>;
  readonly record: (row: FleetRow) => void;
}

export interface CanaryVerdict {
  readonly state: "fine" | "waiting" | "failed";
  /** The canaries that are not fine, each with what is wrong. */
  readonly reasons: readonly string[];
}

/** Why a run ended before every repository was looked at. */
export interface FleetStop {
  readonly why: "canary" | "canary-waiting" | "canary-failed" | "failures" | "interrupted";
  readonly reasons: readonly string[];
}

/**
 * Updates the repositories in waves, and says why it stopped where it did not come to the end.
 * Canaries come first; a run ends with them, and the next one goes on when they are fine. A wave that mostly fails is the last one.
 */
export async function runFleet<T extends { readonly name: string }>(
  work: FleetWork<T>,
  options: FleetOptions,
): Promise<FleetStop | undefined> {
  const canaries = work.repositories.slice(0, options.canary);
  const others = work.repositories.slice(options.canary);
  const stop = await runCanaries(work, canaries, { ...options, isLast: others.length === 0 });
  if (stop !== undefined) return stop;
  const waiting = others.filter((repository) => !isDone(work, repository));
  for (let at = 0; at < waiting.length; at += options.wave) {
    const rows = await runWave(work, waiting.slice(at, at + options.wave), options);
    if (options.signal.aborted) return { why: "interrupted", reasons: [] };
    const failed = rows.filter(({ outcome }) => outcome === "failed").length;
    const isLast = at + options.wave >= waiting.length;
    if (failed * 2 > rows.length && !isLast)
      return { why: "failures", reasons: [`${failed} of ${rows.length} repositories of a wave failed`] };
  }
  return undefined;
}

async function runCanaries<T extends { readonly name: string }>(
  work: FleetWork<T>,
  canaries: readonly T[],
  options: FleetOptions & { readonly isLast: boolean },
): Promise<FleetStop | undefined> {
  const waiting = canaries.filter((canary) => !isDone(work, canary));
  if (waiting.length > 0) {
    await runWave(work, waiting, options);
    if (options.signal.aborted) return { why: "interrupted", reasons: [] };
    return options.isLast ? undefined : { why: "canary", reasons: [] };
  }
  if (canaries.length === 0) return undefined;
  const rows = canaries.flatMap(({ name }) => work.done.get(name) ?? []);
  const { state, reasons } = await work.judge(rows);
  return state === "fine" ? undefined : { why: `canary-${state}`, reasons };
}

async function runWave<T extends { readonly name: string }>(
  work: FleetWork<T>,
  repositories: readonly T[],
  { concurrency, signal }: FleetOptions,
): Promise<readonly FleetRow[]> {
  const rows: FleetRow[] = [];
  await eachLimited(repositories, { limit: concurrency, signal }, async (repository) => {
    const row = await work.update(repository);
    // Ctrl-C reaches git as well: what it broke is no failure, and is done again.
    if (signal.aborted && row.outcome === "failed") return;
    work.record(row);
    rows.push(row);
  });
  return rows;
}

function isDone<T extends { readonly name: string }>({ done }: FleetWork<T>, { name }: T): boolean {
  const row = done.get(name);
  return row !== undefined && !isOpenEnd(row);
}
