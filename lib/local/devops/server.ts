import { randomUUID } from "node:crypto";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Secret } from "../../errors/secret.ts";
import { allRoutes } from "./all-routes.ts";
import { refuseVersion, requestedVersion } from "./api-version.ts";
import { createFaults, delay, disturb, isDelay, type Fault, type Faults } from "./faults.ts";
import { parseGitPath, serveGit } from "./git/serve-git.ts";
import { handleControl } from "./control.ts";
import { refuseStranger } from "./guard.ts";
import { locationTable } from "./locations.ts";
import { routeMatcher, type MatchRoute } from "./match-route.ts";
import { parseQuery, parseUrl } from "./parse-url.ts";
import { renderPage } from "./pages/render-page.ts";
import type { Method, RouteReply } from "./route.ts";
import { ServiceError } from "./service-error.ts";
import {
  addCommonHeaders,
  jsonType,
  sendGitError,
  sendPage,
  sendReply,
  sendServiceError,
  sendUnknownRoute,
} from "./send.ts";
import type { OpenOrganization } from "./state/open-organization.ts";
import type { Work } from "./work.ts";
import { callerOf } from "./caller.ts";

/** One request that was answered, as the control endpoint lists it. */
export interface RequestRecord {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

export interface ServerState {
  readonly organization: OpenOrganization;
  readonly work: Work;
  readonly faults: Faults;
  readonly requests: RequestRecord[];
  readonly unknownRoutes: string[];
  readonly matchRoute: MatchRoute;
  /** Told about errors that are our own bugs. */
  readonly log: (text: string) => void;
}

export interface ServerOptions {
  readonly organization: OpenOrganization;
  readonly work: Work;
  readonly token: Secret;
  readonly log: (text: string) => void;
}

export const organizationName = "local";
const largestBody = 32 * 1024 * 1024;
/** Requests that are remembered; a process that runs for weeks forgets the oldest. */
const mostRequests = 10_000;
const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

export interface DevOpsServer {
  readonly app: FastifyInstance;
  readonly state: ServerState;
}

/** The HTTP server of an organisation, not yet listening. */
export function createServer({ organization, work, token, log }: ServerOptions): DevOpsServer {
  const state: ServerState = {
    organization,
    work,
    faults: createFaults(),
    requests: [],
    unknownRoutes: [],
    matchRoute: routeMatcher(allRoutes),
    log,
  };
  const app = fastify({
    bodyLimit: largestBody,
    forceCloseConnections: true,
    // What fastify refuses before any hook of ours, such as a path that cannot be decoded.
    frameworkErrors: (error, request, reply) => {
      const refusal = refuseStranger(token, request, reply);
      if (refusal === undefined) void sendFailure(state, error, { request, reply });
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    ["application/json", "application/json-patch+json"],
    { parseAs: "string" },
    (_request, text, done) => {
      parseJson(String(text), done);
    },
  );
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));
  app.addHook("onRequest", async (request, reply) => {
    addCommonHeaders(request, reply);
    return refuseStranger(token, request, reply);
  });
  app.addHook("onResponse", (request, reply, done) => {
    state.requests.push({ method: request.method, path: request.url, status: reply.statusCode });
    if (state.requests.length > mostRequests) state.requests.shift();
    done();
  });
  app.setErrorHandler((error, request, reply) => sendFailure(state, error, { request, reply }));
  app.route({ method: methods, url: "/*", handler: (request, reply) => answer(state, request, reply) });
  return { app, state };
}

async function answer(
  state: ServerState,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { segments, query } = parseUrl(request.url);
  if (segments[0] === "_emulator") return await handleControl(state, request, reply);
  const [organization = organizationName, ...path] = segments;
  if (organization.toLowerCase() !== organizationName) return sendUnknownRoute(state, request, reply);
  const taken = state.faults.take(request.method, `/${path.join("/")}`);
  await delay(taken);
  const fault = taken === undefined || isDelay(taken) ? undefined : taken;
  if (fault?.when === "before") return disturb(fault, reply);
  return await serve(state, { request, reply, path, query, fault });
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly path: readonly string[];
  readonly query: string;
  readonly fault: Fault | undefined;
}

async function serve(state: ServerState, exchange: Exchange): Promise<FastifyReply> {
  const { request, reply, path, fault } = exchange;
  if (parseGitPath(path) !== undefined) return await answerGit(state, exchange);
  if (request.method === "OPTIONS" && path[0]?.toLowerCase() === "_apis") {
    return reply.type(jsonType).send(JSON.stringify(locationTable(allRoutes, path[1])));
  }
  const result = await callRoute(state, exchange);
  if (result === undefined) return await answerPage(state, exchange);
  state.organization.save();
  return fault === undefined ? sendReply(request, reply, result) : disturb(fault, reply);
}

async function callRoute(
  state: ServerState,
  { request, path, query }: Exchange,
): Promise<RouteReply | undefined> {
  const { url, method, headers, body } = request;
  const match = state.matchRoute(methodOf(method), path);
  if (match === undefined) return undefined;
  refuseVersion(match.route.location, match.route.method, requestedVersion({ url, accept: headers.accept }));
  return await match.route.handle({
    organization: state.organization,
    work: state.work,
    identity: callerOf(state.organization, headers.authorization),
    params: match.params,
    query: parseQuery(query),
    accept: headers.accept ?? "",
    body,
    baseUrl: baseUrlOf(request),
  });
}

async function answerGit(
  state: ServerState,
  { request, reply, path, query, fault }: Exchange,
): Promise<FastifyReply> {
  const target = parseGitPath(path);
  if (target === undefined) return sendUnknownRoute(state, request, reply);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  const { method, raw } = request;
  const by = callerOf(state.organization, request.headers.authorization);
  const served = { organization: state.organization, work: state.work, by };
  const result = await serveGit(served, target, { method, query, headers, body: raw });
  void reply.code(result.status).headers(result.headers);
  if (target.service !== "git-receive-pack") return await reply.send(result.body);
  const report = Buffer.concat(await result.body.toArray());
  await result.ended;
  state.organization.save();
  return fault === undefined ? await reply.send(report) : disturb(fault, reply);
}

async function answerPage(
  state: ServerState,
  { request, reply, path, query }: Exchange,
): Promise<FastifyReply> {
  const isApi = path.some((segment) => segment.toLowerCase() === "_apis");
  const wantsPage = request.method === "GET" && (request.headers.accept ?? "").includes("text/html");
  if (isApi || !wantsPage) return sendUnknownRoute(state, request, reply);
  const { organization } = state;
  const baseUrl = baseUrlOf(request);
  return sendPage(reply, await renderPage({ organization, path, query: parseQuery(query), baseUrl }));
}

function sendFailure(
  state: ServerState,
  error: unknown,
  { request, reply }: Pick<Exchange, "request" | "reply">,
): FastifyReply {
  const failure = asServiceError(error);
  if (failure.status >= 500 && !(error instanceof ServiceError))
    state.log(
      `${request.method} ${request.url}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  return request.url.includes("/_git/") ? sendGitError(reply, failure) : sendServiceError(reply, failure);
}

function baseUrlOf(request: FastifyRequest): string {
  return `http://${request.headers.host ?? ""}/${organizationName}`;
}

function methodOf(method: string): Method {
  switch (method) {
    case "POST":
    case "PUT":
    case "PATCH":
    case "DELETE":
    case "HEAD":
      return method;
    default:
      return "GET";
  }
}

function parseJson(text: string, done: (error: Error | null, body?: unknown) => void): void {
  if (text.trim() === "") {
    done(null);
    return;
  }
  try {
    done(null, JSON.parse(text.replace(/^\uFEFF/, "")));
  } catch {
    done(
      new ServiceError(
        400,
        "VssServiceException",
        "TF400898: An Internal Error Occurred. The body is not JSON.",
      ),
    );
  }
}

/** Errors of the HTTP layer keep their status, such as 413 for a body that is too large; all others are bugs of ours. */
function asServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  const status = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
  if (error instanceof Error && typeof status === "number" && status >= 400 && status < 500)
    return new ServiceError(status, "VssRequestException", error.message);
  return new ServiceError(
    500,
    "VssServiceException",
    `TF400898: An Internal Error Occurred. Activity Id: ${randomUUID()}.`,
  );
}
