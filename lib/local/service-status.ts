import { EacError } from "../errors/eac-error.ts";

/** A server beside Azure DevOps, as a person sees it. */
export interface ServiceStatus {
  /** Where it listens; absent where it does not. */
  readonly url: string | undefined;
  readonly state: "starting" | "running" | "unavailable" | "off";
  /** What it waits for, or why it is not there and what to do. */
  readonly detail: string | undefined;
}

/** Something for each server beside Azure DevOps. */
export interface Services<Value = ServiceStatus> {
  readonly databricks: Value;
  readonly mlflow: Value;
}

const off: ServiceStatus = { url: undefined, state: "off", detail: undefined };
const starting: ServiceStatus = { url: undefined, state: "starting", detail: undefined };

export const allOff: Services = { databricks: off, mlflow: off };
export const allStarting: Services = { databricks: starting, mlflow: starting };

/** The status of a server that is not there because of an error. */
export function failed(error: unknown): ServiceStatus {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof EacError && error.hint !== undefined ? ` ${error.hint}` : "";
  return { url: undefined, state: "unavailable", detail: `${message}${hint}` };
}
