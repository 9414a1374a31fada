import type { Answers, EnvironmentAnswer } from "../answers/answers.ts";
import { deriveNames } from "../answers/derived-names.ts";
import { corePipelines } from "../answers/pipelines.ts";
import type { BranchPolicyName, Desired, DesiredState } from "./desired-state.ts";

/** What the answers want in Azure DevOps; `platformPaths` are the path filters of what the platform team owns. */
export function deriveDesiredState(answers: Answers, platformPaths: readonly string[]): DesiredState {
  return {
    project: answers.azure_devops.project,
    model: answers.model_name,
    team: answers.team_name,
    people: namedPeople(answers),
    resources: [
      ...repositoryResources(answers),
      ...teamResources(answers),
      ...environmentResources(answers),
      ...pipelineResources(answers),
      ...permissionResources(answers),
      ...policyResources(answers, platformPaths),
    ],
    warnings: answers.platform_team === "" ? [noPlatformTeam] : [],
  };
}

const noPlatformTeam = {
  text: "Nobody has to review changes of platform-owned paths: the answer platform_team is empty.",
  hint: "Set it to a team or group to add that policy.",
};

const repositoryKey = "repository";
const pushKey = "first-push";
const folderKey = "folder";

function namedPeople(answers: Answers): DesiredState["people"] {
  const named = [
    ...answers.members.map((name, index) => ({ name, answer: `members[${index}]` })),
    ...answers.environments.flatMap(({ approvers }, at) =>
      approvers.map((name, index) => ({ name, answer: `environments[${at}].approvers[${index}]` })),
    ),
    ...(answers.platform_team === "" ? [] : [{ name: answers.platform_team, answer: "platform_team" }]),
  ];
  return named.filter(({ name }) => name.toLowerCase() !== answers.team_name.toLowerCase());
}

function repositoryResources(answers: Answers): readonly Desired[] {
  const { repository } = deriveNames(answers);
  const branch = answers.default_branch;
  return [
    {
      kind: "repository",
      key: repositoryKey,
      title: `repository ${repository}`,
      dependsOn: [],
      name: repository,
    },
    {
      kind: "first-push",
      key: pushKey,
      title: `first push to ${branch}`,
      dependsOn: [repositoryKey],
      branch,
    },
  ];
}

function teamResources(answers: Answers): readonly Desired[] {
  const team = answers.team_name;
  const { areaPath } = deriveNames(answers);
  return [
    { kind: "area", key: "area", title: `area ${areaPath}`, dependsOn: [], name: team },
    {
      kind: "team",
      key: "team",
      title: `team ${team}`,
      dependsOn: [],
      name: team,
      description: `Owns the model ${answers.model_name}.`,
    },
    ...answers.members.map((person): Desired => ({
      kind: "team-member",
      key: `team-member:${person}`,
      title: `member ${person}`,
      dependsOn: ["team"],
      person,
    })),
    {
      kind: "team-area",
      key: "team-area",
      title: `area of team ${team}`,
      dependsOn: ["area", "team"],
      team,
      areaPath,
    },
  ];
}

function environmentResources(answers: Answers): readonly Desired[] {
  const last = answers.environments.length - 1;
  return answers.environments.flatMap((environment, index) => [
    ...groupAndEnvironment(answers, environment),
    ...(index === 0 ? [] : [approvalCheck(answers, environment, index === last)]),
  ]);
}

function groupAndEnvironment(
  answers: Answers,
  { name, workspace_url }: EnvironmentAnswer,
): readonly Desired[] {
  const names = deriveNames(answers);
  const group = names.variableGroup(name);
  const environment = names.environment(name);
  return [
    {
      kind: "variable-group",
      key: `variable-group:${name}`,
      title: `variable group ${group}`,
      dependsOn: [],
      name: group,
      description: `Variables of ${answers.model_name} in ${name}; secrets are added by people.`,
      variables: {
        ENVIRONMENT: name,
        WORKSPACE_URL: workspace_url,
        DATABRICKS_CLUSTER_NAME: environment,
        CMR_SCOPE: answers.registry.cmr_scope,
        CMR_PREFIX: answers.registry.cmr_prefix,
        SERVICE_PRINCIPAL_ID: "",
      },
    },
    {
      kind: "environment",
      key: `environment:${name}`,
      title: `environment ${environment}`,
      dependsOn: [],
      name: environment,
      description: `${answers.model_name} in ${name}.`,
    },
  ];
}

