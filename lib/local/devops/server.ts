import { randomUUID } from "node:crypto";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Secret } from "../../errors/secret.ts";
import { allRoutes } from "./all-routes.ts";
import { carriesToken, isLocalHost } from "./authenticate.ts";
import { createFaults, type Fault, type Faults } from "./faults.ts";
import { parseGitPath, serveGit } from "./git/serve-git.ts";
import { handleControl } from "./control.ts";
import { locationTable } from "./locations.ts";
import { routeMatcher, type MatchRoute } from "./match-route.ts";
import { parseQuery, parseUrl } from "./parse-url.ts";
import { renderPage } from "./pages/render-page.ts";
import type { Method, RouteReply } from "./route.ts";
import { ServiceError } from "./service-error.ts";
import { sendPage, sendReply, sendServiceError, sendUnauthenticated, sendUnknownRoute } from "./send.ts";
import type { OpenOrganization } from "./state/open-organization.ts";
import { ownerIdentity } from "./state/well-known-identities.ts";

/** One request that was answered, as the control endpoint lists it. */
export interface RequestRecord {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

export interface ServerState {
  readonly organization: OpenOrganization;
  readonly token: Secret;
  readonly faults: Faults;
  readonly requests: RequestRecord[];
  readonly unknownRoutes: string[];
  readonly matchRoute: MatchRoute;
}

export const organizationName = "local";
const largestBody = 32 * 1024 * 1024;
const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

export interface DevOpsServer {
  readonly app: FastifyInstance;
  readonly state: ServerState;
}

/** The HTTP server of an organisation, not yet listening. */
export function createServer(organization: OpenOrganization, token: Secret): DevOpsServer {
  const state: ServerState = {
    organization,
    token,
    faults: createFaults(),
    requests: [],
    unknownRoutes: [],
    matchRoute: routeMatcher(allRoutes),
  };
  const app = fastify({ bodyLimit: largestBody, forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, text, done) => {
    parseJson(String(text), done);
  });
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));
  app.addHook("onResponse", (request, reply, done) => {
    state.requests.push({ method: request.method, path: request.url, status: reply.statusCode });
    done();
  });
  app.setErrorHandler((error, _request, reply) => sendServiceError(reply, asServiceError(error)));
  app.route({ method: methods, url: "/*", handler: (request, reply) => answer(state, request, reply) });
  return { app, state };
}

/** Adds a fault as the control endpoint does. */
export function addFault(state: ServerState, fault: Fault): void {
  state.faults.add(fault);
}

async function answer(
  state: ServerState,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { segments, query } = parseUrl(request.url);
  if (!isLocalHost(request.headers.host, request.socket.localPort ?? 0))
    return await reply.code(400).send("Bad host.");
  if (!carriesToken(request.headers.authorization, state.token)) return sendUnauthenticated(request, reply);
  if (segments[0] === "_emulator") return await handleControl(state, request, reply);
  const [organization = "", ...path] = segments;
  if (organization.toLowerCase() !== organizationName) return sendUnknownRoute(state, request, reply);
  const fault = state.faults.take(request.method, `/${path.join("/")}`);
  if (fault?.when === "before") return await disturb(fault, reply);
  const sent = await serve(state, { request, reply, path, query, fault });
  return sent;
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly path: readonly string[];
  readonly query: string;
  readonly fault: Fault | undefined;
}

async function serve(state: ServerState, exchange: Exchange): Promise<FastifyReply> {
  const { request, reply, path } = exchange;
  if (parseGitPath(path) !== undefined) return await answerGit(state, exchange);
  if (request.method === "OPTIONS" && path[0]?.toLowerCase() === "_apis") {
    return sendReply(request, reply, { status: 200, body: locationTable(allRoutes, path[1]) });
  }
  const result = await callRoute(state, exchange);
  if (result === undefined) return answerPage(state, exchange);
  state.organization.save();
  if (exchange.fault !== undefined) return await disturb(exchange.fault, reply);
  return sendReply(request, reply, result);
}

async function callRoute(
  state: ServerState,
  { request, path, query }: Exchange,
): Promise<RouteReply | undefined> {
  const match = state.matchRoute(methodOf(request.method), path);
  if (match === undefined) return undefined;
  return await match.route.handle({
    organization: state.organization,
    identity: ownerIdentity(state.organization),
    params: match.params,
    query: parseQuery(query),
    body: request.body,
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
  const result = await serveGit(state.organization, target, {
    method: request.method,
    segments: path,
    query,
    headers,
    body: request.raw,
  });
  void reply.code(result.status).headers(result.headers);
  if (target.service !== "git-receive-pack") return await reply.send(result.body);
  const report = Buffer.concat(await result.body.toArray());
  await result.ended;
  state.organization.save();
  return fault === undefined ? await reply.send(report) : await disturb(fault, reply);
}

function answerPage(state: ServerState, { request, reply, path, query }: Exchange): FastifyReply {
  const wantsPage = request.method === "GET" && (request.headers.accept ?? "").includes("text/html");
  const page = wantsPage
    ? renderPage({
        organization: state.organization,
        path,
        query: parseQuery(query),
        baseUrl: baseUrlOf(request),
      })
    : undefined;
  return page === undefined ? sendUnknownRoute(state, request, reply) : sendPage(reply, page);
}

async function disturb(fault: Fault, reply: FastifyReply): Promise<FastifyReply> {
  if (fault.status === undefined) {
    void reply.hijack();
    reply.raw.destroy();
    return reply;
  }
  if (fault.retryAfter !== undefined) void reply.header("retry-after", String(fault.retryAfter));
  return await sendServiceError(
    reply,
    new ServiceError(fault.status, "VssServiceException", "Injected fault."),
  );
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

function asServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  return new ServiceError(
    500,
    "VssServiceException",
    `TF400898: An Internal Error Occurred. Activity Id: ${randomUUID()}.`,
  );
}
