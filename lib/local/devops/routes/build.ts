import { rmSync } from "node:fs";
import { isObject, listReply, objectBody, scalarIn, textIn, valueIn, type JsonObject } from "../body.ts";
import { parseLenientJson } from "../lenient-json.ts";
import { location } from "../location.ts";
import { page } from "../page.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { Project } from "../state/organization-state.ts";
import { approvalKind, approvalsOf } from "../runs/approval-record.ts";
import { runFolder } from "../runs/execute-run.ts";
import { changeRun, findRun, runKind, runsOf, type RunRecord } from "../runs/run-record.ts";
import { buildBody } from "./build-answer.ts";
import { findPipeline } from "./pipeline-store.ts";
import { cancelRun } from "./cancel-run.ts";
import { startRun } from "./start-run.ts";

const builds = location({
  id: "0cd358e1-9217-4d94-8269-1c1ee6f93dcf",
  area: "Build",
  resourceName: "Builds",
  routeTemplate: "{project}/_apis/build/{resource}/{buildId}",
  resourceVersion: 7,
});

const tags = location({
  id: "6e6114b2-8161-44c8-8f6c-c5505782427f",
  area: "build",
  resourceName: "tags",
  routeTemplate: "{project}/_apis/{area}/builds/{buildId}/{resource}/{*tag}",
  resourceVersion: 3,
});

const defaultTop = 1000;

/** The run that a path names. */
export function runOf({ organization, params }: RouteRequest): RunRecord {
  const project = organization.project(params["project"] ?? "");
  return findRun(organization, project.id, params["buildId"] ?? params["runId"]);
}

function projectOf({ organization, params }: RouteRequest): Project {
  return organization.project(params["project"] ?? "");
}

/** `parameters` is JSON text with variables; `templateParameters` an object. */
async function queue(request: RouteRequest): Promise<RouteReply> {
  const body = objectBody(request.body);
  const wanted = scalarIn(body, "definition", "id") ?? request.query.get("definitionid");
  const pipeline = findPipeline(request.organization, projectOf(request), wanted);
  const run = await startRun(request, {
    pipeline,
    branch: textIn(body, "sourceBranch"),
    commit: textIn(body, "sourceVersion"),
    parameters: objectAt(body, "templateParameters"),
    variables: variablesOf(textIn(body, "parameters")),
    stagesToSkip: [],
    reason: textIn(body, "reason")?.toLowerCase() === "schedule" ? "schedule" : "manual",
  });
  return { status: 200, body: buildBody(run, request) };
}

function objectAt(body: unknown, name: string): JsonObject {
  const value = valueIn(body, name);
  return isObject(value) ? value : {};
}

function variablesOf(text: string | undefined): RunRecord["variables"] {
  if ((text ?? "") === "") return {};
  try {
    const content = parseLenientJson(text ?? "");
    const entries = Object.entries(isObject(content) ? content : {});
    return Object.fromEntries(
      entries.map(([name, value]) => [name, { value: String(value), isSecret: false }]),
    );
  } catch {
    throw new ServiceError(
      400,
      "InvalidRequestException",
      "parameters has to be JSON with the values of variables.",
    );
  }
}

/** Newest first. */
function list(request: RouteRequest): RouteReply {
  const { organization, query } = request;
  const found = runsOf(organization, projectOf(request).id).filter(searchOf(query)).toReversed();
  const most = Number(query.get("maxbuildsperdefinition") ?? 0);
  const counts = new Map<number, number>();
  const limited = found.filter(({ pipelineId }) => {
    counts.set(pipelineId, (counts.get(pipelineId) ?? 0) + 1);
    return most === 0 || (counts.get(pipelineId) ?? 0) <= most;
  });
  const { shown, headers } = page(limited.slice(0, Math.max(defaultTop, limited.length)), query);
  return { status: 200, headers, body: listReply(shown.map((run) => buildBody(run, request))) };
}

function searchOf(query: ReadonlyMap<string, string>): (run: RunRecord) => boolean {
  const isOneOf = (name: string, value: string): boolean => {
    const wanted = query.get(name)?.toLowerCase().split(",") ?? [];
    return wanted.length === 0 || wanted.includes("all") || wanted.includes(value.toLowerCase());
  };
  const number = (query.get("buildnumber") ?? "").replace(/\*$/, "");
  const tags = (query.get("tagfilters") ?? "").split(",").filter((tag) => tag !== "");
  return (run) =>
    fieldsOf(run).every(([name, value]) => isOneOf(name, value)) &&
    run.runNumber.startsWith(number) &&
    tags.every((tag) => run.tags.includes(tag));
}

function fieldsOf(run: RunRecord): readonly (readonly [string, string])[] {
  return [
    ["definitions", String(run.pipelineId)],
    ["buildids", String(run.id)],
    ["statusfilter", run.runState],
    ["resultfilter", run.result ?? "none"],
    ["reasonfilter", run.reason],
    ["branchname", run.branch],
    ["repositoryid", run.repositoryId],
    ["requestedfor", run.requestedForId],
  ];
}

/** Cancels a run, the only change that the service takes of one that goes on. */
function update(request: RouteRequest): RouteReply {
  const run = runOf(request);
  if (request.query.get("retry")?.toLowerCase() === "true") {
    const message = "The local organisation retries no runs: queue one of the same commit instead.";
    throw new ServiceError(501, "NotImplementedException", message);
  }
  const status = textIn(request.body, "status")?.toLowerCase();
  if (status === "cancelling" || status === "canceled") cancelRun(request, run);
  return { status: 200, body: buildBody(runOf(request), request) };
}

function remove(request: RouteRequest): RouteReply {
  const run = runOf(request);
  if (run.runState !== "completed")
    throw new ServiceError(400, "InvalidBuildException", `The build ${run.id} has not ended yet.`);
  for (const { id, runId } of approvalsOf(request.organization, run.projectId))
    if (runId === run.id) request.organization.remove(approvalKind, id);
  request.organization.remove(runKind, run.id);
  rmSync(runFolder(request.organization, run.id), { recursive: true, force: true });
  return { status: 204 };
}

function listTags(request: RouteRequest): RouteReply {
  return { status: 200, body: listReply(runOf(request).tags) };
}

function addTags(request: RouteRequest): RouteReply {
  const { organization, params, body } = request;
  const given: readonly unknown[] =
    params["tag"] === undefined ? (Array.isArray(body) ? body : []) : [params["tag"]];
  changeRun(organization, runOf(request).id, (now) => ({
    tags: [...new Set([...now.tags, ...given.map(String)])],
  }));
  return listTags(request);
}

function removeTag(request: RouteRequest): RouteReply {
  const { organization, params } = request;
  changeRun(organization, runOf(request).id, (now) => ({
    tags: now.tags.filter((tag) => tag !== params["tag"]),
  }));
  return listTags(request);
}

const one = ["project", "buildId"];
const tag = [...one, "tag"];

export const buildRoutes: readonly Route[] = [
  { location: builds, method: "POST", requires: ["project"], handle: queue },
  { location: builds, method: "GET", requires: ["project"], handle: list },
  {
    location: builds,
    method: "GET",
    requires: one,
    handle: (request) => ({ status: 200, body: buildBody(runOf(request), request) }),
  },
  { location: builds, method: "PATCH", requires: one, handle: update },
  { location: builds, method: "DELETE", requires: one, handle: remove },
  { location: tags, method: "GET", requires: one, handle: listTags },
  { location: tags, method: "POST", requires: one, handle: addTags },
  { location: tags, method: "PUT", requires: tag, handle: addTags },
  { location: tags, method: "DELETE", requires: tag, handle: removeTag },
];
