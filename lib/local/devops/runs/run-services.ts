import { stringify } from "yaml";
import { toJson, type MapNode } from "../../../pipelines/yaml-node.ts";

/** Servers beside this one that runs use. */
export interface RunServices {
  /** Their addresses now; absent where one does not listen. */
  readonly urls: () => { readonly databricks: string | undefined; readonly mlflow: string | undefined };
  /** Resolves when none of them is starting any more. */
  readonly settled: () => Promise<void>;
}

/** Written so that it is as secret as the token itself. */
const token = "$(System.AccessToken)";

/** Waits for the servers where the pipeline names what leads to them; another pipeline does not wait. */
export async function waitForServices(
  services: RunServices,
  root: MapNode,
  signal: AbortSignal,
): Promise<void> {
  if (namedIn(root).length === 0) return;
  const canceled = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await Promise.race([services.settled(), canceled]);
}

/**
 * Of the variables that lead to the servers, those that the pipeline names: a step that knows nothing of them must not find a
 * server by chance. Groups and variables of the pipeline win over them.
 */
export function serviceVariables(services: RunServices, root: MapNode): Readonly<Record<string, string>> {
  const urls = services.urls();
  const entries = namedIn(root).flatMap(([name, server]) => {
    const url = urls[server];
    return url === undefined ? [] : [[name, name.endsWith("_TOKEN") ? token : url] as const];
  });
  return Object.fromEntries(entries);
}

const names = [
  ["DATABRICKS_HOST", "databricks"],
  ["DATABRICKS_TOKEN", "databricks"],
  ["CMR_URI", "mlflow"],
  ["CMR_TOKEN", "mlflow"],
  ["MLFLOW_TRACKING_URI", "mlflow"],
  ["MLFLOW_TRACKING_TOKEN", "mlflow"],
] as const;

function namedIn(root: MapNode): readonly (typeof names)[number][] {
  const text = stringify(toJson(root));
  return names.filter(([name]) => new RegExp(`\\b${name}\\b`).test(text));
}
