import type { FastifyReply, FastifyRequest } from "fastify";
import { listIn, textIn, valueIn } from "./body.ts";
import type { Fault } from "./faults.ts";
import type { ServerState } from "./server.ts";

type Control = (state: ServerState, body: unknown) => unknown;

const controls: Readonly<Record<string, Control>> = {
  "GET /_emulator/requests": (state) => ({ count: state.requests.length, value: state.requests }),
  "DELETE /_emulator/requests": (state) => void state.requests.splice(0),
  "GET /_emulator/unknown-routes": (state) => ({
    count: state.unknownRoutes.length,
    value: state.unknownRoutes,
  }),
  "POST /_emulator/faults": (state, body) => state.faults.add(parseFault(body)),
  "DELETE /_emulator/faults": (state) => state.faults.clear(),
};

/** The control endpoints of tests: faults, the list of requests, and routes that nobody built. */
export async function handleControl(
  state: ServerState,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const control = controls[`${request.method} ${request.url.split("?")[0]}`];
  if (control === undefined) return await reply.code(501).send({ message: "There is no such control." });
  const value = control(state, request.body);
  return await reply.code(value === undefined ? 204 : 200).send(value);
}

function parseFault(body: unknown): Fault {
  const methods = listIn(body, "methods").filter((method) => typeof method === "string");
  const path = textIn(body, "path");
  const names = ["offset", "times", "status", "retryAfter", "delayMs"] as const;
  const numbers = names.flatMap((name) => {
    const value = valueIn(body, name);
    return typeof value === "number" ? [[name, value] as const] : [];
  });
  return {
    when: textIn(body, "when") === "after" ? "after" : "before",
    ...(methods.length === 0 ? {} : { methods }),
    ...(path === undefined ? {} : { path }),
    ...Object.fromEntries(numbers),
  };
}
