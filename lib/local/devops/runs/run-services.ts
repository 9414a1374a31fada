import { stringify } from "yaml";
import type { Secret } from "../../../errors/secret.ts";
import type { RunRequest, RunVariable } from "../../../pipelines/run/run-types.ts";
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

/**
 * The variable groups of a run with what leads to the servers, where the pipeline mentions a server and nobody filled the
 * variable in: a group of an environment is where a real one has it, and what it holds wins over the pipeline's own variables.
 */
export function groupsWithServices(
  groups: RunRequest["groups"],
  services: RunServices,
  { root, token: secret }: { readonly root: MapNode; readonly token: Secret },
): RunRequest["groups"] {
  const found = groupVariables(services, root, secret);
  return Object.fromEntries(
    Object.entries(groups).map(([name, own]) => {
      const filled = new Set(
        Object.entries(own).flatMap(([key, { value }]) => (value === "" ? [] : [key.toUpperCase()])),
      );
      return [name, { ...own, ...Object.fromEntries(found.filter(([key]) => !filled.has(key))) }];
    }),
  );
}

function groupVariables(
  services: RunServices,
  root: MapNode,
  secret: Secret,
): readonly (readonly [string, RunVariable])[] {
  const urls = services.urls();
  const text = stringify(toJson(root));
  const families = ["DATABRICKS", "CMR", "MLFLOW_TRACKING"].filter((family) =>
    new RegExp(`\\b${family}_(?:HOST|URI|TOKEN)\\b`).test(text),
  );
  const ofServers = families.flatMap((family) =>
    names.flatMap(([name, server]) => {
      const url = urls[server];
      if (url === undefined || !name.startsWith(`${family}_`)) return [];
      const value = name.endsWith("_TOKEN") ? { value: secret.reveal(), isSecret: true } : open(url);
      return [[name, value] as const];
    }),
  );
  const hasDatabricks = ofServers.some(([name]) => name === "DATABRICKS_TOKEN");
  const targets = new Set(text.match(/\bDEPLOY_TARGET_\w+/g));
  return [
    ...ofServers,
    ...(hasDatabricks ? [["DATABRICKS_AUTH_TYPE", open("pat")] as const] : []),
    // There is no cloud here; the service is tried out on this machine.
    ...[...targets].map((name) => [name, open("local")] as const),
  ];
}

function open(value: string): RunVariable {
  return { value, isSecret: false };
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
