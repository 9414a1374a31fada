import { setTimeout as sleep } from "node:timers/promises";
import type { LocalStatus } from "../../local/daemon.ts";
import type { ServiceStatus } from "../../local/service-status.ts";
import type { RunVariable } from "../../pipelines/run/run-types.ts";

export interface LocalServers {
  /** The folder of the local organisation. */
  readonly folder: string;
  /** Told what is waited for, and what is not there. */
  readonly warn: (text: string) => void;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

const pollMs = 500;

/** What variable groups hold of the servers on this machine, once they have started; empty where none runs. */
export async function localVariables(servers: LocalServers): Promise<Readonly<Record<string, RunVariable>>> {
  const { readToken } = await import("../../local/daemon.ts");
  const { running, databricks, mlflow } = await settledStatus(servers);
  if (!running) return {};
  const token: RunVariable = { value: readToken(servers.folder).reveal(), isSecret: true };
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

async function settledStatus({ folder, warn, signal }: LocalServers): Promise<LocalStatus> {
  const { readStatus } = await import("../../local/daemon.ts");
  let status = await readStatus(folder);
  const waitedFor = namesIn(status, "starting");
  if (waitedFor.length > 0) {
    warn(
      `Waiting for ${waitedFor.join(" and ")} of this machine to start; eac-model local status says how far.`,
    );
  }
  while (namesIn(status, "starting").length > 0 && !signal.aborted) {
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
    status = await readStatus(folder);
  }
  for (const name of namesIn(status, "unavailable")) {
    warn(`${name} of this machine is unavailable; eac-model local status says why.`);
  }
  return status;
}

function namesIn(
  { running, databricks, mlflow }: LocalStatus,
  state: ServiceStatus["state"],
): readonly string[] {
  if (!running) return [];
  return [
    ...(databricks.state === state ? ["Databricks"] : []),
    ...(mlflow.state === state ? ["MLflow"] : []),
  ];
}

function open(value: string): RunVariable {
  return { value, isSecret: false };
}
