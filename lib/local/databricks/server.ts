import { randomUUID } from "node:crypto";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Secret } from "../../errors/secret.ts";
import { delay, isDelay } from "../devops/faults.ts";
import { allWorkspaceRoutes } from "./all-routes.ts";
import { disturbRequest, type WorkspaceFaults } from "./faults.ts";
import { refuseStranger } from "./guard.ts";
import type { WorkspaceRoute } from "./route.ts";
import { sendResult, sendWorkspaceError } from "./send.ts";
import type { Workspace } from "./workspace.ts";
import { invalidParameter, WorkspaceError } from "./workspace-error.ts";

/** One request that was answered. */
export interface WorkspaceRequestRecord {
  readonly method: string;
  readonly path: string;
  /** 0 where a fault dropped the connection instead of an answer. */
  readonly status: number;
}

export interface WorkspaceServerOptions {
  readonly workspace: Workspace;
  readonly token: Secret;
  readonly faults: WorkspaceFaults;
  readonly log: (text: string) => void;
}

export interface WorkspaceServer {
  readonly app: FastifyInstance;
  readonly requests: readonly WorkspaceRequestRecord[];
  readonly unknownRoutes: readonly string[];
}

/** Base64 of the largest import, and a little. */
const largestBody = 32 * 1024 * 1024;
/** Requests that are remembered; a process that runs for weeks forgets the oldest. */
const mostRequests = 10_000;

interface State extends WorkspaceServerOptions {
  readonly record: (request: FastifyRequest, status: number) => void;
  readonly unknownRoutes: string[];
}

/** The HTTP server of a workspace, not yet listening. */
export function createWorkspaceServer(options: WorkspaceServerOptions): WorkspaceServer {
  const requests: WorkspaceRequestRecord[] = [];
  const record: State["record"] = ({ method, url }, status) => {
    requests.push({ method, path: url, status });
    if (requests.length > mostRequests) requests.shift();
  };
  const state: State = { ...options, record, unknownRoutes: [] };
  const app = fastify({
    bodyLimit: largestBody,
    forceCloseConnections: true,
    // What fastify refuses before any hook of ours, such as a path that cannot be decoded.
    frameworkErrors: (error, request, reply) => {
      const refusal = refuseStranger(options.token, request, reply);
      if (refusal === undefined) void sendFailure(state, error, { request, reply });
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, text, done) => {
    parseJson(String(text), done);
  });
  app.addContentTypeParser("*", (_request, _payload, done) => {
    done(invalidParameter("This workspace reads JSON only; send content in Base64."));
  });
  app.addHook("onRequest", async (request, reply) => {
    void reply.headers({ "x-request-id": randomUUID(), "cache-control": "no-store" });
    return refuseStranger(options.token, request, reply);
  });
  app.addHook("onResponse", (request, reply, done) => {
    record(request, reply.statusCode);
    done();
  });
  app.setErrorHandler((error, request, reply) => sendFailure(state, error, { request, reply }));
  const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
  app.route({ method: methods, url: "/*", handler: (request, reply) => answer(state, request, reply) });
  return { app, requests, unknownRoutes: state.unknownRoutes };
}

async function answer(state: State, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { pathname, searchParams } = new URL(request.url, "http://127.0.0.1");
  const match = matchRoute(request.method, pathname);
  if (match === undefined) return sendUnknownRoute(state, `${request.method} ${pathname}`, reply);
  const taken = state.faults.takeRequest(request.method, pathname);
  await delay(taken);
  const fault = taken === undefined || isDelay(taken) ? undefined : taken;
  if (fault !== undefined && fault.status === undefined) state.record(request, 0);
  if (fault?.when === "before") return disturbRequest(fault, reply);
  const query = { ...Object.fromEntries(searchParams), ...match.params };
  const result = await match.route.handle({ workspace: state.workspace, query, body: request.body });
  return fault === undefined ? sendResult(reply, result) : disturbRequest(fault, reply);
}

interface RouteMatch {
  readonly route: WorkspaceRoute;
  readonly params: Readonly<Record<string, string>>;
}

const patterns = allWorkspaceRoutes.map((route) => ({
  route,
  form: new RegExp(`^${route.path.replaceAll(".", "\\.").replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`),
}));

function matchRoute(method: string, path: string): RouteMatch | undefined {
  for (const { route, form } of patterns) {
    const found = route.method === method ? form.exec(path) : null;
    if (found !== null) return { route, params: { ...found.groups } };
  }
  return undefined;
}

/** A route that nobody built says so, loudly, and is remembered. */
function sendUnknownRoute(state: State, route: string, reply: FastifyReply): FastifyReply {
  state.unknownRoutes.push(route);
  const message = `The local workspace does not know ${route}.`;
  return sendWorkspaceError(reply, new WorkspaceError(501, "NOT_IMPLEMENTED", message));
}

function sendFailure(
  state: State,
  error: unknown,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): FastifyReply {
  if (error instanceof WorkspaceError) return sendWorkspaceError(reply, error);
  const status = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
  if (error instanceof Error && typeof status === "number" && status >= 400 && status < 500)
    return sendWorkspaceError(reply, new WorkspaceError(status, "BAD_REQUEST", error.message));
  const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
  state.log(`${request.method} ${request.url}: ${words}`);
  return sendWorkspaceError(
    reply,
    new WorkspaceError(500, "INTERNAL_ERROR", "Internal error of the local workspace."),
  );
}

function parseJson(text: string, done: (error: Error | null, body?: unknown) => void): void {
  try {
    done(null, text.trim() === "" ? undefined : JSON.parse(text));
  } catch {
    done(new WorkspaceError(400, "MALFORMED_REQUEST", "The body is not JSON."));
  }
}
