import { timingSafeEqual, createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Secret } from "../errors/secret.ts";

/** Whether an Authorization header carries the token: Basic with any user name, or Bearer. Takes the same time for any wrong one. */
export function carriesToken(header: string | undefined, token: Secret): boolean {
  const [scheme = "", value = ""] = (header ?? "").split(" ");
  const isBasic = scheme.toLowerCase() === "basic";
  const given = isBasic ? passwordOf(value) : value;
  const isKnown = isBasic || scheme.toLowerCase() === "bearer";
  return timingSafeEqual(digest(given), digest(token.reveal())) && isKnown && given !== "";
}

/** Whether the request was addressed to this machine: a name that merely resolves to it is refused. */
export function isLocalHost(host: string | undefined, port: number): boolean {
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`;
}

/** Whether no browser page, or one of our own, sent the request: a browser adds known credentials to requests of any page. */
export function isLocalOrigin(origin: string | undefined, port: number): boolean {
  return origin === undefined || (origin.startsWith("http://") && isLocalHost(origin.slice(7), port));
}

/** Why a request is refused whatever credential it has: it was not addressed to this machine, or another site's page sent it. */
export function foreignness(
  request: IncomingMessage,
): { readonly status: 400 | 403; readonly message: string } | undefined {
  const port = request.socket.localPort ?? 0;
  const { host, origin } = request.headers;
  if (!isLocalHost(host, port)) return { status: 400, message: "Bad host." };
  return isLocalOrigin(origin, port) ? undefined : { status: 403, message: "Bad origin." };
}

function passwordOf(basic: string): string {
  const text = Buffer.from(basic, "base64").toString("utf8");
  return text.slice(text.indexOf(":") + 1);
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
