import type { FastifyReply, FastifyRequest } from "fastify";
import type { Secret } from "../../errors/secret.ts";
import { carriesToken, isLocalHost, isLocalOrigin } from "../authenticate.ts";
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
  const port = request.socket.localPort ?? 0;
  const { host, origin, authorization } = request.headers;
  if (!isLocalHost(host, port)) return reply.code(400).type("text/plain").send("Bad host.");
  if (!isLocalOrigin(origin, port)) return reply.code(403).type("text/plain").send("Bad origin.");
  if (!carriesToken(authorization, token)) return sendUnauthenticated(request, reply);
  return undefined;
}