function approvalCheck(
  answers: Answers,
  { name, approvers }: EnvironmentAnswer,
  isProduction: boolean,
): Desired {
  const environment = deriveNames(answers).environment(name);
  const whom = approvers.length === 0 ? [answers.team_name] : approvers;
  return {
    kind: "approval-check",
    key: `approval-check:${name}`,
    title: `approval of ${environment} by ${whom.join(", ")}`,
    dependsOn: [`environment:${name}`, "team"],
    environmentKey: `environment:${name}`,
    environment,
    approvers: whom,
    requesterCannotApprove: isProduction,
    instructions: `Look at the evidence of the run before ${answers.model_name} goes to ${name}.`,
  };
}

function pipelineResources(answers: Answers): readonly Desired[] {
  const { pipelineFolder } = deriveNames(answers);
  const branch = answers.default_branch;
  const pipelines = corePipelines(answers).map(({ kind, name, file }): Desired => ({
    kind: "pipeline",
    key: `pipeline:${kind}`,
    title: `pipeline ${pipelineFolder}\\${name}`,
    dependsOn: [repositoryKey, pushKey, folderKey],
    name,
    folder: pipelineFolder,
    file,
    branch,
  }));
  return [
    {
      kind: "folder",
      key: folderKey,
      title: `pipeline folder ${pipelineFolder}`,
      dependsOn: [],
      path: pipelineFolder,
    },
    ...pipelines,
  ];
}

/** Training reaches the first environment, the release all others; pull requests and CI reach none. */
function permissionResources(answers: Answers): readonly Desired[] {
  const kinds = new Set(corePipelines(answers).map(({ kind }) => kind));
  const training = deriveNames(answers).trainingKind;
  return answers.environments.flatMap(({ name }, index) => {
    const kind = index === 0 ? training : "release";
    return kinds.has(kind) ? permissionsOf(name, `pipeline:${kind}`) : [];
  });
}

function permissionsOf(environment: string, pipelineKey: string): readonly Desired[] {
  const resources = [
    { resourceType: "environment" as const, resourceKey: `environment:${environment}` },
    { resourceType: "variablegroup" as const, resourceKey: `variable-group:${environment}` },
  ];
  return resources.map(({ resourceType, resourceKey }) => ({
    kind: "pipeline-permission",
    key: `pipeline-permission:${resourceKey}`,
    title: `permission of ${pipelineKey.replace("pipeline:", "")} pipeline on ${resourceKey.replace(":", " ")}`,
    dependsOn: [resourceKey, pipelineKey],
    resourceType,
    resourceKey,
    pipelineKeys: [pipelineKey],
  }));
}

/** Policies come last: they would refuse the push, and nobody should wait for a pipeline that is not there. */
function policyResources(answers: Answers, platformPaths: readonly string[]): readonly Desired[] {
  const titles: Readonly<Record<BranchPolicyName, string>> = {
    "minimum-reviewers": `at least ${answers.reviewers.minimum} reviewer${answers.reviewers.minimum === 1 ? "" : "s"}`,
    "comment-resolution": "comments resolved",
    "merge-strategy": "squash merge",
    "build-validation": "PR pipeline green",
    "required-reviewers": `${answers.platform_team} reviews platform-owned paths`,
  };
  const pipelineKeys = corePipelines(answers).map(({ kind }) => `pipeline:${kind}`);
  const wanted: readonly BranchPolicyName[] = [
    "minimum-reviewers",
    "comment-resolution",
    "merge-strategy",
    "build-validation",
    ...(answers.platform_team === "" ? [] : ["required-reviewers" as const]),
  ];
  return wanted.map((policy) => ({
    kind: "branch-policy",
    key: `branch-policy:${policy}`,
    title: `policy on ${answers.default_branch}: ${titles[policy]}`,
    dependsOn: [repositoryKey, pushKey, ...pipelineKeys],
    policy,
    branch: answers.default_branch,
    minimumReviewers: answers.reviewers.minimum,
    platformTeam: answers.platform_team,
    platformPaths,
    pipelineKey: "pipeline:pr",
    displayName: deriveNames(answers).pipeline("pr"),
  }));
}
