import { statSync } from "node:fs";
import { listReply, type JsonObject } from "../body.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import { runFolder } from "../runs/execute-run.ts";
import type { RunRecord } from "../runs/run-record.ts";
import { logPath, readLog, readTimeline, type TimelineEntry } from "../runs/timeline-file.ts";
import { stableGuid } from "../state/stable-guid.ts";
import { runOf } from "./build.ts";
import { buildUrl, planId } from "./build-answer.ts";
import { runOfPipeline } from "./pipeline-run.ts";

const timelines = location({
  id: "8baac422-4c6e-4de5-8532-db96d92acffa",
  area: "build",
  resourceName: "Timeline",
  routeTemplate: "{project}/_apis/{area}/builds/{buildId}/{resource}/{timelineId}",
  resourceVersion: 3,
});

const logs = location({
  id: "35a80daf-7f30-45fc-86e8-6b813d9c90df",
  area: "build",
  resourceName: "logs",
  routeTemplate: "{project}/_apis/{area}/builds/{buildId}/{resource}/{logId}",
  resourceVersion: 2,
});

const runLogs = location({
  id: "fb1b6d27-3957-43d5-a14b-a2d70403e545",
  area: "Pipelines",
  resourceName: "logs",
  routeTemplate: "{project}/_apis/{area}/{pipelineId}/runs/{runId}/{resource}/{logId}",
});

/** A run has one timeline; one that has not begun answers null. */
function getTimeline(request: RouteRequest): RouteReply {
  const run = runOf(request);
  const entries = readTimeline(folderOf(request, run));
  if (entries.length === 0) return { status: 200, body: null };
  const id = planId(run);
  return {
    status: 200,
    body: {
      records: entries.map((entry) => recordBody(entry, run, request)),
      lastChangedBy: stableGuid("local agent"),
      lastChangedOn: run.finishedOn ?? request.organization.now(),
      id,
      changeId: entries.length,
      url: `${buildUrl(run, request.baseUrl)}/Timeline/${id}`,
    },
  };
}

function listLogs(request: RouteRequest): RouteReply {
  const run = runOf(request);
  return {
    status: 200,
    body: listReply(entriesWithLog(request, run).map((entry) => logBody(entry, run, request))),
  };
}

/** Text, or the lines where JSON is asked for. */
function getLog(request: RouteRequest): RouteReply {
  const { query, accept } = request;
  const run = runOf(request);
  const start = Number(query.get("startline") ?? 0) || 0;
  const end = Number(query.get("endline") ?? Number.MAX_SAFE_INTEGER) || Number.MAX_SAFE_INTEGER;
  const lines = requireLog(request, run).slice(start, end + 1);
  if (accept.includes("application/json")) return { status: 200, body: listReply(lines) };
  return { status: 200, type: "text/plain; charset=utf-8", body: `${lines.join("\n")}\n` };
}

function listRunLogs(request: RouteRequest): RouteReply {
  const run = runOfPipeline(request);
  const url = `${request.baseUrl}/${run.projectId}/_apis/pipelines/${run.pipelineId}/runs/${run.id}/logs`;
  const value = entriesWithLog(request, run).map((entry) => runLogBody(entry, run, request));
  return { status: 200, body: { logs: value, url } };
}

function getRunLog(request: RouteRequest): RouteReply {
  const run = runOfPipeline(request);
  requireLog(request, run);
  const entry = entriesWithLog(request, run).find(({ logId }) => String(logId) === request.params["logId"]);
  return { status: 200, body: entry === undefined ? null : runLogBody(entry, run, request) };
}

function requireLog(request: RouteRequest, run: RunRecord): readonly string[] {
  const id = Number(request.params["logId"]);
  const lines = Number.isInteger(id) && id > 0 ? readLog(folderOf(request, run), id) : undefined;
  if (lines !== undefined) return lines;
  throw new ServiceError(
    404,
    "BuildLogNotFoundException",
    `The build ${run.id} has no log ${request.params["logId"] ?? ""}.`,
  );
}

function entriesWithLog(request: RouteRequest, run: RunRecord): readonly TimelineEntry[] {
  return readTimeline(folderOf(request, run))
    .filter(({ logId }) => logId !== undefined)
    .toSorted((left, right) => (left.logId ?? 0) - (right.logId ?? 0));
}

function folderOf({ organization }: RouteRequest, run: RunRecord): string {
  return runFolder(organization, run.id);
}

function recordBody(entry: TimelineEntry, run: RunRecord, { baseUrl }: RouteRequest): JsonObject {
  const { logId, issues } = entry;
  const counts = (type: string): number => issues.filter((issue) => issue.type === type).length;
  return {
    previousAttempts: [],
    id: entry.id,
    parentId: entry.parentId ?? null,
    type: entry.type,
    name: entry.name,
    startTime: entry.startTime ?? null,
    finishTime: entry.finishTime ?? null,
    currentOperation: null,
    percentComplete: null,
    state: entry.state,
    result: entry.result ?? null,
    resultCode: null,
    changeId: entry.order,
    lastModified: "0001-01-01T00:00:00",
    workerName: entry.type === "Job" || entry.type === "Task" ? "local" : null,
    order: entry.order,
    details: null,
    errorCount: counts("error"),
    warningCount: counts("warning"),
    url: null,
    log:
      logId === undefined
        ? null
        : { id: logId, type: "Container", url: `${buildUrl(run, baseUrl)}/logs/${logId}` },
    task: null,
    attempt: 1,
    identifier: entry.identifier,
    ...(issues.length === 0
      ? {}
      : { issues: issues.map(({ type, message }) => ({ type, category: "General", message, data: {} })) }),
  };
}

function logBody(
  { logId = 0, startTime, finishTime }: TimelineEntry,
  run: RunRecord,
  request: RouteRequest,
): JsonObject {
  const createdOn = startTime ?? run.queuedOn;
  return {
    lineCount: readLog(folderOf(request, run), logId)?.length ?? 0,
    createdOn,
    lastChangedOn: finishTime ?? changedOn(folderOf(request, run), logId) ?? createdOn,
    id: logId,
    type: "Container",
    url: `${buildUrl(run, request.baseUrl)}/logs/${logId}`,
  };
}

function runLogBody(entry: TimelineEntry, run: RunRecord, request: RouteRequest): JsonObject {
  const { type: _, ...body } = logBody(entry, run, request);
  const url = `${request.baseUrl}/${run.projectId}/_apis/pipelines/${run.pipelineId}/runs/${run.id}/logs/${entry.logId ?? 0}`;
  return { ...body, url };
}

function changedOn(folder: string, logId: number): string | undefined {
  return statSync(logPath(folder, logId), { throwIfNoEntry: false })?.mtime.toISOString();
}

const ofBuild = ["project", "buildId"];
const ofRun = ["project", "pipelineId", "runId"];

export const runLogRoutes: readonly Route[] = [
  { location: timelines, method: "GET", requires: ofBuild, handle: getTimeline },
  { location: timelines, method: "GET", requires: [...ofBuild, "timelineId"], handle: getTimeline },
  { location: logs, method: "GET", requires: ofBuild, handle: listLogs },
  { location: logs, method: "GET", requires: [...ofBuild, "logId"], handle: getLog },
  { location: runLogs, method: "GET", requires: ofRun, handle: listRunLogs },
  { location: runLogs, method: "GET", requires: [...ofRun, "logId"], handle: getRunLog },
];
