import { randomBytes } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "../errors/secret.ts";
import type { Fault } from "./devops/faults.ts";
import { prepareGit } from "./devops/git/prepare-git.ts";
import { ensureProject } from "./devops/routes/project.ts";
import { cancelLeftovers } from "./devops/runs/cancel-leftovers.ts";
import { BackgroundRunner, noRunner } from "./devops/runs/runner.ts";
import type { RunServices } from "./devops/runs/run-services.ts";
import { startWork } from "./devops/runs/start-work.ts";
import { createServer, organizationName, type RequestRecord } from "./devops/server.ts";
import { openOrganization, type OpenOrganization } from "./devops/state/open-organization.ts";

export interface LocalOptions {
  /** Folder that keeps everything; absent keeps state in memory and git in a temporary folder that goes at the end. */
  readonly folder?: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly token?: Secret;
  /** Projects that have to exist; `AnalyticsOps` always does. */
  readonly projects?: readonly string[];
  /** The clock, for answers that can be compared. */
  readonly now?: () => Date;
  /** Where ids come from, for answers that can be compared; each call gives a new GUID. */
  readonly ids?: () => string;
  /** Lets pipelines run, by themselves and on request; absent: what is queued stays so. */
  readonly pipelines?: PipelineOptions;
  /** Told about errors that are bugs of the organisation itself; absent ignores them. */
  readonly log?: (text: string) => void;
}

/** What pipelines that run here need. */
export interface PipelineOptions {
  /** Variables of this machine that programs need, such as PATH; nothing else is passed on. */
  readonly environ: Readonly<Record<string, string>>;
  /** Servers whose addresses runs get; absent: none. */
  readonly services?: RunServices;
}

/** A running organisation, for as long as this object lives. */
export interface LocalOrganization extends AsyncDisposable {
  /** Base URL as of a real organisation: `http://127.0.0.1:PORT/local`. */
  readonly url: string;
  readonly token: Secret;
  /** Where the git repositories are, and the state unless it is in memory. */
  readonly folder: string;
  /** Requests answered so far, in order; the oldest go after the ten thousandth. */
  requests(): readonly RequestRecord[];
  /** Requests that no route was built for. */
  unknownRoutes(): readonly string[];
  addFault(fault: Fault): void;
  clearFaults(): void;
}

const noServices: RunServices = {
  urls: () => ({ databricks: undefined, mlflow: undefined }),
  settled: () => Promise.resolve(),
};

export const defaultProject = "AnalyticsOps";
const tokenBytes = 32;

/** Starts an Azure DevOps organisation on 127.0.0.1, behind a token. */
export async function startLocalOrganization(options: LocalOptions): Promise<LocalOrganization> {
  const temporary =
    options.folder === undefined ? await mkdtemp(join(tmpdir(), "eac-model-local-")) : undefined;
  try {
    return await start(options, temporary);
  } catch (error) {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

/** A token that nobody can guess: 256 random bits. */
export function createToken(): Secret {
  return new Secret(randomBytes(tokenBytes).toString("base64url"));
}

async function start(options: LocalOptions, temporary: string | undefined): Promise<LocalOrganization> {
  const folder = options.folder ?? temporary ?? "";
  const token = options.token ?? createToken();
  const organization = await prepare(options, folder);
  const log = options.log ?? (() => undefined);
  const baseUrl = (): string => `http://127.0.0.1:${portOf(app.server.address())}/${organizationName}`;
  const { pipelines } = options;
  const runner =
    pipelines === undefined
      ? noRunner
      : new BackgroundRunner({ organization, token, log, baseUrl, services: noServices, ...pipelines });
  const work = startWork({ organization, runner, log });
  const { app, state } = createServer({ organization, work, token, log });
  await app.listen({ host: "127.0.0.1", port: options.port ?? 0 });
  return {
    url: baseUrl(),
    token,
    folder,
    requests: () => state.requests,
    unknownRoutes: () => state.unknownRoutes,
    addFault: (fault) => state.faults.add(fault),
    clearFaults: () => state.faults.clear(),
    [Symbol.asyncDispose]: async () => {
      await work[Symbol.asyncDispose]();
      await app.close();
      organization.save();
      if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
    },
  };
}

async function prepare(options: LocalOptions, folder: string): Promise<OpenOrganization> {
  const { now, ids, projects = [] } = options;
  const gitFolder = join(folder, "git");
  await mkdir(gitFolder, { recursive: true, mode: 0o700 });
  await chmod(gitFolder, 0o700);
  const organization = openOrganization({
    gitFolder,
    runsFolder: join(folder, "runs"),
    ...(options.folder === undefined ? {} : { folder }),
    ...(now === undefined ? {} : { now }),
    ...(ids === undefined ? {} : { ids }),
  });
  for (const project of [defaultProject, ...projects]) ensureProject(organization, project, "");
  await prepareGit(organization);
  cancelLeftovers(organization);
  organization.save();
  return organization;
}

function portOf(address: string | AddressInfo | null): number {
  if (typeof address === "object" && address !== null) return address.port;
  throw new Error("The server has no port.");
}
