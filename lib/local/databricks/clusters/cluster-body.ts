import { textIn, valueIn } from "../../devops/body.ts";
import { textsIn } from "../request-values.ts";
import type { ClusterRecord } from "./cluster-record.ts";

/** A cluster as the service describes it. */
export function clusterBody(cluster: ClusterRecord, owner: string): object {
  const { id, spec, source, state, stateMessage, createdTime } = cluster;
  const name = textIn(spec, "cluster_name") ?? "";
  return {
    ...spec,
    cluster_id: id,
    cluster_name: name,
    creator_user_name: owner,
    cluster_source: source,
    state,
    state_message: stateMessage,
    start_time: createdTime,
    driver_node_type_id: textIn(spec, "driver_node_type_id") ?? textIn(spec, "node_type_id"),
    effective_spark_version: textIn(spec, "spark_version"),
    autotermination_minutes: valueIn(spec, "autotermination_minutes") ?? 120,
    enable_elastic_disk: valueIn(spec, "enable_elastic_disk") ?? true,
    default_tags: { Vendor: "Databricks", Creator: owner, ClusterName: name, ClusterId: id },
    spec,
    ...(cluster.restartedTime === undefined ? {} : { last_restarted_time: cluster.restartedTime }),
    ...(cluster.terminatedTime === undefined ? {} : { terminated_time: cluster.terminatedTime }),
    ...(cluster.terminationReason === undefined ? {} : { termination_reason: cluster.terminationReason }),
  };
}

/** The runtime's number, such as `17.3` of `17.3.x-cpu-ml-scala2.13`. */
export function runtimeVersionOf({ spec }: ClusterRecord): string {
  return /^\d+\.(\d+|x)/.exec(textIn(spec, "spark_version") ?? "")?.[0] ?? "";
}

/** Variables and settings that code on the cluster sees; secrets in them are still named, not shown. */
export function settingsOf({ spec }: ClusterRecord): {
  readonly environment: Readonly<Record<string, string>>;
  readonly conf: Readonly<Record<string, string>>;
} {
  return { environment: textsIn(spec, "spark_env_vars"), conf: textsIn(spec, "spark_conf") };
}
