import { chmod, mkdir, readdir, rm } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { localMlflowFailed } from "../../errors/catalogue/local.ts";
import type { EacError } from "../../errors/eac-error.ts";
import { passedOn } from "../passed-on.ts";
import { startBoundProcess, type BoundProcess, type Environ } from "./start-bound-process.ts";

export interface MlflowServerOptions {
  /** The folder that keeps what MLflow stores; nobody else may reach the socket in it. */
  readonly folder: string;
  /** A Python that has mlflow. */
  readonly python: string;
  readonly environ: Environ;
  /** Ends the waiting, and the server with it. */
  readonly signal: AbortSignal;
}

/** An MLflow server that answers, for as long as this object lives. */
export interface MlflowServer extends AsyncDisposable {
  readonly socketPath: string;
  /** Resolves when the server has ended, to the reason. */
  readonly ended: Promise<EacError>;
}

/** It takes seconds; a machine with too much to do takes minutes. */
const startTimeoutMs = 600_000;
const pollMs = 100;
/** The system's limit for the path of a socket, on macOS; Linux has four bytes more. */
const longestSocketPath = 103;
/** Another name for each process: a server that ends late removes its own socket and not that of the next one. */
const socketName = `socket-${process.pid}`;
/** Paths are relative to the folder, so that no character of its name can mean anything else in an address. */
const options = {
  workers: "1",
  "backend-store-uri": "sqlite:///mlflow.db",
  "artifacts-destination": "artifacts",
  "uvicorn-opts": `--uds ${socketName} --no-access-log`,
};
const words = [
  "-m",
  "mlflow",
  "server",
  ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
];

/** Starts `mlflow server` on a socket in its folder, with everything it keeps there too, and waits until it answers. */
export async function startMlflowServer(wanted: MlflowServerOptions): Promise<MlflowServer> {
  const { folder, python, signal } = wanted;
  const log = join(folder, "server.log");
  const socketPath = join(folder, socketName);
  if (Buffer.byteLength(socketPath) > longestSocketPath)
    throw localMlflowFailed(`cannot listen on ${socketPath}: the system allows no path of that length`, log);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  await removeOldSockets(folder);
  signal.throwIfAborted();
  const environ = serverEnviron(wanted.environ);
  const server = startBoundProcess({ python, command: [python, ...words], cwd: folder, environ, log });
  const ended = server.ended.then((exitCode) =>
    localMlflowFailed(exitCode === undefined ? "was killed" : `ended with exit code ${exitCode}`, log),
  );
  await waitUntilHealthy(server, { socketPath, ended, log, signal });
  return { socketPath, ended, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

async function removeOldSockets(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith("socket-"));
  await Promise.all(names.map((name) => rm(join(folder, name), { force: true })));
}

function serverEnviron(environ: Environ): Environ {
  return {
    ...passedOn(environ),
    MLFLOW_DISABLE_TELEMETRY: "true",
    // Background jobs would call the server on a port, which it does not have.
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false",
  };
}

interface Waited {
  readonly socketPath: string;
  readonly ended: Promise<EacError>;
  readonly log: string;
  readonly signal: AbortSignal;
}

async function waitUntilHealthy(server: BoundProcess, waited: Waited): Promise<void> {
  const { socketPath, ended, log, signal } = waited;
  let failure: EacError | undefined;
  void ended.then((error) => (failure = error));
  const end = Date.now() + startTimeoutMs;
  try {
    while (!(await isHealthy(socketPath))) {
      signal.throwIfAborted();
      if (failure !== undefined) throw failure;
      if (Date.now() > end) throw localMlflowFailed("did not answer within ten minutes", log);
      await sleep(pollMs);
    }
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

function isHealthy(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const call = request({ socketPath, path: "/health", agent: false, timeout: 3_000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    call.once("timeout", () => call.destroy());
    call.once("error", () => resolve(false));
    call.end();
  });
}
