import { isObject, textIn, valueIn, type JsonObject } from "../body.ts";
import { identityReference, projectReference } from "../identity-reference.ts";
import type { RouteRequest } from "../route.ts";
import type { PipelineRecord } from "./pipeline-record.ts";
import { findQueue } from "./queue.ts";

const defaults: JsonObject = {
  properties: {},
  tags: [],
  jobAuthorizationScope: "projectCollection",
};

/** Parts of a definition that come back as they were sent. */
const echoed = new Set([
  ...Object.keys(defaults),
  "badgeEnabled",
  "buildNumberFormat",
  "comment",
  "demands",
  "description",
  "jobCancelTimeoutInMinutes",
  "jobTimeoutInMinutes",
  "options",
  "process",
  "processParameters",
  "retentionRules",
  "triggers",
  "variableGroups",
]);

/** A definition as lists show it. */
export function pipelineReference(record: PipelineRecord, request: RouteRequest): JsonObject {
  const { organization, baseUrl, identity } = request;
  const project = organization.project(record.projectId);
  const at = `${baseUrl}/${project.id}`;
  const url = `${at}/_apis/build/Definitions/${record.id}?revision=${record.revision}`;
  return {
    _links: {
      self: { href: url },
      web: { href: `${at}/_build/definition?definitionId=${record.id}` },
      editor: { href: `${at}/_build/designer?id=${record.id}&_a=edit-build-definition` },
      badge: { href: `${at}/_apis/build/status/${record.id}` },
    },
    quality: "definition",
    authoredBy: identityReference(identity, baseUrl),
    drafts: [],
    queue: queueReference(valueIn(record.content, "queue", "id"), baseUrl),
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

/** A whole definition. The answer to a POST echoes the branch as it was `sent`; later answers have the full ref. */
export function pipelineBody(record: PipelineRecord, request: RouteRequest, sent?: JsonObject): JsonObject {
  const { content } = record;
  const kept = Object.entries(content).filter(([name, value]) => echoed.has(name) && value !== null);
  const variables = shownVariables(valueIn(content, "variables"));
  return {
    ...defaults,
    ...Object.fromEntries(kept),
    ...(Object.keys(variables).length === 0 ? {} : { variables }),
    repository: repositoryBody(record, request, textIn(sent, "repository", "defaultBranch")),
    ...pipelineReference(record, request),
  };
}

function repositoryBody(
  { content, projectId }: PipelineRecord,
  { organization, baseUrl }: RouteRequest,
  sentBranch: string | undefined,
): JsonObject {
  const repository = valueIn(content, "repository");
  const project = encodeURIComponent(organization.project(projectId).name);
  const name = textIn(repository, "name") ?? "";
  return {
    ...(isObject(repository) ? repository : {}),
    url: `${baseUrl}/${project}/_git/${encodeURIComponent(name)}`,
    ...(sentBranch === undefined ? {} : { defaultBranch: sentBranch }),
  };
}

/** The values of secrets stay inside. */
function shownVariables(variables: unknown): JsonObject {
  const entries = Object.entries(isObject(variables) ? variables : {}).map(([name, variable]) => [
    name,
    isObject(variable) && variable["isSecret"] === true ? { ...variable, value: null } : variable,
  ]);
  return Object.fromEntries(entries);
}

function queueReference(id: unknown, baseUrl: string): JsonObject | undefined {
  const queue = findQueue(String(id));
  if (queue === undefined) return undefined;
  const url = `${baseUrl}/_apis/build/Queues/${queue.id}`;
  const pool = { id: queue.id, name: queue.name, isHosted: queue.isHosted };
  return { _links: { self: { href: url } }, id: queue.id, name: queue.name, url, pool };
}
