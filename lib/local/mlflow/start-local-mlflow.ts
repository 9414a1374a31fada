import { join } from "node:path";
import type { Secret } from "../../errors/secret.ts";
import { failed, type ServiceStatus } from "../service-status.ts";
import { openGate, type Gate } from "./open-gate.ts";
import type { Environ } from "./start-bound-process.ts";
import { startMlflowServer, type MlflowServer } from "./start-mlflow-server.ts";

export interface LocalMlflowOptions {
  /** The folder of the local organisation; MLflow keeps its data in the sub-folder `mlflow`. */
  readonly folder: string;
  /** The port to listen on where it is free; 0: any. */
  readonly port: number;
  readonly token: Secret;
  /** A Python that has mlflow, as soon as there is one. */
  readonly python: string | Promise<string>;
  readonly environ: Environ;
  /** Told each time the status changes. */
  readonly report?: (status: ServiceStatus) => void;
}

/** A real MLflow server on 127.0.0.1 behind the token, for as long as this object lives. */
export interface LocalMlflow extends AsyncDisposable {
  /** What MLFLOW_TRACKING_URI has to be, with the token in MLFLOW_TRACKING_TOKEN. */
  readonly url: string;
  /** Resolves when the server answers, and rejects when it will not. */
  readonly ready: Promise<void>;
}

/** Opens the port at once and starts the server behind it; who asks before it answers is told to wait. */
export async function startLocalMlflow(options: LocalMlflowOptions): Promise<LocalMlflow> {
  const gate = await openGate(options);
  const stopping = new AbortController();
  const report = (status: ServiceStatus): void => {
    if (!stopping.signal.aborted) options.report?.(status);
  };
  const server = startServer(options, stopping.signal, () =>
    report({ url: gate.url, state: "starting", detail: "waiting for its server" }),
  );
  return {
    url: gate.url,
    ready: follow(server, gate, report),
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await gate[Symbol.asyncDispose]();
      await (await server.catch(() => undefined))?.[Symbol.asyncDispose]();
    },
  };
}

async function startServer(
  { folder, python: pending, environ }: LocalMlflowOptions,
  signal: AbortSignal,
  begin: () => void,
): Promise<MlflowServer> {
  const python = await pending;
  begin();
  return await startMlflowServer({ folder: join(folder, "mlflow"), python, environ, signal });
}

/** Leads requests to the server from when it answers until it ends. */
function follow(
  starting: Promise<MlflowServer>,
  gate: Gate,
  report: (status: ServiceStatus) => void,
): Promise<void> {
  const fail = (error: unknown): void => {
    const status = failed(error);
    gate.lead({ state: "unavailable", why: status.detail ?? "" });
    report(status);
  };
  const lead = async (): Promise<void> => {
    const { socketPath, ended } = await starting;
    gate.lead({ state: "running", socketPath });
    report({ url: gate.url, state: "running", detail: undefined });
    void ended.then(fail);
  };
  const ready = lead();
  ready.catch(fail);
  return ready;
}
