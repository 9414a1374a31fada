import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "../../errors/secret.ts";
import { listenLocal } from "../listen-local.ts";
import { createWorkspaceFaults, type WorkspaceFault } from "./faults.ts";
import { createWorkspaceServer, type WorkspaceRequestRecord } from "./server.ts";
import { openWorkspace } from "./workspace.ts";

export interface LocalDatabricksOptions {
  /** Keeps everything; absent takes a temporary folder that goes at the end. */
  readonly folder?: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly token?: Secret;
  /** The Python, from 3.10 on, whose packages every cluster has, as a runtime has its own; it runs the code of all tasks. */
  readonly python: string;
  /** Variables that this code sees, such as PATH, those of pip, and MLFLOW_TRACKING_URI; nothing else is passed on. */
  readonly environ?: Readonly<Record<string, string>>;
  /** How long a cluster takes to start, and to go. */
  readonly clusterStartMs?: number;
  /** Told about errors that are bugs of the workspace itself; absent ignores them. */
  readonly log?: (text: string) => void;
}

/** A running workspace, for as long as this object lives; all that it runs ends with it. */
export interface LocalDatabricks extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, the address as of a real workspace. */
  readonly url: string;
  readonly token: Secret;
  /** Where everything is: the files of the workspace in `workspace`, tables in `tables`. */
  readonly folder: string;
  /** Requests answered so far, in order; the oldest go after the ten thousandth. */
  requests(): readonly WorkspaceRequestRecord[];
  /** Requests that no route was built for. */
  unknownRoutes(): readonly string[];
  addFault(fault: WorkspaceFault): void;
  clearFaults(): void;
}

const defaultStartMs = 500;

/** Starts a Databricks workspace on 127.0.0.1, behind a token, whose notebooks and jobs run as processes of this machine. */
export async function startLocalDatabricks(options: LocalDatabricksOptions): Promise<LocalDatabricks> {
  const temporary =
    options.folder === undefined ? await mkdtemp(join(tmpdir(), "eac-model-databricks-")) : undefined;
  const removeTemporary = async (): Promise<void> => {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  };
  try {
    return await start(options, options.folder ?? temporary ?? "", removeTemporary);
  } catch (error) {
    await removeTemporary();
    throw error;
  }
}

async function start(
  options: LocalDatabricksOptions,
  folder: string,
  removeTemporary: () => Promise<void>,
): Promise<LocalDatabricks> {
  const { python, environ = {}, token = randomToken(), log = () => undefined } = options;
  let url = "";
  const faults = createWorkspaceFaults();
  const clusterStartMs = options.clusterStartMs ?? defaultStartMs;
  const what = { folder, token, python, environ, clusterStartMs, faults, log };
  const workspace = openWorkspace({ ...what, url: () => url });
  const { app, requests, unknownRoutes } = createWorkspaceServer({ workspace, token, faults, log });
  await app.ready();
  const port = await listenLocal(app.server, options.port ?? 0);
  url = `http://127.0.0.1:${port}`;
  workspace.resume();
  return {
    url,
    token,
    folder,
    requests: () => requests,
    unknownRoutes: () => unknownRoutes,
    addFault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    [Symbol.asyncDispose]: async () => {
      app.server.close();
      app.server.closeAllConnections();
      await app.close();
      await workspace.close();
      await removeTemporary();
    },
  };
}

function randomToken(): Secret {
  return new Secret(randomBytes(32).toString("base64url"));
}
