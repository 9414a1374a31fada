import { isObject, listIn, type JsonObject } from "../../devops/body.ts";
import type { LibraryRecord } from "../libraries/library-record.ts";
import { requireText } from "../request-values.ts";
import { inVersions, type WorkspaceRequest, type WorkspaceRoute } from "../route.ts";
import { invalidParameter } from "../workspace-error.ts";

function install({ workspace, body }: WorkspaceRequest): object {
  const { id } = workspace.clusters.get(requireText(body, "cluster_id"));
  workspace.libraries.add(id, librariesIn(body));
  return {};
}

function uninstall({ workspace, body }: WorkspaceRequest): object {
  const { id } = workspace.clusters.get(requireText(body, "cluster_id"));
  workspace.libraries.drop(id, librariesIn(body));
  return {};
}

function clusterStatus({ workspace, query }: WorkspaceRequest): object {
  const { id } = workspace.clusters.get(requireText(query, "cluster_id"));
  return statusesBody(id, workspace.libraries.of(id));
}

function allClusterStatuses({ workspace }: WorkspaceRequest): object {
  const all = workspace.libraries.all().filter(({ libraries }) => libraries.length > 0);
  if (all.length === 0) return {};
  return { statuses: all.map(({ id, libraries }) => statusesBody(id, libraries)) };
}

function statusesBody(id: string, libraries: readonly LibraryRecord[]): object {
  if (libraries.length === 0) return { cluster_id: id };
  return {
    cluster_id: id,
    library_statuses: libraries.map(({ library, state, messages }) => ({
      library,
      status: state,
      is_library_for_all_clusters: false,
      ...(messages.length === 0 ? {} : { messages }),
    })),
  };
}

/** What a request names; each library is of exactly one kind. */
function librariesIn(body: unknown): readonly JsonObject[] {
  const libraries = listIn(body, "libraries").filter((library) => isObject(library));
  if (libraries.length === 0) throw invalidParameter("Missing required field: libraries");
  if (libraries.some((library) => Object.keys(library).length !== 1))
    throw invalidParameter("Each library is of one kind: pypi, whl or requirements.");
  return libraries;
}

const versions = ["2.0"];

export const libraryRoutes: readonly WorkspaceRoute[] = [
  ...inVersions(versions, { method: "POST", path: "/libraries/install", handle: install }),
  ...inVersions(versions, { method: "POST", path: "/libraries/uninstall", handle: uninstall }),
  ...inVersions(versions, { method: "GET", path: "/libraries/cluster-status", handle: clusterStatus }),
  ...inVersions(versions, {
    method: "GET",
    path: "/libraries/all-cluster-statuses",
    handle: allClusterStatuses,
  }),
];
