import type { FastifyReply, FastifyRequest } from "fastify";
import type { Secret } from "../../errors/secret.ts";
import { carriesToken, foreignness } from "../authenticate.ts";
import { sendUnauthenticated } from "./send.ts";

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
  if (!carriesToken(authorization, token)) return sendUnauthenticated(request, reply);
  return undefined;
}
