import type { RunVariable } from "../../pipelines/run/run-types.ts";

/** What variable groups hold of the servers on this machine, as far as they run; empty where none does. */
export async function localVariables(folder: string): Promise<Readonly<Record<string, RunVariable>>> {
  const { readStatus, readToken } = await import("../../local/daemon.ts");
  const { running, databricks, mlflow } = await readStatus(folder);
  if (!running) return {};
  const token: RunVariable = { value: readToken(folder).reveal(), isSecret: true };
  return {
    ...(databricks.state === "running" && databricks.url !== undefined
      ? {
          DATABRICKS_AUTH_TYPE: open("pat"),
          DATABRICKS_HOST: open(databricks.url),
          DATABRICKS_TOKEN: token,
          WORKSPACE_URL: open(databricks.url),
        }
      : {}),
    ...(mlflow.state === "running" && mlflow.url !== undefined
      ? {
          CMR_TOKEN: token,
          CMR_URI: open(mlflow.url),
          MLFLOW_TRACKING_TOKEN: token,
          MLFLOW_TRACKING_URI: open(mlflow.url),
        }
      : {}),
  };
}

function open(value: string): RunVariable {
  return { value, isSecret: false };
}
