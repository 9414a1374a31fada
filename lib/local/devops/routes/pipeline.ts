import { isObject, listReply, objectBody, requireText, textIn, valueIn, type JsonObject } from "../body.ts";
import { identityReference, projectReference } from "../identity-reference.ts";
import { location } from "../location.ts";
import { page } from "../page.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { Project } from "../state/organization-state.ts";
import { ensureFolder } from "./folder-record.ts";
import { normalizeFolderPath, pipelineKind, pipelinesOf, type PipelineRecord } from "./pipeline-record.ts";

const definitions = location({
  id: "dbeaf647-6167-421a-bda9-c9327b25e2e6",
  area: "Build",
  resourceName: "Definitions",
  routeTemplate: "{project}/_apis/build/{resource}/{definitionId}",
  resourceVersion: 7,
});

const queues = location({
  id: "900fa995-c559-4923-aae7-f8424fe4fbea",
  area: "distributedtask",
  resourceName: "queues",
  routeTemplate: "{project}/_apis/{area}/{resource}/{queueId}",
});

const queueNames = ["Default", "Azure Pipelines"];

function createPipeline(request: RouteRequest): RouteReply {
  const { organization } = request;
  const project = organization.project(request.params["project"] ?? "");
  const content = objectBody(request.body);
  const record: PipelineRecord = {
    id: organization.nextNumber("build-definition"),
    projectId: project.id,
    revision: 1,
    createdDate: organization.now(),
    ...parsePipeline(content),
  };
  refuseDuplicate(request, project, record);
  ensureFolder(organization, project.id, record.folderPath);
  organization.put(pipelineKind, record);
  return { status: 200, body: pipelineBody(record, request, { echo: content }) };
}

/** A PUT needs the revision that it was made from: whoever comes second is told. */
function updatePipeline(request: RouteRequest): RouteReply {
  const { organization } = request;
  const old = findPipeline(request);
  const content = objectBody(request.body);
  if (valueIn(content, "revision") !== old.revision) {
    throw new ServiceError(
      409,
      "DefinitionWasUpdatedException",
      `The definition ${old.id} was updated by someone else: revision ${old.revision} is the current one.`,
    );
  }
  const record: PipelineRecord = { ...old, ...parsePipeline(content), revision: old.revision + 1 };
  refuseDuplicate(request, organization.project(old.projectId), record);
  ensureFolder(organization, old.projectId, record.folderPath);
  organization.put(pipelineKind, record);
  return { status: 200, body: pipelineBody(record, request, {}) };
}

function deletePipeline(request: RouteRequest): RouteReply {
  request.organization.remove(pipelineKind, findPipeline(request).id);
  return { status: 204 };
}

function listPipelines(request: RouteRequest): RouteReply {
  const { organization, params, query } = request;
  const project = organization.project(params["project"] ?? "");
  const isWanted = namePattern(query.get("name"));
  const folder = query.get("path") === undefined ? undefined : normalizeFolderPath(query.get("path") ?? "");
  const yaml = query.get("yamlfilename");
  const all = pipelinesOf(organization, project.id)
    .filter(
      ({ name, folderPath }) =>
        isWanted(name) && (folder ?? folderPath).toLowerCase() === folderPath.toLowerCase(),
    )
    .filter(({ content }) => yaml === undefined || textIn(content, "process", "yamlFilename") === yaml);
  const { shown, headers } = page(all, query);
  const full = query.get("includeallproperties")?.toLowerCase() === "true";
  const value = shown.map((record) =>
    full ? pipelineBody(record, request, {}) : shortBody(record, request),
  );
  return { status: 200, headers, body: listReply(value) };
}

/** `name` is a pattern: `*` stands for anything. */
function namePattern(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined || pattern === "") return () => true;
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  const form = new RegExp(`^${parts.join(".*")}$`, "i");
  return (name) => form.test(name);
}

function findPipeline({ organization, params }: RouteRequest): PipelineRecord {
  const project = organization.project(params["project"] ?? "");
  const record = pipelinesOf(organization, project.id).find(
    ({ id }) => String(id) === params["definitionId"],
  );
  if (record !== undefined) return record;
  throw new ServiceError(
    404,
    "DefinitionNotFoundException",
    `The requested build definition ${params["definitionId"]} could not be found.`,
  );
}

function refuseDuplicate({ organization }: RouteRequest, project: Project, wanted: PipelineRecord): void {
  const taken = pipelinesOf(organization, project.id).some(
    ({ id, name, folderPath }) =>
      id !== wanted.id &&
      name.toLowerCase() === wanted.name.toLowerCase() &&
      folderPath.toLowerCase() === wanted.folderPath.toLowerCase(),
  );
  if (!taken) return;
  throw new ServiceError(
    409,
    "DefinitionExistsException",
    `Build pipeline ${wanted.name} already exists for project ${project.name}.`,
  );
}

