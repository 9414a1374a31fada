import { join } from "node:path";
import type { Secret } from "../errors/secret.ts";
import type { LocalMlflow } from "./mlflow/start-local-mlflow.ts";
import type { Environ } from "./mlflow/start-bound-process.ts";
import { passedOn } from "./passed-on.ts";
import { allStarting, failed, type Services, type ServiceStatus } from "./service-status.ts";

export interface ServicesOptions {
  /** The folder of the local organisation. */
  readonly folder: string;
  readonly token: Secret;
  /** The ports to listen on where they are free; 0: any. */
  readonly ports: Services<number>;
  readonly environ: Environ;
  /** A Python that has mlflow and databricks-sdk; absent: one is prepared in the folder. */
  readonly python?: string | undefined;
  /** Told about errors that are bugs of a server itself. */
  readonly log: (text: string) => void;
}

/** The servers beside Azure DevOps, for as long as this object lives. */
export interface RunningServices extends AsyncDisposable {
  readonly status: () => Services;
  /** Tells the status of now, and again each time it changes. */
  readonly watch: (listener: (services: Services) => void) => void;
  /** Resolves when the ports that open at once are open. */
  readonly opened: Promise<void>;
  /** Resolves when no server is starting any more; it may be running or unavailable. */
  readonly settled: Promise<void>;
}

/** Starts Databricks and MLflow; one that cannot be there is unavailable and says why, and nothing else is disturbed. */
export function startServices(options: ServicesOptions): RunningServices {
  const stopping = new AbortController();
  const board = createBoard(stopping.signal);
  const python = findPython(options, board, stopping.signal);
  const mlflow = startMlflow(options, board, python);
  const databricks = startDatabricks(options, board, { python, mlflow, signal: stopping.signal });
  return {
    status: board.status,
    watch: board.watch,
    opened: settle([mlflow]),
    settled: settle([python, databricks, mlflow.then(({ ready }) => ready)]),
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      const servers: readonly Promise<AsyncDisposable>[] = [mlflow, databricks];
      await settle([python, ...servers.map(async (server) => (await server)[Symbol.asyncDispose]())]);
    },
  };
}

/** The newest status of each server. */
interface Board extends Pick<RunningServices, "status" | "watch"> {
  readonly put: (name: keyof Services, status: ServiceStatus) => void;
}

function createBoard(stopping: AbortSignal): Board {
  let services = allStarting;
  const listeners: ((services: Services) => void)[] = [];
  return {
    status: () => services,
    watch: (listener) => {
      listeners.push(listener);
      listener(services);
    },
    put: (name, status) => {
      if (stopping.aborted) return;
      services = { ...services, [name]: status };
      for (const listener of listeners) listener(services);
    },
  };
}

async function findPython(
  { folder, environ, python }: ServicesOptions,
  board: Board,
  signal: AbortSignal,
): Promise<string> {
  if (python !== undefined) return python;
  const { preparePython } = await import("./mlflow/prepare-python.ts");
  const report = (detail: string): void => {
    const { databricks, mlflow } = board.status();
    board.put("databricks", { ...databricks, detail });
    board.put("mlflow", { ...mlflow, detail });
  };
  return await preparePython({ folder, environ, report, signal });
}

async function startMlflow(
  options: ServicesOptions,
  board: Board,
  python: Promise<string>,
): Promise<LocalMlflow> {
  const report = (status: ServiceStatus): void => board.put("mlflow", status);
  try {
    const { startLocalMlflow } = await import("./mlflow/start-local-mlflow.ts");
    const mlflow = await startLocalMlflow({ ...options, port: options.ports.mlflow, python, report });
    report({ ...board.status().mlflow, url: mlflow.url });
    return mlflow;
  } catch (error) {
    report(failed(error));
    throw error;
  }
}

interface Needed {
  readonly python: Promise<string>;
  readonly mlflow: Promise<LocalMlflow>;
  readonly signal: AbortSignal;
}

async function startDatabricks(
  options: ServicesOptions,
  board: Board,
  { python, mlflow, signal }: Needed,
): Promise<AsyncDisposable> {
  try {
    const environ = { ...passedOn(options.environ), ...(await wayTo(mlflow, options.token)) };
    const needed = { python: await python, environ };
    signal.throwIfAborted();
    const { startLocalDatabricks } = await import("./databricks/start-local-databricks.ts");
    const { folder, token, ports, log } = options;
    const where = { folder: join(folder, "databricks"), port: ports.databricks };
    const databricks = await startLocalDatabricks({ ...where, ...needed, token, log });
    board.put("databricks", { url: databricks.url, state: "running", detail: undefined });
    return databricks;
  } catch (error) {
    board.put("databricks", failed(error));
    throw error;
  }
}

/** What notebooks and jobs need to log their runs; without MLflow they have to do without. */
async function wayTo(mlflow: Promise<LocalMlflow>, token: Secret): Promise<Readonly<Record<string, string>>> {
  const found = await mlflow.catch(() => undefined);
  return found === undefined ? {} : { MLFLOW_TRACKING_URI: found.url, MLFLOW_TRACKING_TOKEN: token.reveal() };
}

/** Waits for all of them, however they end; what failed is on the board. */
async function settle(all: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(all);
}
