import { describe, expect, test } from "@jest/globals";
import { checkClusterSpec } from "../../../../../lib/local/databricks/clusters/check-cluster-spec.ts";
import { clusterSpec } from "../workspace-client.ts";

describe("checkClusterSpec", () => {
  test.each([
    clusterSpec,
    { ...clusterSpec, num_workers: 0 },
    {
      spark_version: "15.4.x-scala2.12",
      node_type_id: "m5.large",
      autoscale: { min_workers: 1, max_workers: 1 },
    },
    { spark_version: "16.4.x-gpu-ml-scala2.12", instance_pool_id: "pool" },
    { ...clusterSpec, autotermination_minutes: 0 },
  ])("takes %j", (spec) => {
    expect(checkClusterSpec(spec)).toBe(spec);
  });

  test.each([
    { spec: undefined, says: "spark_version" },
    { spec: { ...clusterSpec, spark_version: undefined }, says: "Missing required field: spark_version" },
    { spec: { ...clusterSpec, spark_version: "latest" }, says: "Invalid spark version latest." },
    { spec: { ...clusterSpec, node_type_id: undefined }, says: "Missing required field: node_type_id" },
    { spec: { ...clusterSpec, node_type_id: "large" }, says: "Node type large is not supported." },
    { spec: { ...clusterSpec, driver_node_type_id: "large" }, says: "Node type large is not supported." },
    { spec: { ...clusterSpec, num_workers: -1 }, says: "num_workers must not be negative." },
    { spec: { ...clusterSpec, autoscale: { min_workers: 1, max_workers: 2 } }, says: "Exactly 1 of" },
    {
      spec: { ...clusterSpec, num_workers: undefined, autoscale: { min_workers: 3, max_workers: 2 } },
      says: "max_workers must not be less than min_workers.",
    },
    { spec: { ...clusterSpec, autotermination_minutes: 5 }, says: "between 10 and 10000" },
  ])("refuses $spec: $says", ({ spec, says }) => {
    expect(() => checkClusterSpec(spec)).toThrow(says);
  });
});
