import type { FleetRow } from "../../../lib/fleet/fleet-row.ts";

/** A repository that had nothing to do; a test states only what differs. */
export function aRow(name: string, differences: Partial<FleetRow> = {}): FleetRow {
  return {
    name,
    outcome: "current",
    from: "1.0.0",
    to: "1.1.0",
    drift: [],
    conflicts: [],
    verdicts: {},
    ...differences,
  };
}
