import type { DevOpsHttp } from "../devops/http.ts";
import type { Authorize } from "../git/credential-environment.ts";
import type { Desired } from "./desired-state.ts";
import type { Comparison } from "./plan.ts";
import type { RemoteState } from "./remote-state.ts";

/** What a step may use while it is applied. */
export interface Run {
  readonly http: DevOpsHttp;
  readonly remote: RemoteState;
  /** Folder of the model repository on disk. */
  readonly folder: string;
  /** The credential, for git. */
  readonly authorize: Authorize;
  /** Id of a resource that exists or was made in this run; throws when it is neither, which is a bug. */
  idOf(key: string): string;
  /** Id of a person, group or team that the desired state names. */
  identityOf(name: string): string;
}

/** One kind of thing in Azure DevOps. */
export interface Resource<D extends Desired> {
  /** Finds the thing by its natural key and says what differs; pure. */
  compare(desired: D, remote: RemoteState): Comparison;
  /** Makes or changes it with one call, and answers its id. */
  apply(desired: D, comparison: Comparison, run: Run): Promise<string>;
}

/** Nothing differs. */
export function keep(id: string): Comparison {
  return { action: "keep", id, changes: [] };
}

/** It is not there. */
export const create: Comparison = { action: "create", changes: [] };
