import { randomUUID } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { RouteReply } from "./route.ts";
import type { ServiceError } from "./service-error.ts";

const defaultVersion = "7.1";

/** Sends a result with the headers that every answer of the service has. */
export function sendReply(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, body, headers }: RouteReply,
): FastifyReply {
  addCommonHeaders(request, reply);
  void reply.code(status).headers(headers ?? {});
  if (body === undefined) return reply.send();
  return reply
    .type(`application/json; charset=utf-8; api-version=${requestedVersion(request)}`)
    .send(JSON.stringify(body));
}

/** Sends a refusal in the service's own form. */
export function sendServiceError(reply: FastifyReply, error: ServiceError): FastifyReply {
  const { status, typeKey, message } = error;
  return reply
    .code(status)
    .type("application/json; charset=utf-8")
    .send(
      JSON.stringify({
        $id: "1",
        innerException: null,
        message,
        typeName: `Microsoft.VisualStudio.Services.Common.${typeKey}, Microsoft.VisualStudio.Services.Common`,
        typeKey,
        errorCode: 0,
        eventId: 3000,
      }),
    );
}

/** git is asked for credentials; everything else gets what the service gives to a token that it does not know. */
export function sendUnauthenticated(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const isGit = request.url.includes("/_git/") || !request.url.includes("/_apis");
  if (isGit || request.method === "PATCH") {
    const message = "TF400813: The user '' is not authorized to access this resource.";
    return reply
      .code(401)
      .header("www-authenticate", 'Basic realm="eac-model local"')
      .type("application/json; charset=utf-8")
      .send(
        JSON.stringify({
          $id: "1",
          innerException: null,
          message,
          typeKey: "UnauthorizedRequestException",
          errorCode: 0,
          eventId: 3000,
        }),
      );
  }
  return reply
    .code(203)
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
    .type("application/json; charset=utf-8")
    .send(JSON.stringify({ message, typeKey: "NotImplementedException" }));
}

/** Sends a page for a browser; it loads nothing and runs nothing. */
export function sendPage(reply: FastifyReply, html: string): FastifyReply {
  return reply
    .header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'")
    .header("x-frame-options", "SAMEORIGIN")
    .type("text/html; charset=utf-8")
    .send(html);
}

function addCommonHeaders(request: FastifyRequest, reply: FastifyReply): void {
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

/** The version a client asks for, in its query or its Accept header, comes back in the answer. */
function requestedVersion(request: FastifyRequest): string {
  const text = `${request.url};${request.headers.accept ?? ""}`;
  return /api-version=([\w.-]+)/.exec(text)?.[1] ?? defaultVersion;
}
