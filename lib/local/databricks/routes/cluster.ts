import { isObject, textIn, type JsonObject } from "../../devops/body.ts";
import { checkClusterSpec } from "../clusters/check-cluster-spec.ts";
import { clusterBody } from "../clusters/cluster-body.ts";
import { nodeTypes, sparkVersions } from "../clusters/cluster-catalogue.ts";
import type { ClusterRecord } from "../clusters/cluster-record.ts";
import { pageOf } from "../page.ts";
import { requireText } from "../request-values.ts";
import { inVersions, type WorkspaceRequest, type WorkspaceRoute } from "../route.ts";

function createCluster({ workspace, body }: WorkspaceRequest): object {
  const { libraries: _libraries, ...spec } = checkClusterSpec(body);
  return { cluster_id: workspace.clusters.create(spec, "API").id };
}

function getCluster({ workspace, query }: WorkspaceRequest): object {
  return clusterBody(workspace.clusters.get(requireText(query, "cluster_id")), workspace.owner);
}

/** Newest first. Filters are those of the service: several values of one name are alternatives. */
function listClusters({ workspace, query }: WorkspaceRequest): object {
  const states = listOf(query["filter_by.cluster_states"]);
  const sources = listOf(query["filter_by.cluster_sources"]);
  const all = workspace.clusters
    .list()
    .filter(({ state }) => states.length === 0 || states.includes(state))
    .filter(({ source }) => sources.length === 0 || sources.includes(source));
  const { shown, tokens } = pageOf(all, query, { limitName: "page_size", largest: 100 });
  if (shown.length === 0) return {};
  return { clusters: shown.map((cluster) => clusterBody(cluster, workspace.owner)), ...tokens };
}

function startCluster({ workspace, body }: WorkspaceRequest): object {
  workspace.clusters.start(requireText(body, "cluster_id"));
  return {};
}

function restartCluster({ workspace, body }: WorkspaceRequest): object {
  workspace.clusters.restart(requireText(body, "cluster_id"));
  return {};
}

function terminateCluster({ workspace, body }: WorkspaceRequest): object {
  workspace.clusters.terminate(requireText(body, "cluster_id"));
  return {};
}

function removeCluster({ workspace, body }: WorkspaceRequest): object {
  const id = requireText(body, "cluster_id");
  workspace.clusters.remove(id);
  workspace.libraries.forget(id);
  return {};
}

function editCluster({ workspace, body }: WorkspaceRequest): object {
  const id = requireText(body, "cluster_id");
  const { cluster_id: _id, ...spec } = checkClusterSpec(body);
  workspace.clusters.edit(id, keepName(spec, workspace.clusters.get(id)));
  return {};
}

/** A name that an edit does not give stays. */
function keepName(spec: JsonObject, { spec: before }: ClusterRecord): JsonObject {
  const name = textIn(before, "cluster_name");
  return isObject(spec) && name !== undefined ? { cluster_name: name, ...spec } : spec;
}

function listOf(text: string | undefined): readonly string[] {
  return (text ?? "").split(",").filter((value) => value !== "");
}

const versions = ["2.0", "2.1"];

export const clusterRoutes: readonly WorkspaceRoute[] = [
  ...inVersions(versions, { method: "POST", path: "/clusters/create", handle: createCluster }),
  ...inVersions(versions, { method: "GET", path: "/clusters/get", handle: getCluster }),
  ...inVersions(versions, { method: "GET", path: "/clusters/list", handle: listClusters }),
  ...inVersions(versions, { method: "POST", path: "/clusters/start", handle: startCluster }),
  ...inVersions(versions, { method: "POST", path: "/clusters/restart", handle: restartCluster }),
  ...inVersions(versions, { method: "POST", path: "/clusters/delete", handle: terminateCluster }),
  ...inVersions(versions, { method: "POST", path: "/clusters/permanent-delete", handle: removeCluster }),
  ...inVersions(versions, { method: "POST", path: "/clusters/edit", handle: editCluster }),
  ...inVersions(versions, {
    method: "GET",
    path: "/clusters/spark-versions",
    handle: () => ({ versions: sparkVersions }),
  }),
  ...inVersions(versions, {
    method: "GET",
    path: "/clusters/list-node-types",
    handle: () => ({ node_types: nodeTypes }),
  }),
];
