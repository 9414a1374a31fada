import type { JsonObject } from "../body.ts";
import { identityReference, projectReference } from "../identity-reference.ts";
import type { RouteRequest } from "../route.ts";
import type { RunRecord } from "../runs/run-record.ts";
import { stableGuid } from "../state/stable-guid.ts";
import { pipelinesOf } from "./pipeline-record.ts";
import { defaultQueue, findQueue } from "./queue.ts";
import { isRepository, repositoryKind } from "./repository-record.ts";

type Answering = Pick<RouteRequest, "organization" | "baseUrl">;

/** A run as the Build area shows it. */
export function buildBody(run: RunRecord, at: Answering): JsonObject {
  const { organization, baseUrl } = at;
  const project = organization.project(run.projectId);
  const url = buildUrl(run, baseUrl);
  return {
    _links: {
      self: { href: url },
      web: { href: webUrl(run, baseUrl) },
      timeline: { href: `${url}/Timeline` },
    },
    properties: {},
    tags: run.tags,
    validationResults: run.issues.map(({ kind, message }) => ({ result: kind, message })),
    plans: [{ planId: planId(run) }],
    triggerInfo: triggerInfo(run),
    id: run.id,
    buildNumber: run.runNumber,
    status: run.runState,
    ...definedOf({ result: run.result }),
    ...timesOf(run),
    url,
    definition: definitionReference(run, at),
    buildNumberRevision: 1,
    project: projectReference(project, baseUrl),
    uri: `vstfs:///Build/Build/${run.id}`,
    sourceBranch: run.branch,
    sourceVersion: run.commit,
    queue: queueReference(),
    priority: "normal",
    reason: run.reason,
    ...peopleOf(run, at),
    ...givenTo(run),
    ...(run.triggeredById === undefined ? {} : { triggeredByBuild: triggeredBy(run, at) }),
    orchestrationPlan: { planId: planId(run) },
    logs: { id: 0, type: "Container", url: `${url}/logs` },
    repository: repositoryReference(run, at),
    retainedByRelease: false,
    appendCommitMessageToRunName: true,
  };
}

/** What the request gave: parameters, and variables as one text of JSON, secrets kept back. */
function givenTo({ parameters, variables }: RunRecord): JsonObject {
  const shown = Object.entries(variables).flatMap(([name, { value, isSecret }]) =>
    isSecret ? [] : [[name, value] as const],
  );
  return {
    ...(Object.keys(parameters).length === 0 ? {} : { templateParameters: textsOf(parameters) }),
    ...(shown.length === 0 ? {} : { parameters: JSON.stringify(Object.fromEntries(shown)) }),
  };
}

function timesOf({ queuedOn, startedOn, finishedOn }: RunRecord): JsonObject {
  return {
    queueTime: queuedOn,
    ...definedOf({ startTime: startedOn, finishTime: finishedOn }),
    lastChangedDate: finishedOn ?? startedOn ?? queuedOn,
  };
}

function peopleOf({ requestedForId, requestedById }: RunRecord, at: Answering): JsonObject {
  const requestedBy = personOf(requestedById, at);
  return { requestedFor: personOf(requestedForId, at), requestedBy, lastChangedBy: requestedBy };
}

/** The address of a run in the API. */
export function buildUrl({ projectId, id }: RunRecord, baseUrl: string): string {
  return `${baseUrl}/${projectId}/_apis/build/Builds/${id}`;
}

/** The page of a run. */
export function webUrl({ projectId, id }: RunRecord, baseUrl: string): string {
  return `${baseUrl}/${projectId}/_build/results?buildId=${id}`;
}

export function planId({ id, projectId }: RunRecord): string {
  return stableGuid(`plan ${projectId} ${id}`);
}

function definitionReference(run: RunRecord, { organization, baseUrl }: Answering): JsonObject {
  const pipeline = pipelinesOf(organization, run.projectId).find(({ id }) => id === run.pipelineId);
  const project = organization.project(run.projectId);
  return {
    drafts: [],
    id: run.pipelineId,
    name: pipeline?.name ?? "",
    url: `${baseUrl}/${run.projectId}/_apis/build/Definitions/${run.pipelineId}?revision=${pipeline?.revision ?? 1}`,
    uri: `vstfs:///Build/Definition/${run.pipelineId}`,
    path: pipeline?.folderPath ?? "\\",
    type: "build",
    queueStatus: "enabled",
    revision: pipeline?.revision ?? 1,
    project: projectReference(project, baseUrl),
  };
}

function repositoryReference(run: RunRecord, { organization, baseUrl }: Answering): JsonObject {
  const found = organization.list(repositoryKind, isRepository).find(({ id }) => id === run.repositoryId);
  const project = encodeURIComponent(organization.project(run.projectId).name);
  return {
    id: run.repositoryId,
    type: "TfsGit",
    name: found?.name ?? "",
    url: `${baseUrl}/${project}/_git/${encodeURIComponent(found?.name ?? "")}`,
    clean: null,
    checkoutSubmodules: false,
  };
}

function queueReference(): JsonObject {
  const queue = findQueue(defaultQueue);
  if (queue === undefined) return {};
  const { id, name, isHosted } = queue;
  return { id, name, pool: { id, name, isHosted } };
}

function triggerInfo({ pullRequest, branch, commit, reason }: RunRecord): JsonObject {
  if (pullRequest !== undefined)
    return {
      "pr.number": String(pullRequest.id),
      "pr.sourceSha": pullRequest.sourceCommit,
      "pr.isFork": "False",
    };
  return reason === "individualCI" || reason === "batchedCI"
    ? { "ci.sourceBranch": branch, "ci.sourceSha": commit }
    : {};
}

function triggeredBy(run: RunRecord, at: Answering): JsonObject {
  return {
    id: run.triggeredById,
    url: buildUrl({ ...run, id: run.triggeredById ?? 0 }, at.baseUrl),
  };
}

function personOf(id: string, { organization, baseUrl }: Answering): JsonObject {
  const identity = organization.identity(id);
  return identity === undefined ? { id } : identityReference(identity, baseUrl);
}

function textsOf(values: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

function definedOf(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
