import { stringify } from "yaml";
import { toJson } from "../../../pipelines/yaml-node.ts";
import { isObject, listIn, listReply, textIn, valueIn, type JsonObject } from "../body.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import { runsOf, type RunRecord } from "../runs/run-record.ts";
import { runOf } from "./build.ts";
import { buildUrl, webUrl } from "./build-answer.ts";
import { findPipeline } from "./pipeline-store.ts";
import type { PipelineRecord } from "./pipeline-record.ts";
import { orderOf, previewRun, startRun, type WantedRun } from "./start-run.ts";

const runs = location({
  id: "7859261e-d2e9-4a68-b820-a5d84cc5bb3d",
  area: "Pipelines",
  resourceName: "runs",
  routeTemplate: "{project}/_apis/{area}/{pipelineId}/{resource}/{runId}",
  resourceVersion: 2,
});

const preview = location({
  id: "53df2d18-29ea-46a9-bee0-933540f80abf",
  area: "pipelines",
  resourceName: "preview",
  routeTemplate: "{project}/_apis/{area}/{pipelineId}/{resource}",
  resourceVersion: 2,
});

/** Runs are listed up to this many. */
const mostRuns = 10_000;

function pipelineOf({ organization, params }: RouteRequest): PipelineRecord {
  return findPipeline(organization, organization.project(params["project"] ?? ""), params["pipelineId"]);
}

/** With `previewRun` nothing runs. */
async function create(request: RouteRequest): Promise<RouteReply> {
  if (valueIn(request.body, "previewRun") === true) return await answerPreview(request);
  const override = textIn(request.body, "yamlOverride") ?? "";
  if (override !== "")
    throw new ServiceError(400, "InvalidRequestException", "yamlOverride is allowed for a previewRun only.");
  return { status: 200, body: runBody(await startRun(request, wantedRun(request)), request) };
}

async function answerPreview(request: RouteRequest): Promise<RouteReply> {
  const order = await orderOf(request, wantedRun(request));
  const { root } = await previewRun(request, order, textIn(request.body, "yamlOverride"));
  return { status: 200, body: { finalYaml: stringify(toJson(root)) } };
}

function list(request: RouteRequest): RouteReply {
  const { id, projectId } = pipelineOf(request);
  const found = runsOf(request.organization, projectId).filter(({ pipelineId }) => pipelineId === id);
  const shown = found.toReversed().slice(0, mostRuns);
  return { status: 200, body: listReply(shown.map((run) => runBody(run, request))) };
}

function getOne(request: RouteRequest): RouteReply {
  return { status: 200, body: runBody(runOfPipeline(request), request) };
}

/** The run that a path names, of the pipeline that it names. */
export function runOfPipeline(request: RouteRequest): RunRecord {
  const run = runOf(request);
  if (run.pipelineId === pipelineOf(request).id) return run;
  throw new ServiceError(404, "RunNotFoundException", `The run ${run.id} is none of this pipeline.`);
}

function wantedRun(request: RouteRequest): WantedRun {
  const { body } = request;
  const pipeline = pipelineOf(request);
  const parameters = valueIn(body, "templateParameters");
  return {
    pipeline,
    branch: textIn(body, "resources", "repositories", "self", "refName"),
    commit: textIn(body, "resources", "repositories", "self", "version"),
    parameters: isObject(parameters) ? parameters : {},
    variables: variablesIn(body),
    stagesToSkip: listIn(body, "stagesToSkip").map(String),
    reason: "manual",
    pipelineRuns: pipelineRunsIn(request, pipeline),
  };
}

function variablesIn(body: unknown): RunRecord["variables"] {
  const given = valueIn(body, "variables");
  const entries = Object.entries(isObject(given) ? given : {}).map(([name, variable]) => [
    name,
    { value: textIn(variable, "value") ?? "", isSecret: valueIn(variable, "isSecret") === true },
  ]);
  return Object.fromEntries(entries);
}

/** `resources.pipelines.<alias>.version` is the number of a run, as people see it. */
function pipelineRunsIn(
  { organization, body }: RouteRequest,
  { projectId }: PipelineRecord,
): Record<string, number> {
  const given = valueIn(body, "resources", "pipelines");
  const entries = Object.entries(isObject(given) ? given : {}).flatMap(([alias, resource]) => {
    const version = textIn(resource, "version");
    const run = runsOf(organization, projectId).findLast(
      ({ runNumber, id }) => runNumber === version || String(id) === version,
    );
    return run === undefined ? [] : [[alias, run.id] as const];
  });
  return Object.fromEntries(entries);
}

const states: Readonly<Record<RunRecord["runState"], string>> = {
  notStarted: "inProgress",
  inProgress: "inProgress",
  cancelling: "canceling",
  completed: "completed",
};

function runBody(run: RunRecord, request: RouteRequest): JsonObject {
  const { baseUrl } = request;
  const { id, name, folderPath, revision } = pipelineOf(request);
  const pipelineUrl = `${baseUrl}/${run.projectId}/_apis/pipelines/${id}?revision=${revision}`;
  const url = `${baseUrl}/${run.projectId}/_apis/pipelines/${id}/runs/${run.id}`;
  const result = run.result === "partiallySucceeded" ? "succeeded" : run.result;
  return {
    _links: {
      self: { href: url },
      web: { href: webUrl(run, baseUrl) },
      "pipeline.web": { href: `${baseUrl}/${run.projectId}/_build/definition?definitionId=${id}` },
      pipeline: { href: pipelineUrl },
      build: { href: buildUrl(run, baseUrl) },
    },
    ...(Object.keys(run.variables).length === 0 ? {} : { variables: shownVariables(run) }),
    templateParameters: run.parameters,
    pipeline: { url: pipelineUrl, id, revision, name, folder: folderPath },
    state: states[run.runState],
    ...(result === undefined ? {} : { result }),
    createdDate: run.queuedOn,
    ...(run.finishedOn === undefined ? {} : { finishedDate: run.finishedOn }),
    url,
    resources: resourcesBody(run, request),
    id: run.id,
    name: run.runNumber,
  };
}

function shownVariables({ variables }: RunRecord): JsonObject {
  const entries = Object.entries(variables).map(([name, { value, isSecret }]) => [
    name,
    isSecret ? { isSecret: true } : { value },
  ]);
  return Object.fromEntries(entries);
}

function resourcesBody(run: RunRecord, { organization }: RouteRequest): JsonObject {
  const pipelines = Object.entries(run.pipelineRuns).flatMap(([alias, id]) => {
    const other = runsOf(organization, run.projectId).find((candidate) => candidate.id === id);
    return other === undefined ? [] : [[alias, { version: other.runNumber }]];
  });
  return {
    repositories: {
      self: {
        repository: { id: run.repositoryId, type: "azureReposGit" },
        refName: run.branch,
        version: run.commit,
      },
    },
    ...(pipelines.length === 0 ? {} : { pipelines: Object.fromEntries(pipelines) }),
  };
}

const ofPipeline = ["project", "pipelineId"];

export const pipelineRunRoutes: readonly Route[] = [
  { location: runs, method: "POST", requires: ofPipeline, handle: create },
  { location: runs, method: "GET", requires: ofPipeline, handle: list },
  { location: runs, method: "GET", requires: [...ofPipeline, "runId"], handle: getOne },
  { location: preview, method: "POST", requires: ofPipeline, handle: answerPreview },
];
