import { listReply, objectBody, textIn, valueIn } from "../body.ts";
import { location } from "../location.ts";
import { page } from "../page.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { Project } from "../state/organization-state.ts";
import { cancelRuns } from "./cancel-run.ts";
import { pipelineBody, pipelineReference } from "./pipeline-answer.ts";
import { normalizeFolderPath, pipelineKind, pipelinesOf, type PipelineRecord } from "./pipeline-record.ts";
import { addPipeline, findPipeline, replacePipeline } from "./pipeline-store.ts";

const definitions = location({
  id: "dbeaf647-6167-421a-bda9-c9327b25e2e6",
  area: "Build",
  resourceName: "Definitions",
  routeTemplate: "{project}/_apis/build/{resource}/{definitionId}",
  resourceVersion: 7,
});

function projectOf({ organization, params }: RouteRequest): Project {
  return organization.project(params["project"] ?? "");
}

function pipelineOf(request: RouteRequest): PipelineRecord {
  return findPipeline(request.organization, projectOf(request), request.params["definitionId"]);
}

function createPipeline(request: RouteRequest): RouteReply {
  const content = objectBody(request.body);
  const record = addPipeline(request.organization, projectOf(request), content);
  return { status: 200, body: pipelineBody(record, request, content) };
}

/** A PUT needs the revision that it was made from: whoever comes second is told. */
function updatePipeline(request: RouteRequest): RouteReply {
  const old = pipelineOf(request);
  const content = objectBody(request.body);
  if (valueIn(content, "revision") !== old.revision) {
    throw new ServiceError(
      409,
      "DefinitionWasUpdatedException",
      `The definition ${old.id} was updated by someone else: revision ${old.revision} is the current one.`,
    );
  }
  return { status: 200, body: pipelineBody(replacePipeline(request.organization, old, content), request) };
}

function deletePipeline(request: RouteRequest): RouteReply {
  const { id, projectId } = pipelineOf(request);
  cancelRuns(request, projectId, id);
  request.organization.remove(pipelineKind, id);
  return { status: 204 };
}

function listPipelines(request: RouteRequest): RouteReply {
  const { organization, query } = request;
  const wanted = pipelinesOf(organization, projectOf(request).id).filter(searchOf(query));
  const { shown, headers } = page(sorted(wanted, query.get("queryorder")), query);
  const full = query.get("includeallproperties")?.toLowerCase() === "true";
  const value = shown.map((record) =>
    full ? pipelineBody(record, request) : pipelineReference(record, request),
  );
  return { status: 200, headers, body: listReply(value) };
}

function searchOf(query: ReadonlyMap<string, string>): (record: PipelineRecord) => boolean {
  const isNamed = namePattern(query.get("name"));
  const folder = query.get("path");
  const wantedFolder = folder === undefined ? undefined : normalizeFolderPath(folder).toLowerCase();
  const yaml = query.get("yamlfilename");
  const repositoryId = query.get("repositoryid")?.toLowerCase();
  const ids = query.get("definitionids")?.split(",");
  return ({ id, name, folderPath, content }) =>
    isNamed(name) &&
    (wantedFolder ?? folderPath.toLowerCase()) === folderPath.toLowerCase() &&
    (yaml === undefined || textIn(content, "process", "yamlFilename") === yaml) &&
    (repositoryId === undefined || textIn(content, "repository", "id") === repositoryId) &&
    (ids === undefined || ids.includes(String(id)));
}

/** `name` is a pattern: `*` stands for anything. */
function namePattern(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined || pattern === "") return () => true;
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  const form = new RegExp(`^${parts.join(".*")}$`, "i");
  return (name) => form.test(name);
}

/** Newest last, unless an order by name is asked for. */
function sorted(records: readonly PipelineRecord[], order: string | undefined): readonly PipelineRecord[] {
  const wanted = order?.toLowerCase() ?? "";
  if (!wanted.startsWith("definitionname")) return records;
  const byName = records.toSorted((left, right) => left.name.localeCompare(right.name));
  return wanted === "definitionnamedescending" ? byName.toReversed() : byName;
}

export const pipelineRoutes: readonly Route[] = [
  { location: definitions, method: "POST", requires: ["project"], handle: createPipeline },
  { location: definitions, method: "GET", requires: ["project"], handle: listPipelines },
  {
    location: definitions,
    method: "GET",
    requires: ["project", "definitionId"],
    handle: (request) => ({ status: 200, body: pipelineBody(pipelineOf(request), request) }),
  },
  { location: definitions, method: "PUT", requires: ["project", "definitionId"], handle: updatePipeline },
  { location: definitions, method: "DELETE", requires: ["project", "definitionId"], handle: deletePipeline },
];
