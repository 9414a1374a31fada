import type { FastifyReply } from "fastify";
import type { WorkspaceError } from "./workspace-error.ts";

const jsonType = "application/json; charset=utf-8";

/** Sends what an operation answered. */
export function sendResult(reply: FastifyReply, result: unknown): FastifyReply {
  if (Buffer.isBuffer(result)) return reply.type("application/octet-stream").send(result);
  if (typeof result === "string") return reply.type("text/plain; charset=utf-8").send(result);
  return reply.type(jsonType).send(JSON.stringify(result));
}

/** Sends a refusal in the service's own form. */
export function sendWorkspaceError(
  reply: FastifyReply,
  { status, errorCode, message }: WorkspaceError,
): FastifyReply {
  return reply
    .code(status)
    .type(jsonType)
    .send(JSON.stringify({ error_code: errorCode, message }));
}
