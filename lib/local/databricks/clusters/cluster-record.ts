import { isObject, type JsonObject } from "../../devops/body.ts";

export const clusterStates = [
  "PENDING",
  "RUNNING",
  "RESTARTING",
  "TERMINATING",
  "TERMINATED",
  "ERROR",
] as const;
export type ClusterState = (typeof clusterStates)[number];

/** Why a cluster is not there any more, in the service's words. */
export interface TerminationReason {
  readonly code: string;
  readonly type: string;
}

export interface ClusterRecord {
  readonly id: string;
  /** What the cluster was asked to be. */
  readonly spec: JsonObject;
  /** JOB: made by a run and for it alone. */
  readonly source: "API" | "JOB";
  readonly state: ClusterState;
  readonly stateMessage: string;
  /** Milliseconds since 1970, as all times. */
  readonly createdTime: number;
  readonly restartedTime?: number;
  readonly terminatedTime?: number;
  readonly terminationReason?: TerminationReason;
}

/** The outline only; the specification is looked at where it is used. */
export function isClusterRecord(value: unknown): value is ClusterRecord {
  return (
    isObject(value) &&
    typeof value["id"] === "string" &&
    isObject(value["spec"]) &&
    clusterStates.some((state) => state === value["state"]) &&
    typeof value["createdTime"] === "number"
  );
}
