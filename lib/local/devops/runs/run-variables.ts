import { isObject, textIn, valueIn } from "../body.ts";
import type { PipelineRecord } from "../routes/pipeline-record.ts";
import { pipelinesOf } from "../routes/pipeline-record.ts";
import { findRepository } from "../routes/repository-record.ts";
import { findPullRequest } from "../review/pull-request-record.ts";
import { shortRef } from "../review/merge-branches.ts";
import type { Organization } from "../state/organization.ts";
import { isRun, runKind, type RunRecord } from "./run-record.ts";

export interface RunPlan {
  readonly organization: Organization;
  readonly pipeline: PipelineRecord;
  readonly run: RunRecord;
  /** `http://127.0.0.1:PORT/local`. */
  readonly baseUrl: string;
}

const reasons: Readonly<Record<RunRecord["reason"], string>> = {
  manual: "Manual",
  individualCI: "IndividualCI",
  batchedCI: "BatchedCI",
  pullRequest: "PullRequest",
  resourceTrigger: "ResourceTrigger",
  schedule: "Schedule",
};

/** What the service knows of a run before it reads its YAML: expressions see these too. */
export function predefinedFor(plan: RunPlan): Readonly<Record<string, string>> {
  const { organization, pipeline, run, baseUrl } = plan;
  const project = organization.project(run.projectId);
  const repository = findRepository(organization, { project: undefined, idOrName: run.repositoryId });
  const who = organization.identity(run.requestedForId);
  const uri = `${baseUrl}/${encodeURIComponent(project.name)}/_git/${encodeURIComponent(repository.name)}`;
  return {
    "Build.BuildId": String(run.id),
    "Build.BuildNumber": run.runNumber,
    "Build.BuildUri": `vstfs:///Build/Build/${run.id}`,
    "Build.DefinitionName": pipeline.name,
    "Build.DefinitionVersion": String(pipeline.revision),
    "Build.QueuedBy": who?.displayName ?? "",
    "Build.QueuedById": run.requestedById,
    "Build.Reason": reasons[run.reason],
    "Build.Repository.ID": repository.id,
    "Build.Repository.Name": repository.name,
    "Build.Repository.Provider": "TfsGit",
    "Build.Repository.Uri": uri,
    "Build.RequestedFor": who?.displayName ?? "",
    "Build.RequestedForEmail": who?.uniqueName ?? "",
    "Build.RequestedForId": run.requestedForId,
    "Build.SourceBranch": run.branch,
    "Build.SourceBranchName": run.branch.split("/").at(-1) ?? "",
    "Build.SourceVersion": run.commit,
    "System.CollectionId": organization.state().instanceId,
    "System.CollectionUri": `${baseUrl}/`,
    "System.DefinitionId": String(pipeline.id),
    "System.DefinitionName": pipeline.name,
    "System.TeamFoundationCollectionUri": `${baseUrl}/`,
    "System.TeamProject": project.name,
    "System.TeamProjectId": project.id,
    ...pullRequestVariables(plan, uri),
    ...triggerVariables(plan),
  };
}

/** The variables of pipeline resources; they exist at run time only. */
export function resourceVariables({ organization, run }: RunPlan): Readonly<Record<string, string>> {
  const entries = Object.entries(run.pipelineRuns).flatMap(([alias, id]) => {
    const source = organization.list(runKind, isRun).find((other) => other.id === id);
    if (source === undefined) return [];
    const pipeline = pipelinesOf(organization, source.projectId).find(
      ({ id: own }) => own === source.pipelineId,
    );
    const at = `resources.pipeline.${alias}`;
    return [
      [`${at}.projectID`, source.projectId],
      [`${at}.projectName`, organization.project(source.projectId).name],
      [`${at}.pipelineName`, pipeline?.name ?? ""],
      [`${at}.pipelineID`, String(source.pipelineId)],
      [`${at}.runName`, source.runNumber],
      [`${at}.runID`, String(source.id)],
      [`${at}.runURI`, `vstfs:///Build/Build/${source.id}`],
      [`${at}.sourceBranch`, source.branch],
      [`${at}.sourceCommit`, source.commit],
      [`${at}.sourceProvider`, "TfsGit"],
      [`${at}.requestedForID`, source.requestedForId],
    ];
  });
  return Object.fromEntries(entries);
}

/** Variables that the definition has and those that were given when the run was queued; the latter win. */
export function givenVariables({ pipeline, run }: RunPlan): RunRecord["variables"] {
  const own = valueIn(pipeline.content, "variables");
  const entries = Object.entries(isObject(own) ? own : {}).map(([name, variable]) => {
    const value = textIn(variable, "value") ?? "";
    return [name, { value, isSecret: valueIn(variable, "isSecret") === true }] as const;
  });
  return { ...Object.fromEntries(entries), ...run.variables };
}

function pullRequestVariables({ organization, run }: RunPlan, uri: string): Readonly<Record<string, string>> {
  if (run.pullRequest === undefined) return {};
  const { id, sourceRef, targetRef } = findPullRequest(organization, run.pullRequest.id);
  return {
    "System.PullRequest.IsFork": "False",
    "System.PullRequest.PullRequestId": String(id),
    "System.PullRequest.SourceBranch": sourceRef,
    "System.PullRequest.SourceCommitId": run.pullRequest.sourceCommit,
    "System.PullRequest.SourceRepositoryURI": uri,
    "System.PullRequest.TargetBranch": targetRef,
    "System.PullRequest.TargetBranchName": shortRef(targetRef),
  };
}

function triggerVariables({ organization, run }: RunPlan): Readonly<Record<string, string>> {
  const by = organization.list(runKind, isRun).find(({ id }) => id === run.triggeredById);
  if (by === undefined) return {};
  const pipeline = pipelinesOf(organization, by.projectId).find(({ id }) => id === by.pipelineId);
  const alias = Object.entries(run.pipelineRuns).find(([, id]) => id === by.id)?.[0] ?? "";
  return {
    "Build.TriggeredBy.BuildId": String(by.id),
    "Build.TriggeredBy.BuildNumber": by.runNumber,
    "Build.TriggeredBy.DefinitionId": String(by.pipelineId),
    "Build.TriggeredBy.DefinitionName": pipeline?.name ?? "",
    "Build.TriggeredBy.ProjectID": by.projectId,
    "Resources.TriggeringAlias": alias,
    "Resources.TriggeringCategory": "pipeline",
  };
}
