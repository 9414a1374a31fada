import type { FastifyReply, FastifyRequest } from "fastify";
import { listIn, objectBody, textIn, valueIn } from "./body.ts";
import { pipelinesOf } from "./routes/pipeline-record.ts";
import { approvalsOf } from "./runs/approval-record.ts";
import { findRun } from "./runs/run-record.ts";
import type { Fault } from "./faults.ts";
import { ServiceError } from "./service-error.ts";
import type { ServerState } from "./server.ts";

type Control = (state: ServerState, body: unknown) => unknown;

const controls: Readonly<Record<string, Control>> = {
  "GET /_emulator/requests": (state) => ({ count: state.requests.length, value: state.requests }),
  "DELETE /_emulator/requests": (state) => void state.requests.splice(0),
  "GET /_emulator/unknown-routes": (state) => ({
    count: state.unknownRoutes.length,
    value: state.unknownRoutes,
  }),
  "GET /_emulator/approvals": (state) => pendingApprovals(state),
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

/** What waits for somebody: the API of the service does not say which environment an approval is for. */
function pendingApprovals({ organization }: ServerState): unknown {
  const projects = Object.keys(organization.state().projects);
  const pending = projects
    .flatMap((id) => approvalsOf(organization, id))
    .filter(({ approvalState }) => approvalState === "pending");
  const value = pending.map(({ id, projectId, runId, stage, environmentName }) => {
    const run = findRun(organization, projectId, String(runId));
    const pipeline = pipelinesOf(organization, projectId).find((one) => one.id === run.pipelineId);
    return { id, projectId, runId, pipeline: pipeline?.name ?? "", stage, environment: environmentName };
  });
  return { count: value.length, value };
}

function parseFault(body: unknown): Fault {
  const when = textIn(objectBody(body), "when") ?? "before";
  const methods = listIn(body, "methods");
  const path = textIn(body, "path");
  if (when !== "before" && when !== "after") throw noFault("when is before or after");
  if (!methods.every((method) => typeof method === "string")) throw noFault("methods are words");
  return {
    when,
    ...(methods.length === 0 ? {} : { methods: methods.map((method) => method.toUpperCase()) }),
    ...(path === undefined ? {} : { path }),
    ...Object.fromEntries(numberNames.flatMap((name) => numberOf(body, name))),
  };
}

const numberNames = ["offset", "times", "status", "retryAfter", "delayMs"] as const;

function numberOf(body: unknown, name: string): readonly (readonly [string, number])[] {
  const value = valueIn(body, name);
  if (value === undefined) return [];
  const isStatus = name !== "status" || (Number(value) >= 200 && Number(value) <= 599);
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && isStatus) return [[name, value]];
  throw noFault(`${name} is a number that makes sense`);
}

function noFault(rule: string): ServiceError {
  return new ServiceError(400, "ArgumentException", `This is no fault: ${rule}.`);
}
