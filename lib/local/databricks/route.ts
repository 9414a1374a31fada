import type { Workspace } from "./workspace.ts";

/** A request that has passed authentication. */
export interface WorkspaceRequest {
  readonly workspace: Workspace;
  /** Of a GET, as an object, so that values are read as those of a body. */
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** One REST operation. What it answers is sent as JSON, and a Buffer as it is; the service's errors are thrown as WorkspaceError. */
export interface WorkspaceRoute {
  readonly method: "GET" | "POST";
  /** Below the address, such as `/api/2.1/clusters/get`. */
  readonly path: string;
  readonly handle: (request: WorkspaceRequest) => unknown;
}

/** The same operation in several versions of the API. */
export function inVersions(versions: readonly string[], route: WorkspaceRoute): readonly WorkspaceRoute[] {
  return versions.map((version) => ({ ...route, path: `/api/${version}${route.path}` }));
}
