import type { VerdictCounts } from "../update/count-verdicts.ts";

/**
 * What came of one repository.
 * `current`: nothing to do. `planned`: something to do, found by a dry run. `proposed`: a branch was pushed, and a pull request opened where there is such
 * a service. `renewed`: the open one was brought up to date. `waiting`: the open one holds just this update.
 * `declined`: the owner closed this update. `taken-over`: people work on the branch. `postponed`: too many are open. `failed`: see the reason.
 */
export type FleetOutcome =
  | "current"
  | "planned"
  | "proposed"
  | "renewed"
  | "waiting"
  | "declined"
  | "taken-over"
  | "postponed"
  | "failed";

/** One repository in the run file and in every report. */
export interface FleetRow {
  readonly name: string;
  readonly outcome: FleetOutcome;
  /** Versions of the templates; absent where the repository could not be read. */
  readonly from?: string;
  readonly to?: string;
  /** Files of the platform that somebody changed or deleted here. */
  readonly drift: readonly string[];
  readonly conflicts: readonly string[];
  readonly verdicts: VerdictCounts;
  readonly pullRequest?: { readonly id: number; readonly url: string };
  /** Why it failed or was left alone, in one sentence. */
  readonly reason?: string;
  /** The permanent code of an error. */
  readonly code?: string;
}

/** Each outcome, in the order of reports. */
export const fleetOutcomes: readonly FleetOutcome[] = [
  "failed",
  "proposed",
  "renewed",
  "planned",
  "waiting",
  "taken-over",
  "declined",
  "postponed",
  "current",
];

/** Whether another try can come to something else within the same run. */
export function isOpenEnd({ outcome }: FleetRow): boolean {
  return outcome === "failed" || outcome === "postponed" || outcome === "planned";
}
