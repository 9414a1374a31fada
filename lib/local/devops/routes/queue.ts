import { listReply, type JsonObject } from "../body.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";

export interface Queue {
  readonly id: number;
  readonly name: string;
  readonly isHosted: boolean;
}

/** The agent that runs pipelines here serves the pool that every organisation has; `Default` is there for those who name it. */
const queues: readonly Queue[] = [
  { id: 1, name: "Default", isHosted: false },
  { id: 2, name: "Azure Pipelines", isHosted: true },
];

/** A queue by id or by name; undefined where there is none. */
export function findQueue(idOrName: string): Queue | undefined {
  const wanted = idOrName.toLowerCase();
  return queues.find(({ id, name }) => String(id) === wanted || name.toLowerCase() === wanted);
}

/** The queue that a pipeline uses when it names none. */
export const defaultQueue = "Azure Pipelines";

const locationOfQueues = location({
  id: "900fa995-c559-4923-aae7-f8424fe4fbea",
  area: "distributedtask",
  resourceName: "queues",
  routeTemplate: "{project}/_apis/{area}/{resource}/{queueId}",
});

const locationOfPools = location({
  id: "a8c47e17-4d56-4a56-92bb-de7ea7dc65be",
  area: "distributedtask",
  resourceName: "pools",
  routeTemplate: "_apis/{area}/{resource}/{poolId}",
});

const locationOfAgents = location({
  id: "e298ef32-5878-4cab-993c-043836571f42",
  area: "distributedtask",
  resourceName: "agents",
  routeTemplate: "_apis/{area}/pools/{poolId}/{resource}/{agentId}",
});

function listQueues(request: RouteRequest): RouteReply {
  const wanted = (request.query.get("queuename") ?? request.query.get("queuenames"))?.toLowerCase();
  const shown = queues.filter(
    ({ name }) => wanted === undefined || wanted.split(",").includes(name.toLowerCase()),
  );
  return { status: 200, body: listReply(shown.map((queue) => queueBody(queue, request))) };
}

function getQueue(request: RouteRequest): RouteReply {
  const id = request.params["queueId"] ?? "";
  const queue = findQueue(id);
  if (queue === undefined) {
    throw new ServiceError(
      404,
      "TaskAgentQueueNotFoundException",
      `No agent queue found with identifier ${id}.`,
    );
  }
  return { status: 200, body: queueBody(queue, request) };
}

/** Every queue has a pool of its own, with the same number and name. */
function listPools(request: RouteRequest): RouteReply {
  const wanted = request.query.get("poolname")?.toLowerCase();
  const shown = queues.filter(({ name }) => wanted === undefined || name.toLowerCase() === wanted);
  return { status: 200, body: listReply(shown.map((queue) => poolBody(queue, request))) };
}

function getPool(request: RouteRequest): RouteReply {
  return { status: 200, body: poolBody(requirePool(request), request) };
}

/** Runs need no agent here, so no pool has any. */
function listAgents(request: RouteRequest): RouteReply {
  requirePool(request);
  return { status: 200, body: listReply([]) };
}

function requirePool({ params }: RouteRequest): Queue {
  const id = params["poolId"] ?? "";
  const queue = queues.find((candidate) => String(candidate.id) === id);
  if (queue !== undefined) return queue;
  throw new ServiceError(404, "TaskAgentPoolNotFoundException", `No agent pool found with identifier ${id}.`);
}

function queueBody(queue: Queue, request: RouteRequest): JsonObject {
  const { id, name } = queue;
  const project = request.organization.project(request.params["project"] ?? "");
  return { id, projectId: project.id, name, pool: poolBody(queue, request) };
}

function poolBody({ id, name, isHosted }: Queue, { organization }: RouteRequest): JsonObject {
  const scope = organization.state().instanceId;
  return { id, scope, name, isHosted, poolType: "automation", size: 1, isLegacy: false, options: "none" };
}

export const queueRoutes: readonly Route[] = [
  { location: locationOfQueues, method: "GET", requires: ["project"], handle: listQueues },
  { location: locationOfQueues, method: "GET", requires: ["project", "queueId"], handle: getQueue },
  { location: locationOfPools, method: "GET", requires: [], handle: listPools },
  { location: locationOfPools, method: "GET", requires: ["poolId"], handle: getPool },
  { location: locationOfAgents, method: "GET", requires: ["poolId"], handle: listAgents },
];
