import type { Answers } from "../answers/answers.ts";
import { deriveNames, splitRepositoryName } from "../answers/derived-names.ts";
import { corePipelines } from "../answers/pipelines.ts";
import { environmentResources } from "./derive-environments.ts";
import { permissionResources, templatesRepositoryKey } from "./derive-permissions.ts";
import type { BranchPolicyName, Desired, DesiredState } from "./desired-state.ts";

/** What the answers want in Azure DevOps; `platformPaths` are the path filters of what the platform team owns, `templatesTag` is that of central templates. */
export function deriveDesiredState(
  answers: Answers,
  {
    platformPaths,
    templatesTag,
  }: { readonly platformPaths: readonly string[]; readonly templatesTag: string },
): DesiredState {
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
      ...templatesResources(answers, templatesTag),
      ...permissionResources(answers),
      ...policyResources(answers, platformPaths),
    ],
    warnings: [
      ...(answers.platform_team === "" ? [noPlatformTeam] : []),
      ...(isElsewhere(answers) ? [templatesElsewhere(answers)] : []),
    ],
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

/** What pipelines need beyond the repository that they are in. */
function templatesResources(answers: Answers, tag: string): readonly Desired[] {
  if (answers.templates !== "central") return [];
  const { project, name } = splitRepositoryName(answers.templates_repository);
  return [
    {
      kind: "templates-repository",
      key: templatesRepositoryKey,
      title: `templates of ${answers.templates_repository} at ${tag}`,
      dependsOn: [],
      project,
      name,
      tag,
    },
  ];
}

function isElsewhere({ templates, templates_repository }: Answers): boolean {
  return templates === "central" && splitRepositoryName(templates_repository).project !== undefined;
}

function templatesElsewhere({
  azure_devops,
  templates_repository,
}: Answers): DesiredState["warnings"][number] {
  return {
    text: `The pipelines take templates from another project, ${templates_repository}.`,
    hint: `Let the build service of ${azure_devops.project} read that repository, and permit the pipelines there.`,
  };
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
