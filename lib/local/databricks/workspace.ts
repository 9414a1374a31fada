import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Secret } from "../../errors/secret.ts";
import type { JsonObject } from "../devops/body.ts";
import { openClusters, type Clusters } from "./clusters/clusters.ts";
import type { WorkspaceFaults } from "./faults.ts";
import { openWorkspaceFiles, type WorkspaceFiles } from "./files/workspace-files.ts";
import { isJobRecord, type JobRecord } from "./jobs/job-record.ts";
import { performRun } from "./jobs/perform-run.ts";
import type { Compute } from "./jobs/prepare-compute.ts";
import { openRunOutputs } from "./jobs/run-output.ts";
import { openRuns, type Runs } from "./jobs/runs.ts";
import { createInstaller } from "./libraries/installer.ts";
import { isClusterLibraries } from "./libraries/library-record.ts";
import { openLibraries, type Libraries } from "./libraries/libraries.ts";
import { openEnvironments } from "./python/environments.ts";
import { taskVariables, visibleVariables } from "./python/variables.ts";
import { openSecrets, type Secrets } from "./state/secrets.ts";
import { openStore, type Collection } from "./state/store.ts";

/** The living workspace behind the routes. */
export interface Workspace {
  /** Who holds the token. */
  readonly owner: string;
  readonly workspaceId: string;
  readonly url: () => string;
  readonly files: WorkspaceFiles;
  readonly clusters: Clusters;
  readonly libraries: Libraries;
  readonly jobs: Collection<JobRecord>;
  readonly runs: Runs;
  readonly secrets: Secrets;
  readonly nextNumber: () => number;
  /** Goes on where the workspace stopped; it has its address now. */
  resume(): void;
  close(): Promise<void>;
}

export interface WorkspaceOptions {
  /** Keeps everything. */
  readonly folder: string;
  readonly token: Secret;
  /** The Python whose packages every cluster has, as a runtime has its own. */
  readonly python: string;
  /** Variables that code in the workspace sees. */
  readonly environ: Readonly<Record<string, string>>;
  readonly clusterStartMs: number;
  readonly faults: WorkspaceFaults;
  readonly url: () => string;
  readonly log: (text: string) => void;
}

const owner = "owner@local.example";
const workspaceId = "1000000000000001";

/** Opens the workspace of a folder, or a new one. */
export function openWorkspace(options: WorkspaceOptions): Workspace {
  const { folder, token, faults, url, log } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const store = openStore(folder);
  const files = openWorkspaceFiles(folder, store, owner);
  const secrets = openSecrets(store);
  const environments = openEnvironments(join(folder, "environments"), options.python);
  const environ = visibleVariables(options.environ);
  const installer = createInstaller({ files, environ });
  const clusters = openClusters({
    store,
    faults,
    startMs: options.clusterStartMs,
    onRunning: (id, isNew) => {
      if (isNew) clusterGone(id);
      if (isNew || !environments.isThere(id)) libraries.startOver(id);
      libraries.work(id);
    },
    onGone: ({ id, source }) => {
      clusterGone(id);
      if (source === "JOB") libraries.forget(id);
      else libraries.startOver(id);
    },
  });
  const clusterGone = (id: string): void => {
    runs.clusterGone(id);
    void environments.remove(id);
  };
  const libraries: Libraries = openLibraries({
    records: store.collection("libraries", isClusterLibraries),
    isRunning: (id) => clusters.list().some((cluster) => cluster.id === id && cluster.state === "RUNNING"),
    install: async (id: string, library: JsonObject, signal: AbortSignal) =>
      await installer.installLibrary(await environments.ensure(id), library, signal),
  });
  const environOf = (compute: Compute): Readonly<Record<string, string>> =>
    taskVariables({ environ, compute, url: url(), token, fill: secrets.fill });
  const context = {
    ...{ files, folder, clusters, libraries, environments, environOf, log },
    fill: secrets.fill,
    hidden: () => [token.reveal(), ...installer.hidden, ...secrets.values()],
    pipInstall: installer.installLines,
  };
  const outputs = openRunOutputs(join(folder, "runs"));
  const runs: Runs = openRuns({ store, outputs, perform: (journal) => performRun(context, journal) });
  return {
    ...{ owner, workspaceId, url, files, clusters, libraries, runs, secrets },
    jobs: store.collection("job", isJobRecord),
    nextNumber: store.nextNumber,
    resume: () => {
      runs.resume();
      clusters.resume();
    },
    close: async () => {
      clusters.close();
      await Promise.all([runs.close(), libraries.close()]);
    },
  };
}
