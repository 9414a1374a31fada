import { isObject, listIn, textIn, valueIn, type JsonObject } from "../../devops/body.ts";
import { runtimeVersionOf, settingsOf } from "../clusters/cluster-body.ts";
import { ClusterUnavailable, type Clusters } from "../clusters/clusters.ts";
import type { Installer } from "../libraries/installer.ts";
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
  readonly installer: Installer;
}

/** Compute for the tasks of one run: existing clusters, clusters of its own, and serverless environments, which tasks may share. */
export class RunCompute {
  readonly #context: ComputeContext;
  readonly #run: RunRecord;
  readonly #ownClusters = new Map<string, string>();
  readonly #serverless = new Map<string, Promise<Compute>>();
  readonly #made = new Set<string>();

  constructor(context: ComputeContext, run: RunRecord) {
    this.#context = context;
    this.#run = run;
  }

  /** Makes the place ready for a task; tells the cluster as soon as the task depends on it being there. */
  async prepare(
    task: JsonObject,
    onCluster: (clusterId: string) => void,
    signal: AbortSignal,
  ): Promise<Compute> {
    const clusterId = this.#clusterOf(task);
    if (clusterId === undefined)
      return await this.#prepareServerless(textIn(task, "environment_key") ?? "", signal);
    await untilRunning(this.#context.clusters, clusterId, signal);
    onCluster(clusterId);
    await installLibraries(this.#context.libraries, clusterId, { task, signal });
    const { clusters, environments } = this.#context;
    const cluster = clusters.get(clusterId);
    const { environment: variables, conf } = settingsOf(cluster);
    await environments.ensure(clusterId);
    // What a notebook installs is its own.
    const name = `run-${this.#run.runId}-task-${keyOf(task)}`;
    this.#made.add(name);
    const environment = await environments.ensure(name, clusterId);
    return { environment, runtimeVersion: runtimeVersionOf(cluster), variables, conf };
  }

  /** Lets go of everything that was made for the run. */
  async release(): Promise<void> {
    for (const id of this.#ownClusters.values()) this.#context.clusters.terminate(id);
    await Promise.all([...this.#made].map((name) => this.#context.environments.remove(name)));
  }

  #clusterOf(task: JsonObject): string | undefined {
    const existing = textIn(task, "existing_cluster_id");
    if (existing !== undefined) return existing;
    const spec = valueIn(task, "new_cluster");
    if (isObject(spec)) return this.#ownCluster(keyOf(task), spec);
    const key = textIn(task, "job_cluster_key");
    if (key === undefined) return undefined;
    const shared = listIn(this.#run.settings, "job_clusters").find(
      (cluster) => textIn(cluster, "job_cluster_key") === key,
    );
    const sharedSpec = valueIn(shared, "new_cluster");
    return this.#ownCluster(key, isObject(sharedSpec) ? sharedSpec : {});
  }

  #ownCluster(key: string, spec: JsonObject): string {
    const known = this.#ownClusters.get(key);
    if (known !== undefined) return known;
    const { jobId, runId } = this.#run;
    const name = `job-${jobId}-run-${runId}-${key}`;
    const { id } = this.#context.clusters.create({ ...spec, cluster_name: name }, "JOB");
    this.#ownClusters.set(key, id);
    return id;
  }

  #prepareServerless(key: string, signal: AbortSignal): Promise<Compute> {
    const name = `run-${this.#run.runId}-environment-${key}`;
    this.#made.add(name);
    const { settings } = this.#run;
    const ready =
      this.#serverless.get(key) ?? prepareServerless(this.#context, { name, key, settings, signal });
    this.#serverless.set(key, ready);
    return ready;
  }
}

async function untilRunning(clusters: Clusters, clusterId: string, signal: AbortSignal): Promise<void> {
  try {
    await clusters.untilRunning(clusterId, signal);
  } catch (error) {
    if (error instanceof ClusterUnavailable || error instanceof WorkspaceError)
      throw new ComputeUnavailable("CLUSTER_ERROR", error.message);
    throw error;
  }
}

/** The cluster has the libraries of the task. */
async function installLibraries(
  libraries: Libraries,
  clusterId: string,
  { task, signal }: { readonly task: JsonObject; readonly signal: AbortSignal },
): Promise<void> {
  const wanted = listIn(task, "libraries").filter((library) => isObject(library));
  if (wanted.length > 0) libraries.add(clusterId, wanted);
  // A cluster's own libraries are installed before a job runs on it.
  const all = libraries.of(clusterId).map(({ library }) => library);
  await libraries.untilSettled(clusterId, all, signal);
  const settled = await libraries.untilSettled(clusterId, wanted, signal);
  const failed = settled.find(({ state }) => state === "FAILED");
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
  const failure =
    lines.length === 0 ? undefined : await context.installer.installLines(environment, lines, signal);
  if (failure !== undefined) {
    const message = `The environment ${key} could not be installed. Error messages:\n${failure}`;
    throw new ComputeUnavailable("LIBRARY_INSTALLATION_ERROR", message);
  }
  const version = textIn(spec, "environment_version") ?? textIn(spec, "client") ?? "5";
  return { environment, runtimeVersion: `client.${version}.0`, variables: {}, conf: {} };
}
