const runtimes: readonly (readonly [string, string, string])[] = [
  ["17.3", "2.13", "Apache Spark 4.0.0"],
  ["16.4", "2.13", "Apache Spark 3.5.2"],
  ["16.4", "2.12", "Apache Spark 3.5.2"],
  ["15.4", "2.12", "Apache Spark 3.5.0"],
  ["14.3", "2.12", "Apache Spark 3.5.0"],
];

/** Runtimes that a cluster may have here, each in the standard edition and for machine learning with and without GPU. */
export const sparkVersions: readonly { readonly key: string; readonly name: string }[] = runtimes.flatMap(
  ([version, scala, spark]) =>
    [
      { edition: "", words: "" },
      { edition: "cpu-ml-", words: " ML" },
      { edition: "gpu-ml-", words: " ML (GPU)" },
    ].map(({ edition, words }) => ({
      key: `${version}.x-${edition}scala${scala}`,
      name: `${version} LTS${words} (includes ${spark}, Scala ${scala})`,
    })),
);

const nodes: readonly (readonly [string, number, number, number])[] = [
  ["Standard_DS3_v2", 14336, 4, 0],
  ["Standard_DS4_v2", 28672, 8, 0],
  ["Standard_DS5_v2", 57344, 16, 0],
  ["Standard_D4s_v3", 16384, 4, 0],
  ["Standard_D8s_v3", 32768, 8, 0],
  ["Standard_D4ds_v5", 16384, 4, 0],
  ["Standard_D8ds_v5", 32768, 8, 0],
  ["Standard_E4ds_v5", 32768, 4, 0],
  ["Standard_F4s", 8192, 4, 0],
  ["Standard_NC4as_T4_v3", 28672, 4, 1],
];

/** Some kinds of machines of Azure. */
export const nodeTypes: readonly object[] = nodes.map(([id, memory, cores, gpus], index) => ({
  node_type_id: id,
  memory_mb: memory,
  num_cores: cores,
  num_gpus: gpus,
  description: id,
  instance_type_id: id,
  category: gpus > 0 ? "GPU Accelerated" : "General Purpose",
  display_order: index,
  is_deprecated: false,
  is_hidden: false,
  is_io_cache_enabled: false,
  is_graviton: false,
  support_cluster_tags: true,
  support_ebs_volumes: false,
  support_port_forwarding: true,
  photon_driver_capable: false,
  photon_worker_capable: false,
  node_instance_type: { instance_type_id: id, local_disks: 1, local_disk_size_gb: memory / 512 },
  node_info: { status: [], available_core_quota: 350, total_core_quota: 350 },
}));
