import { listReply, objectBody, requireText, textIn, valueIn, type JsonObject } from "../body.ts";
import { location } from "../location.ts";
import { page } from "../page.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import { pipelinesOf, type PipelineRecord } from "./pipeline-record.ts";
import { addPipeline, findPipeline } from "./pipeline-store.ts";

/** The newer, shorter way to the same definitions: it knows neither queues nor triggers nor branches. */
const pipelines = location({
  id: "28e1305e-2afe-47bf-abaf-cbb0e6a91988",
  area: "Pipelines",
  resourceName: "pipelines",
  routeTemplate: "{project}/_apis/{area}/{pipelineId}",
});

function createPipeline(request: RouteRequest): RouteReply {
  const { organization, params, body } = request;
  const content = objectBody(body);
  const type = valueIn(content, "configuration", "type");
  if (type !== "yaml" && type !== 1) {
    throw new ServiceError(
      400,
      "InvalidPipelineConfigurationException",
      `The configuration type ${String(type)} is not supported.`,
    );
  }
  const definition: JsonObject = {
    name: requireText(content, "name"),
    path: textIn(content, "folder") ?? "\\",
    process: { type: 2, yamlFilename: requireText(content, "configuration", "path").replace(/^\//, "") },
    repository: {
      id: textIn(content, "configuration", "repository", "id"),
      name: textIn(content, "configuration", "repository", "name"),
      properties: { reportBuildStatus: "true" },
    },
    triggers: [{ settingsSourceType: 2, triggerType: 2 }],
  };
  const record = addPipeline(organization, organization.project(params["project"] ?? ""), definition);
  return { status: 200, body: shortBody(record, request) };
}

function listPipelines(request: RouteRequest): RouteReply {
  const { organization, params, query } = request;
  const all = pipelinesOf(organization, organization.project(params["project"] ?? "").id);
  const { shown, headers } = page(all, query);
  return { status: 200, headers, body: listReply(shown.map((record) => referenceBody(record, request))) };
}

function getPipeline(request: RouteRequest): RouteReply {
  const { organization, params } = request;
  const project = organization.project(params["project"] ?? "");
  return { status: 200, body: shortBody(findPipeline(organization, project, params["pipelineId"]), request) };
}

function referenceBody(record: PipelineRecord, { baseUrl }: RouteRequest): JsonObject {
  const at = `${baseUrl}/${record.projectId}`;
  const url = `${at}/_apis/pipelines/${record.id}?revision=${record.revision}`;
  const web = `${at}/_build/definition?definitionId=${record.id}`;
  return {
    _links: { self: { href: url }, web: { href: web } },
    url,
    id: record.id,
    revision: record.revision,
    name: record.name,
    folder: record.folderPath,
  };
}

function shortBody(record: PipelineRecord, request: RouteRequest): JsonObject {
  const repository = { id: textIn(record.content, "repository", "id"), type: "azureReposGit" };
  const path = textIn(record.content, "process", "yamlFilename");
  return { ...referenceBody(record, request), configuration: { path, repository, type: "yaml" } };
}

export const pipelineShortFormRoutes: readonly Route[] = [
  { location: pipelines, method: "POST", requires: ["project"], handle: createPipeline },
  { location: pipelines, method: "GET", requires: ["project"], handle: listPipelines },
  { location: pipelines, method: "GET", requires: ["project", "pipelineId"], handle: getPipeline },
];
