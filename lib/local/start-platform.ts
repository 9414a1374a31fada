import type { RunServices } from "./devops/runs/run-services.ts";
import type { Environ } from "./mlflow/start-bound-process.ts";
import { passedOn } from "./passed-on.ts";
import { allOff, type Services } from "./service-status.ts";
import { startLocalOrganization, type LocalOptions, type LocalOrganization } from "./start.ts";
import { startServices, type RunningServices } from "./start-services.ts";

export interface PlatformOptions extends Omit<LocalOptions, "pipelines"> {
  /** Lets pipelines run, with these variables of this process passed on to programs; absent: what is queued stays so. */
  readonly pipelines?: { readonly environ: Environ };
  /** The variables of this process, for the programs that it starts; absent: Azure DevOps only. */
  readonly services?: {
    readonly environ: Environ;
    /** The ports to listen on where they are free; 0: any. */
    readonly ports: Services<number>;
    /** A Python that has mlflow and databricks-sdk; absent: one is prepared in the folder. */
    readonly python?: string | undefined;
  };
}

/** Azure DevOps, Databricks and MLflow on this machine behind one token, for as long as this object lives. */
export interface LocalPlatform extends AsyncDisposable {
  readonly organization: LocalOrganization;
  readonly services: () => Services;
  /** Tells the status of the servers now, and again each time it changes. */
  readonly watch: (listener: (services: Services) => void) => void;
  /** Resolves when no server is starting any more; it may be running or unavailable. */
  readonly settled: Promise<void>;
}

/** Starts all of it; answers as soon as Azure DevOps does, and waits for no other server. */
export async function startLocalPlatform(options: PlatformOptions): Promise<LocalPlatform> {
  const { pipelines, services, log = () => undefined, ...others } = options;
  let running = nothing;
  const forRuns: RunServices = {
    urls: () => urlsOf(running.status()),
    settled: () => running.settled,
  };
  const organization = await startLocalOrganization({
    ...others,
    log,
    ...(pipelines === undefined
      ? {}
      : { pipelines: { environ: passedOn(pipelines.environ), services: forRuns } }),
  });
  const { folder, token } = organization;
  if (services !== undefined) running = startServices({ folder, token, log, ...services });
  await running.opened;
  return {
    organization,
    services: running.status,
    watch: running.watch,
    settled: running.settled,
    [Symbol.asyncDispose]: async () => {
      // Runs use the servers, so they end first.
      await organization[Symbol.asyncDispose]();
      await running[Symbol.asyncDispose]();
    },
  };
}

function urlsOf({ databricks, mlflow }: Services): ReturnType<RunServices["urls"]> {
  return { databricks: databricks.url, mlflow: mlflow.url };
}

const nothing: RunningServices = {
  status: () => allOff,
  watch: (listener) => listener(allOff),
  opened: Promise.resolve(),
  settled: Promise.resolve(),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};
