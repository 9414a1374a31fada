import type { Location } from "./route.ts";

export interface LocationFacts {
  readonly id: string;
  readonly area: string;
  readonly resourceName: string;
  readonly routeTemplate: string;
  readonly resourceVersion?: number;
  readonly releasedVersion?: "7.1" | "0.0";
}

/** A location with the versions that the service names for 7.1; `0.0` marks what is only a preview. */
export function location(facts: LocationFacts): Location {
  return { resourceVersion: 1, minVersion: "1.0", maxVersion: "7.2", releasedVersion: "7.1", ...facts };
}
