import { stringify } from "yaml";
import { toJson, type MapNode } from "../../../pipelines/yaml-node.ts";

/** Servers beside this one that runs use. */
export interface RunServices {
  /** Their addresses now; absent where one does not listen. */
  readonly urls: () => { readonly databricks: string | undefined; readonly mlflow: string | undefined };
  /** Resolves when none of them is starting any more. */
  readonly settled: () => Promise<void>;
}

const names = /\b(?:DATABRICKS_HOST|DATABRICKS_TOKEN|CMR_URI|CMR_TOKEN|MLFLOW_TRACKING_\w+)\b/;
/** Written so that each of them is as secret as the token itself. */
const token = "$(System.AccessToken)";

/** Waits for the servers where the pipeline names what leads to them; another pipeline does not wait. */
export async function waitForServices(
  services: RunServices,
  root: MapNode,
  signal: AbortSignal,
): Promise<void> {
  if (!names.test(stringify(toJson(root)))) return;
  const canceled = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await Promise.race([services.settled(), canceled]);
}

/** The variables that lead a run to the servers; groups and variables of the pipeline win over them. */
export function serviceVariables(services: RunServices): Readonly<Record<string, string>> {
  const { databricks, mlflow } = services.urls();
  return {
    ...(databricks === undefined ? {} : { DATABRICKS_HOST: databricks, DATABRICKS_TOKEN: token }),
    ...(mlflow === undefined
      ? {}
      : { CMR_URI: mlflow, CMR_TOKEN: token, MLFLOW_TRACKING_URI: mlflow, MLFLOW_TRACKING_TOKEN: token }),
  };
}
