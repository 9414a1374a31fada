/**
 * The variables that the service sets, as https://learn.microsoft.com/azure/devops/pipelines/build/variables lists them.
 * Those of pipeline resources, `resources.…`, are known by their prefix.
 */
export const predefinedVariables: readonly string[] = [
  ...["BuildDirectory", "ContainerMapping", "HomeDirectory", "Id", "JobName", "JobStatus", "MachineName"].map(
    agent,
  ),
  ...["Name", "OS", "OSArchitecture", "TempDirectory", "ToolsDirectory", "WorkFolder", "Version"].map(agent),
  ...[
    "ArtifactStagingDirectory",
    "BinariesDirectory",
    "BuildId",
    "BuildNumber",
    "BuildUri",
    "ContainerId",
  ].map(build),
  ...[
    "CronSchedule.DisplayName",
    "DefinitionName",
    "DefinitionVersion",
    "QueuedBy",
    "QueuedById",
    "Reason",
  ].map(build),
  ...[
    "Repository.Clean",
    "Repository.ID",
    "Repository.LocalPath",
    "Repository.Name",
    "Repository.Provider",
  ].map(build),
  ...["Repository.Uri", "RequestedFor", "RequestedForEmail", "RequestedForId", "SourceBranch"].map(build),
  ...[
    "SourceBranchName",
    "SourcesDirectory",
    "SourceVersion",
    "SourceVersionAuthor",
    "SourceVersionMessage",
  ].map(build),
  ...[
    "StagingDirectory",
    "TriggeredBy.BuildId",
    "TriggeredBy.DefinitionId",
    "TriggeredBy.DefinitionName",
  ].map(build),
  ...["TriggeredBy.BuildNumber", "TriggeredBy.ProjectID"].map(build),
  "Common.TestResultsDirectory",
  "Environment.Name",
  "Environment.Id",
  "Environment.ResourceName",
  "Environment.ResourceId",
  "Pipeline.Workspace",
  "Strategy.Name",
  "Strategy.CycleName",
  "Strategy.Action",

  "Checks.StageAttempt",
  ...["AccessToken", "CollectionId", "CollectionUri", "Debug", "DefaultWorkingDirectory", "DefinitionId"].map(
    system,
  ),
  ...["DefinitionName", "HostType", "JobAttempt", "JobDisplayName", "JobId", "JobIdentifier", "JobName"].map(
    system,
  ),
  ...["JobParallelismTag", "JobPositionInPhase", "JobTimeout", "OidcRequestUri", "PhaseAttempt"].map(system),
  ...["PhaseDisplayName", "PhaseName", "PlanId", "PullRequest.IsFork", "PullRequest.PullRequestId"].map(
    system,
  ),
  ...["PullRequest.PullRequestNumber", "PullRequest.SourceBranch", "PullRequest.SourceRepositoryURI"].map(
    system,
  ),
  ...["PullRequest.TargetBranch", "PullRequest.TargetBranchName", "StageAttempt", "StageDisplayName"].map(
    system,
  ),
  ...["StageName", "TaskDefinitionsUri", "TeamFoundationCollectionUri", "TeamProject", "TeamProjectId"].map(
    system,
  ),
  ...["TimelineId", "TotalJobsInPhase"].map(system),
];

function agent(name: string): string {
  return `Agent.${name}`;
}

function build(name: string): string {
  return `Build.${name}`;
}

function system(name: string): string {
  return `System.${name}`;
}