function parsePipeline(content: JsonObject): Pick<PipelineRecord, "name" | "folderPath" | "content"> {
  const repository = valueIn(content, "repository");
  if (!isObject(repository))
    throw new ServiceError(400, "InvalidDefinitionException", "The build definition has no repository.");
  const branch = textIn(repository, "defaultBranch");
  const full = branch === undefined || branch.startsWith("refs/") ? branch : `refs/heads/${branch}`;
  const triggers = valueIn(content, "triggers");
  return {
    name: requireText(content, "name"),
    folderPath: normalizeFolderPath(textIn(content, "path") ?? "\\"),
    content: {
      ...content,
      repository: { ...repository, type: "TfsGit", ...(full === undefined ? {} : { defaultBranch: full }) },
      triggers: Array.isArray(triggers) ? triggers.filter(isObject).map(normalizeTrigger) : [],
    },
  };
}

/** `settingsSourceType: 2` says that the triggers stand in the YAML file; the service fills in the rest. */
function normalizeTrigger(trigger: JsonObject): JsonObject {
  const isContinuousIntegration =
    trigger["triggerType"] === 2 || trigger["triggerType"] === "continuousIntegration";
  if (!isContinuousIntegration) return trigger;
  return {
    branchFilters: [],
    pathFilters: [],
    settingsSourceType: 1,
    batchChanges: false,
    maxConcurrentBuildsPerBranch: 1,
    ...trigger,
    triggerType: "continuousIntegration",
  };
}

function shortBody(record: PipelineRecord, { organization, baseUrl, identity }: RouteRequest): JsonObject {
  const project = organization.project(record.projectId);
  const url = `${baseUrl}/${project.id}/_apis/build/Definitions/${record.id}?revision=${record.revision}`;
  const web = `${baseUrl}/${encodeURIComponent(project.name)}/_build/definition?definitionId=${record.id}`;
  return {
    _links: { self: { href: url }, web: { href: web } },
    quality: "definition",
    authoredBy: identityReference(identity, baseUrl),
    drafts: [],
    queue: queueReference(valueIn(record.content, "queue", "id")),
    id: record.id,
    name: record.name,
    url,
    uri: `vstfs:///Build/Definition/${record.id}`,
    path: record.folderPath,
    type: "build",
    queueStatus: textIn(record.content, "queueStatus") ?? "enabled",
    revision: record.revision,
    createdDate: record.createdDate,
    project: projectReference(project, baseUrl),
  };
}

/** The answer to a POST echoes the branch as it was sent; later answers have the full ref. */
function pipelineBody(
  record: PipelineRecord,
  request: RouteRequest,
  { echo }: { readonly echo?: JsonObject },
): JsonObject {
  const { content } = record;
  const repository = valueIn(content, "repository");
  const sentBranch = echo === undefined ? undefined : textIn(echo, "repository", "defaultBranch");
  return {
    ...shortBody(record, request),
    ...Object.fromEntries(
      Object.entries(content).filter(([name]) =>
        ["process", "triggers", "variables", "variableGroups", "tags", "description"].includes(name),
      ),
    ),
    repository:
      isObject(repository) && sentBranch !== undefined
        ? { ...repository, defaultBranch: sentBranch }
        : repository,
    properties: {},
    tags: [],
    jobAuthorizationScope: textIn(content, "jobAuthorizationScope") ?? "projectCollection",
    jobTimeoutInMinutes: 60,
    jobCancelTimeoutInMinutes: 5,
    processParameters: {},
  };
}

function queueReference(id: unknown): JsonObject {
  const number = typeof id === "number" && id >= 1 && id <= queueNames.length ? id : queueNames.length;
  const name = queueNames[number - 1];
  return { id: number, name, pool: { id: number, name, isHosted: number === queueNames.length } };
}

export const pipelineRoutes: readonly Route[] = [
  { location: definitions, method: "POST", requires: ["project"], handle: createPipeline },
  { location: definitions, method: "GET", requires: ["project"], handle: listPipelines },
  {
    location: definitions,
    method: "GET",
    requires: ["project", "definitionId"],
    handle: (request) => ({ status: 200, body: pipelineBody(findPipeline(request), request, {}) }),
  },
  { location: definitions, method: "PUT", requires: ["project", "definitionId"], handle: updatePipeline },
  { location: definitions, method: "DELETE", requires: ["project", "definitionId"], handle: deletePipeline },
  {
    location: queues,
    method: "GET",
    requires: ["project"],
    handle: ({ organization, params, query }) => {
      const project = organization.project(params["project"] ?? "");
      const wanted = query.get("queuename")?.toLowerCase();
      const all = queueNames.map((_, index) => ({ projectId: project.id, ...queueReference(index + 1) }));
      return {
        status: 200,
        body: listReply(
          all.filter(
            (queue) => wanted === undefined || String(valueIn(queue, "name")).toLowerCase() === wanted,
          ),
        ),
      };
    },
  },
];
