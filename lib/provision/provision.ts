import type { Answers } from "../answers/answers.ts";
import { deriveNames, platformVariableGroup } from "../answers/derived-names.ts";
import { authorizationHeader } from "../devops/authorization-header.ts";
import { connect, type Credential } from "../devops/http.ts";
import { sameName } from "../devops/json.ts";
import { readHistory } from "../git/history.ts";
import type { Reporter } from "../report/reporter.ts";
import { shellWord } from "../report/shell-word.ts";
import { ownershipFor } from "../template/render-tree.ts";
import { platformPaths } from "../template/ownership.ts";
import { templatesTag } from "../template/platform-tree.ts";
import { readTemplates } from "../template/read-templates.ts";
import { applyPlan } from "./apply-plan.ts";
import { bindResources, planProvision } from "./compare-all.ts";
import { deriveDesiredState } from "./derive-desired-state.ts";
import { isEmptyPlan, type ProvisionPlan } from "./plan.ts";
import { readRemoteState } from "./read-remote-state.ts";
import type { RemoteState } from "./remote-state.ts";

export interface ProvisionInput {
  readonly answers: Answers;
  /** Folder of the model repository; it need not exist when only a plan is wanted. */
  readonly folder: string;
  /** The version that the repository was made with; absent for one that is made now. */
  readonly templatesVersion?: string | undefined;
  readonly organizationUrl: string;
  readonly credential: Credential;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  /** Reads and plans, and writes nothing. */
  readonly planOnly: boolean;
  /** Sees the plan before anything is changed; throws to stop. Not called for a plan that changes nothing. */
  readonly confirm: (plan: ProvisionPlan) => Promise<void>;
}

export interface ProvisionOutcome {
  readonly plan: ProvisionPlan;
  readonly applied: boolean;
  readonly links: readonly { readonly title: string; readonly url: string }[];
  readonly warnings: readonly { readonly text: string; readonly hint: string }[];
  readonly nextSteps: readonly { readonly text: string; readonly command: string }[];
  /** Requests sent to Azure DevOps, git's own not among them. */
  readonly requests: number;
}

/** Brings Azure DevOps to what the answers want: read, plan, confirm, apply. A second run finds nothing to do. */
export async function provision(input: ProvisionInput): Promise<ProvisionOutcome> {
  const { answers, folder } = input;
  const http = connect(input.organizationUrl, input.credential);
  const templates = await readTemplates();
  const desired = deriveDesiredState(answers, {
    platformPaths: platformPaths(ownershipFor(templates, answers)),
    templatesTag: templatesTag(input.templatesVersion ?? templates.version),
  });
  const remote = await readRemoteState(http, desired, await readHistory(folder));
  const plan = planProvision(desired, remote);
  const outcome = {
    plan,
    links: linksOf(answers, http.organizationUrl),
    nextSteps: nextStepsOf(answers, folder),
    warnings: [...desired.warnings, ...remoteWarnings(answers, remote)],
  };
  if (input.planOnly || isEmptyPlan(plan))
    return { ...outcome, applied: false, requests: http.requestCount() };
  await input.confirm(plan);
  await applyPlan(plan, {
    resources: bindResources(desired),
    run: { http, remote, folder, authorize: (url) => authorizationHeader(input.credential, url) },
    team: desired.team,
    reporter: input.reporter,
    signal: input.signal,
  });
  return { ...outcome, applied: true, requests: http.requestCount() };
}

function linksOf(answers: Answers, organizationUrl: string): ProvisionOutcome["links"] {
  const names = deriveNames(answers);
  const project = `${organizationUrl}/${encodeURIComponent(answers.azure_devops.project)}`;
  return [
    { title: "repository", url: `${project}/_git/${encodeURIComponent(names.repository)}` },
    {
      title: "pipelines",
      url: `${project}/_build?definitionScope=${encodeURIComponent(names.pipelineFolder)}`,
    },
    { title: "environments", url: `${project}/_environments` },
    { title: "policies", url: `${project}/_settings/repositories` },
    { title: "team", url: `${project}/_settings/teams` },
  ];
}

function nextStepsOf(answers: Answers, folder: string): ProvisionOutcome["nextSteps"] {
  const at = shellWord(folder);
  return [
    { text: "Run the model's own tests:", command: `cd ${at} && python src/scripts/run_tests.py` },
    {
      text: `Change it on a branch and open a pull request; ${answers.default_branch} takes no pushes:`,
      command: `git -C ${at} switch -c my-change`,
    },
  ];
}

function remoteWarnings(answers: Answers, remote: RemoteState): ProvisionOutcome["warnings"] {
  const hasGroup = remote.variableGroups.some(({ name }) => sameName(name, platformVariableGroup));
  const addresses = answers.environments
    .filter(({ workspace_url }) => workspace_url === "")
    .map(({ name }) => name);
  return [
    ...(hasGroup ? [] : [noPlatformGroup]),
    ...(addresses.length === 0 ? [] : [missingWorkspaces(answers, addresses)]),
  ];
}

const noPlatformGroup = {
  text: `The project has no variable group ${platformVariableGroup}.`,
  hint: "The platform team owns it; no pipeline of this level needs it yet.",
};

function missingWorkspaces(
  answers: Answers,
  environments: readonly string[],
): { readonly text: string; readonly hint: string } {
  const groups = environments.map((name) => deriveNames(answers).variableGroup(name)).join(", ");
  return {
    text: `No Databricks workspace is named for ${environments.join(", ")}.`,
    hint: `Fill in WORKSPACE_URL in ${groups} when it is known; it is kept.`,
  };
}
