import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Secret } from "../../errors/secret.ts";
import { isClusterRecord } from "./clusters/cluster-record.ts";
import { Clusters } from "./clusters/clusters.ts";
import type { WorkspaceFaults } from "./faults.ts";
import { WorkspaceFiles } from "./files/workspace-files.ts";
import { isJobRecord, type JobRecord } from "./jobs/job-record.ts";
import { performRun, type PerformContext } from "./jobs/perform-run.ts";
import { openRunOutputs } from "./jobs/run-output.ts";
import { Runs } from "./jobs/runs.ts";
import { createInstaller, type Installer } from "./libraries/installer.ts";
import { isClusterLibraries } from "./libraries/library-record.ts";
import { Libraries } from "./libraries/libraries.ts";
import { Environments } from "./python/environments.ts";
import { taskVariables, visibleVariables } from "./python/variables.ts";
import { Secrets } from "./state/secrets.ts";
import { openStore, type Collection, type Store } from "./state/store.ts";

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
  readonly resume: () => void;
  readonly close: () => Promise<void>;
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
  const { folder, url, token, log } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const store = openStore(folder);
  const files = new WorkspaceFiles(folder, store, owner);
  const secrets = new Secrets(store);
  const environ = visibleVariables(options.environ);
  const installer = createInstaller({ files, environ });
  const environments = new Environments(join(folder, "environments"), options.python);
  const machines = openMachines(options, { store, environments, installer });
  const { clusters, libraries } = machines;
  const hidden = [token.reveal(), ...installer.hidden];
  const environOf: PerformContext["environOf"] = (compute) =>
    taskVariables({ environ, compute, url: url(), token, secrets });
  const parts = { files, folder, secrets, installer, environments, clusters, libraries };
  const context: PerformContext = { ...parts, hidden, environOf, log };
  const outputs = openRunOutputs(join(folder, "runs"));
  const runs = new Runs({ store, outputs, perform: (journal) => performRun(context, journal) });
  machines.onGone = (id) => runs.clusterGone(id);
  const jobs = store.collection("job", isJobRecord);
  const nextNumber = (): number => store.nextNumber();
  const resume = (): void => {
    void environments.keepOnly(clusters.list().map(({ id }) => id));
    runs.resume();
    clusters.resume();
  };
  const close = async (): Promise<void> => {
    clusters.close();
    await Promise.all([runs.close(), libraries.close()]);
  };
  return { ...parts, owner, workspaceId, url, jobs, runs, nextNumber, resume, close };
}

interface Machines {
  readonly clusters: Clusters;
  readonly libraries: Libraries;
  /** Told when what ran on a cluster has no place any more. */
  onGone: (clusterId: string) => void;
}

interface MachineParts {
  readonly store: Store;
  readonly environments: Environments;
  readonly installer: Installer;
}

/** Clusters and what is installed on them: a cluster that starts has nothing on it, and gets its libraries again. */
function openMachines(
  { faults, clusterStartMs }: WorkspaceOptions,
  { store, environments, installer }: MachineParts,
): Machines {
  const clear = (id: string): void => {
    machines.onGone(id);
    void environments.remove(id);
  };
  const clusters = new Clusters({
    records: store.collection("cluster", isClusterRecord),
    faults,
    startMs: clusterStartMs,
    onRunning: (id, isNew) => {
      if (isNew) clear(id);
      if (isNew || !environments.isThere(id)) libraries.startOver(id);
      libraries.work(id);
    },
    onGone: ({ id, source }) => {
      clear(id);
      if (source === "JOB") libraries.forget(id);
      else libraries.startOver(id);
    },
  });
  const libraries = new Libraries({
    records: store.collection("libraries", isClusterLibraries),
    isRunning: (id) => clusters.isRunning(id),
    install: async (id, wanted, signal) =>
      await installer.installLibraries(await environments.ensure(id), wanted, signal),
  });
  const machines: Machines = { clusters, libraries, onGone: () => undefined };
  return machines;
}
