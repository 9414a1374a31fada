import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "../errors/secret.ts";
import type { Fault } from "./devops/faults.ts";
import { ensureProject } from "./devops/routes/project.ts";
import { createServer, organizationName, type RequestRecord } from "./devops/server.ts";
import { openOrganization } from "./devops/state/open-organization.ts";

export interface LocalOptions {
  /** Folder that keeps everything; absent keeps state in memory and git in a temporary folder that goes at the end. */
  readonly folder?: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly token?: Secret;
  /** Projects that have to exist; `AnalyticsOps` always does. */
  readonly projects?: readonly string[];
}

/** A running organisation, for as long as this object lives. */
export interface LocalOrganization extends AsyncDisposable {
  /** Base URL as of a real organisation: `http://127.0.0.1:PORT/local`. */
  readonly url: string;
  readonly token: Secret;
  /** Requests answered so far, in order. */
  requests(): readonly RequestRecord[];
  /** Requests that no route was built for. */
  unknownRoutes(): readonly string[];
  addFault(fault: Fault): void;
  clearFaults(): void;
}

export const defaultProject = "AnalyticsOps";
const tokenBytes = 32;

/** Starts an Azure DevOps organisation on 127.0.0.1, behind a token. */
export async function startLocalOrganization(options: LocalOptions): Promise<LocalOrganization> {
  const temporary =
    options.folder === undefined ? await mkdtemp(join(tmpdir(), "eac-model-local-")) : undefined;
  const token = options.token ?? createToken();
  const organization = openOrganization({
    gitFolder: join(options.folder ?? temporary ?? "", "git"),
    ...(options.folder === undefined ? {} : { folder: options.folder }),
  });
  for (const project of [defaultProject, ...(options.projects ?? [])])
    ensureProject(organization, project, "");
  organization.save();
  const { app, state } = createServer(organization, token);
  await app.listen({ host: "127.0.0.1", port: options.port ?? 0 });
  return {
    url: `http://127.0.0.1:${portOf(app.server.address())}/${organizationName}`,
    token,
    requests: () => state.requests,
    unknownRoutes: () => state.unknownRoutes,
    addFault: (fault) => state.faults.add(fault),
    clearFaults: () => state.faults.clear(),
    [Symbol.asyncDispose]: async () => {
      await app.close();
      if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
    },
  };
}

/** A token that nobody can guess: 256 random bits. */
export function createToken(): Secret {
  return new Secret(randomBytes(tokenBytes).toString("base64url"));
}

function portOf(address: string | AddressInfo | null): number {
  if (typeof address === "object" && address !== null) return address.port;
  throw new Error("The server has no port.");
}
