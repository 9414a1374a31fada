import { randomUUID } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { requestedVersion } from "./api-version.ts";
import type { RenderedPage } from "./pages/render-page.ts";
import type { RouteReply } from "./route.ts";
import { ServiceError } from "./service-error.ts";

const defaultVersion = "7.1";
/** What JSON is sent as where no version of the API matters. */
export const jsonType = "application/json; charset=utf-8";

/** Sends a result. */
export function sendReply(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, body, headers, type }: RouteReply,
): FastifyReply {
  void reply.code(status).headers(headers ?? {});
  if (body === undefined) return reply.send();
  if (type !== undefined) return reply.type(type).send(body);
  const { url, headers: sent } = request;
  const version = requestedVersion({ url, accept: sent.accept }) ?? defaultVersion;
  return reply.type(`${jsonType}; api-version=${version}`).send(JSON.stringify(body));
}

/** Sends a refusal in the service's own form. */
export function sendServiceError(
  reply: FastifyReply,
  { status, typeKey, message }: ServiceError,
): FastifyReply {
  const typeName = `Microsoft.VisualStudio.Services.Common.${typeKey}, Microsoft.VisualStudio.Services.Common`;
  const body = { $id: "1", innerException: null, message, typeName, typeKey, errorCode: 0, eventId: 3000 };
  return reply.code(status).type(jsonType).send(JSON.stringify(body));
}

/** Sends a refusal to git, which shows plain text to the person as words of the remote. */
export function sendGitError(reply: FastifyReply, { status, message }: ServiceError): FastifyReply {
  return reply.code(status).type("text/plain; charset=utf-8").send(message);
}

/**
 * What the service gives to a token that it does not know: git and browsers are asked for credentials, writes that nobody repeats
 * by reloading a page get 401, and the rest gets the sign-in page with a status that looks like success.
 */
export function sendUnauthenticated(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { method, url } = request;
  const isApi = url.includes("/_apis") && !url.includes("/_git/");
  if (isApi && ["GET", "HEAD", "POST", "OPTIONS"].includes(method)) return sendSignInPage(reply, 203);
  const message = "TF400813: The user '' is not authorized to access this resource.";
  return sendServiceError(
    reply.header("www-authenticate", 'Basic realm="eac-model local"'),
    new ServiceError(401, "UnauthorizedRequestException", message),
  );
}

/** Sends the page that a person would sign in on. */
export function sendSignInPage(reply: FastifyReply, status: 203 | 302): FastifyReply {
  if (status === 302) void reply.header("location", "/local/_signin");
  return reply
    .code(status)
    .type("text/html; charset=utf-8")
    .send("<!DOCTYPE html><title>Azure DevOps Services | Sign In</title>");
}

/** A route that nobody built says so, loudly, and is remembered. */
export function sendUnknownRoute(
  state: { readonly unknownRoutes: string[] },
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const route = `${request.method} ${request.url.split("?")[0] ?? ""}`;
  state.unknownRoutes.push(route);
  const message = `The local organisation does not know ${route}.`;
  return reply
    .code(501)
    .type(jsonType)
    .send(JSON.stringify({ message, typeKey: "NotImplementedException" }));
}

/** Sends a page for a browser; it loads nothing and runs nothing. */
export function sendPage(reply: FastifyReply, { status, html }: RenderedPage): FastifyReply {
  return reply
    .code(status)
    .header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'")
    .header("cache-control", "no-store")
    .type("text/html; charset=utf-8")
    .send(html);
}

/** Adds the headers that every answer of the service has, refusals too. */
export function addCommonHeaders(request: FastifyRequest, reply: FastifyReply): void {
  const activityId = randomUUID();
  const session = request.headers["x-tfs-session"];
  void reply.headers({
    "cache-control": "no-cache",
    pragma: "no-cache",
    expires: "-1",
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "x-tfs-processid": activityId,
    activityid: activityId,
    "x-vss-e2eid": activityId,
    "x-tfs-session": typeof session === "string" ? session : activityId,
  });
}
