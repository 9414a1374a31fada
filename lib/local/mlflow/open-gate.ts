import { createServer, request as sendRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import type { Secret } from "../../errors/secret.ts";
import { carriesToken, foreignness } from "../authenticate.ts";
import { listenLocal } from "../listen-local.ts";

/** What is behind the gate: nothing yet, a server that listens on a socket in the file system, or nothing for a reason. */
export type BehindGate =
  | { readonly state: "starting" }
  | { readonly state: "running"; readonly socketPath: string }
  | { readonly state: "unavailable"; readonly why: string };

export interface Gate extends AsyncDisposable {
  readonly url: string;
  /** What requests find from now on. */
  lead(behind: BehindGate): void;
}

export interface GateOptions {
  /** The port to listen on where it is free; 0: any. */
  readonly port: number;
  readonly token: Secret;
}

/** Headers of one connection, not of what is sent over it; and the token, which nobody behind the gate needs. */
const notForwarded = new Set(["connection", "keep-alive", "proxy-connection", "authorization", "upgrade"]);
/** MLflow's own names. */
const errorCodes = {
  400: "BAD_REQUEST",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  501: "NOT_IMPLEMENTED",
  502: "INTERNAL_ERROR",
  503: "TEMPORARILY_UNAVAILABLE",
} as const;
const retryAfterSeconds = "2";

/**
 * Opens a port on 127.0.0.1 that lets through, byte by byte, only what was addressed to this machine, is sent by no other site's page
 * in a browser, and carries the token. It is open before there is a server behind it, and tells callers to wait.
 */
export async function openGate({ port, token }: GateOptions): Promise<Gate> {
  let behind: BehindGate = { state: "starting" };
  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    if (!refuseStranger(token, request, response)) pass(behind, request, response);
  });
  const actual = await listenLocal(server, port);
  return {
    url: `http://127.0.0.1:${actual}`,
    lead: (next) => {
      behind = next;
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Before a byte of the body is read; true where the request was answered. */
function refuseStranger(token: Secret, request: IncomingMessage, response: ServerResponse): boolean {
  const foreign = foreignness(request);
  if (foreign !== undefined) refuse(response, foreign.status, foreign.message);
  else if (!carriesToken(request.headers.authorization, token)) {
    response.setHeader("www-authenticate", 'Basic realm="MLflow: any user name, the token as password"');
    refuse(response, 401, "The token is missing or wrong.");
  } else return false;
  return true;
}

function pass(behind: BehindGate, request: IncomingMessage, response: ServerResponse): void {
  switch (behind.state) {
    case "starting":
      response.setHeader("retry-after", retryAfterSeconds);
      refuse(response, 503, "MLflow is starting.");
      return;
    case "unavailable":
      // Clients repeat what gets 503 for minutes; nobody should wait for what will not come.
      refuse(response, 501, behind.why);
      return;
    case "running":
      forward(behind.socketPath, request, response);
  }
}

/**
 * A connection of its own for each request: one that is kept may be closed on the other side just when it is used again.
 * It is asked to stay open until we close it: a server that closes it with its answer does so while we still end the body.
 */
function forward(socketPath: string, request: IncomingMessage, response: ServerResponse): void {
  const { method = "GET", url = "/" } = request;
  const headers = { ...forwarded(request.headers), connection: "keep-alive" };
  const upstream = sendRequest({ socketPath, method, path: url, headers, agent: false });
  upstream.once("response", (answer) => {
    response.writeHead(answer.statusCode ?? 502, forwarded(answer.headers));
    pipeline(answer, response, () => undefined);
  });
  upstream.once("error", () => {
    if (response.headersSent) response.destroy();
    else refuse(response, 502, "MLflow dropped the connection.");
  });
  response.once("close", () => {
    upstream.destroy();
    // What is left of a body that was answered early: the caller's next request comes after it.
    request.unpipe(upstream).resume();
  });
  request.pipe(upstream);
}

function forwarded(headers: IncomingMessage["headers"]): IncomingMessage["headers"] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !notForwarded.has(name)));
}

/** In the form of MLflow's own errors, so that its client shows the message. */
function refuse(response: ServerResponse, status: keyof typeof errorCodes, message: string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ error_code: errorCodes[status], message }));
}
