import { isObject, listIn, textIn, valueIn, type JsonObject } from "../../devops/body.ts";
import { runtimeVersionOf, settingsOf } from "../clusters/cluster-body.ts";
import { ClusterUnavailable, type Clusters } from "../clusters/clusters.ts";
import type { Libraries } from "../libraries/libraries.ts";
import type { Environment, Environments } from "../python/environments.ts";
import { textListIn } from "../request-values.ts";
import { WorkspaceError } from "../workspace-error.ts";
import { keyOf } from "./job-record.ts";
import type { RunRecord } from "./run-record.ts";
import type { TerminationCode } from "./run-state.ts";

/** Where a task runs. */
export interface Compute {
  readonly environment: Environment;
  readonly runtimeVersion: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly conf: Readonly<Record<string, string>>;
}

/** A task cannot run where it was to run, and why. */
export class ComputeUnavailable extends Error {
  override readonly name = "ComputeUnavailable";
  readonly code: TerminationCode;

  constructor(code: TerminationCode, message: string) {
    super(message);
    this.code = code;
  }
}

export interface ComputeContext {
  readonly clusters: Clusters;
  readonly libraries: Libraries;
  readonly environments: Environments;
  /** Installs lines of a requirements file; answers why it could not. */
  readonly pipInstall: (
    environment: Environment,
    lines: readonly string[],
    signal: AbortSignal,
  ) => Promise<string | undefined>;
}

/** Makes the place ready for a task of a run. One of these belongs to one run; tasks that share a cluster or environment meet in it. */
export interface RunCompute {
  /** Told the cluster as soon as there is one. */
  prepare(task: JsonObject, onCluster: (clusterId: string) => void, signal: AbortSignal): Promise<Compute>;
  /** Lets go of everything that was made for the run. */
  release(): Promise<void>;
}

/** Compute for the tasks of one run: existing clusters, clusters of its own, and serverless environments. */
export function openRunCompute(context: ComputeContext, run: RunRecord): RunCompute {
  const { clusters, environments } = context;
  const own = new Map<string, string>();
  const serverless = new Map<string, Promise<Compute>>();
  const made = new Set<string>();
  const ownCluster = (key: string, spec: JsonObject): string => {
    const known = own.get(key);
    if (known !== undefined) return known;
    const { id } = clusters.create(
      { ...spec, cluster_name: `job-${run.jobId}-run-${run.runId}-${key}` },
      "JOB",
    );
    own.set(key, id);
    return id;
  };
  const taskRunOf = (task: JsonObject): number =>
    run.tasks.find(({ key }) => key === keyOf(task))?.runId ?? run.runId;
  return {
    prepare: async (task, onCluster, signal) => {
      const clusterId = clusterOf(task, run.settings, ownCluster);
      if (clusterId === undefined) {
        const key = textIn(task, "environment_key") ?? "";
        const name = `run-${run.runId}-${key}`;
        made.add(name);
        const ready =
          serverless.get(key) ?? prepareServerless(context, { name, settings: run.settings, key, signal });
        serverless.set(key, ready);
        return await ready;
      }
      onCluster(clusterId);
      await prepareCluster(context, clusterId, { task, signal });
      const name = `task-${taskRunOf(task)}`;
      made.add(name);
      const cluster = clusters.get(clusterId);
      const { environment: variables, conf } = settingsOf(cluster);
      await environments.ensure(clusterId);
      // What a notebook installs is its own.
      const environment = await environments.ensure(name, clusterId);
      return { environment, runtimeVersion: runtimeVersionOf(cluster), variables, conf };
    },
    release: async () => {
      for (const id of own.values()) clusters.terminate(id);
      await Promise.all([...made].map((name) => environments.remove(name)));
    },
  };
}

function clusterOf(
  task: JsonObject,
  settings: JsonObject,
  ownCluster: (key: string, spec: JsonObject) => string,
): string | undefined {
  const existing = textIn(task, "existing_cluster_id");
  if (existing !== undefined) return existing;
  const spec = valueIn(task, "new_cluster");
  if (isObject(spec)) return ownCluster(keyOf(task), spec);
  const key = textIn(task, "job_cluster_key");
  if (key === undefined) return undefined;
  const shared = listIn(settings, "job_clusters").find(
    (cluster) => textIn(cluster, "job_cluster_key") === key,
  );
  const sharedSpec = valueIn(shared, "new_cluster");
  return ownCluster(key, isObject(sharedSpec) ? sharedSpec : {});
}

/** The cluster runs and has the libraries of the task. */
async function prepareCluster(
  { clusters, libraries }: ComputeContext,
  clusterId: string,
  { task, signal }: { readonly task: JsonObject; readonly signal: AbortSignal },
): Promise<void> {
  try {
    await clusters.untilRunning(clusterId, signal);
  } catch (error) {
    if (error instanceof ClusterUnavailable || error instanceof WorkspaceError)
      throw new ComputeUnavailable("CLUSTER_ERROR", error.message);
    throw error;
  }
  const wanted = listIn(task, "libraries").filter((library) => isObject(library));
  if (wanted.length > 0) libraries.add(clusterId, wanted);
  // A cluster's own libraries are installed before a job runs on it.
  const all = libraries.of(clusterId).map(({ library }) => library);
  await libraries.untilSettled(clusterId, all, signal);
  const settled = await libraries.untilSettled(clusterId, wanted, signal);
  const [failed] = settled.filter(({ state }) => state === "FAILED");
  if (failed === undefined) return;
  const name = JSON.stringify(failed.library);
  const message = `Library installation failed for library ${name}. Error messages:\n${failed.messages.join("\n")}`;
  throw new ComputeUnavailable("LIBRARY_INSTALLATION_ERROR", message);
}

interface ServerlessRequest {
  readonly name: string;
  readonly key: string;
  readonly settings: JsonObject;
  readonly signal: AbortSignal;
}

async function prepareServerless(context: ComputeContext, request: ServerlessRequest): Promise<Compute> {
  const { name, key, settings, signal } = request;
  const entry = listIn(settings, "environments").find((found) => textIn(found, "environment_key") === key);
  const spec = valueIn(entry, "spec");
  const environment = await context.environments.ensure(name);
  const lines = textListIn(spec, "dependencies");
  const failure = lines.length === 0 ? undefined : await context.pipInstall(environment, lines, signal);
  if (failure !== undefined) {
    const message = `The environment ${key} could not be installed. Error messages:\n${failure}`;
    throw new ComputeUnavailable("LIBRARY_INSTALLATION_ERROR", message);
  }
  const version = textIn(spec, "environment_version") ?? textIn(spec, "client") ?? "5";
  return { environment, runtimeVersion: `client.${version}.0`, variables: {}, conf: {} };
}
