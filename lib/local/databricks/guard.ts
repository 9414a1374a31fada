import type { FastifyReply, FastifyRequest } from "fastify";
import type { Secret } from "../../errors/secret.ts";
import { carriesToken, foreignness } from "../authenticate.ts";
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
  const foreign = foreignness(request.raw);
  if (foreign !== undefined) return reply.code(foreign.status).type("text/plain").send(foreign.message);
  const { authorization } = request.headers;
  if (request.url === publicPath || carriesToken(authorization, token)) return undefined;
  if (authorization !== undefined)
    return sendWorkspaceError(reply, new WorkspaceError(403, "403", "Invalid access token."));
  const message = "Credential was not sent or was of an unsupported type for this API.";
  return sendWorkspaceError(
    reply.header("www-authenticate", 'Basic realm="eac-model local"'),
    new WorkspaceError(401, "401", message),
  );
}
