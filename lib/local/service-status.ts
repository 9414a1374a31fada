import { EacError } from "../errors/eac-error.ts";

/** A server beside Azure DevOps, as a person sees it. */
export interface ServiceStatus {
  /** Where it listens; absent where it does not. */
  readonly url: string | undefined;
  readonly state: "starting" | "running" | "unavailable" | "off";
  /** What it waits for, or why it is not there and what to do. */
  readonly detail: string | undefined;
}

/** The servers beside Azure DevOps. */
export interface Services<T = ServiceStatus> {
  readonly databricks: T;
  readonly mlflow: T;
}

export const off: ServiceStatus = { url: undefined, state: "off", detail: undefined };

/** The status of a server that is not there because of an error. */
export function failed(error: unknown): ServiceStatus {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof EacError && error.hint !== undefined ? ` ${error.hint}` : "";
  return { url: undefined, state: "unavailable", detail: `${message}${hint}` };
}
