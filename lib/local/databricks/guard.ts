import type { FastifyReply, FastifyRequest } from "fastify";
import type { Secret } from "../../errors/secret.ts";
import { carriesToken, isLocalHost, isLocalOrigin } from "../authenticate.ts";
import { sendWorkspaceError } from "./send.ts";
import { WorkspaceError } from "./workspace-error.ts";

/** What every client reads before it has a token to send. */
export const publicPath = "/.well-known/databricks-config";

/**
 * Refuses, before a byte of the body is read, whatever was not addressed to this machine, comes from another site's page in a
 * browser, or lacks the token; answers undefined where the request may pass.
 */
export function refuseStranger(
  token: Secret,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply | undefined {
  const port = request.socket.localPort ?? 0;
  const { host, origin, authorization } = request.headers;
  if (!isLocalHost(host, port)) return reply.code(400).type("text/plain").send("Bad host.");
  if (!isLocalOrigin(origin, port)) return reply.code(403).type("text/plain").send("Bad origin.");
  if (request.url === publicPath || carriesToken(authorization, token)) return undefined;
  if (authorization !== undefined)
    return sendWorkspaceError(reply, new WorkspaceError(403, "403", "Invalid access token."));
  const message = "Credential was not sent or was of an unsupported type for this API.";
  return sendWorkspaceError(
    reply.header("www-authenticate", 'Basic realm="eac-model local"'),
    new WorkspaceError(401, "401", message),
  );
}
