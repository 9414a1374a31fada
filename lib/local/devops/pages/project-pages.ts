import { listIn, textIn } from "../body.ts";
import { approvalCheckKind, isApprovalCheck } from "../routes/approval-check-record.ts";
import { isBranchPolicy, type BranchPolicyRecord } from "../routes/branch-policy-record.ts";
import { environmentsOf } from "../routes/environment-record.ts";
import { normalizeFolderPath, pipelinesOf } from "../routes/pipeline-record.ts";
import { policyTypes } from "../routes/policy-type.ts";
import { isRepository, repositoryKind, type RepositoryRecord } from "../routes/repository-record.ts";
import { teamsOf } from "../routes/team-record.ts";
import { isVariableGroup, variableGroupKind } from "../routes/variable-group-record.ts";
import type { Organization } from "../state/organization.ts";
import type { Project } from "../state/organization-state.ts";
import { html } from "./html.ts";
import { addressOf, link, table, type Page } from "./layout.ts";
import { runsTable } from "./run-pages.ts";

export interface ProjectPage {
  readonly organization: Organization;
  readonly project: Project;
  readonly baseUrl: string;
  readonly query: ReadonlyMap<string, string>;
}

/** What a project has, with the ways to it. */
export function projectPage(page: ProjectPage): Page {
  const { organization, project, baseUrl } = page;
  const at = (...names: readonly string[]): string => addressOf(baseUrl, project.name, ...names);
  const rows = [
    [link("Repositories", at("_git")), repositoriesOf(organization, project.id).length],
    [link("Pipelines", at("_build")), pipelinesOf(organization, project.id).length],
    [link("Environments", at("_environments")), environmentsOf(organization, project.id).length],
    [link("Variable groups", at("_library")), variableGroupsOf(page).length],
    [link("Branch policies", at("_settings", "repositories")), policiesOf(page).length],
    [link("Teams", at("_settings", "teams")), teamsOf(organization, project).length],
  ];
  return { title: project.name, content: table(["What", "How many"], rows, "") };
}

export function repositoriesPage({ organization, project, baseUrl }: ProjectPage): Page {
  const rows = repositoriesOf(organization, project.id).map(({ name, defaultBranch, isDisabled }) => [
    link(name, addressOf(baseUrl, project.name, "_git", name)),
    isDisabled ? "disabled" : (defaultBranch ?? "empty"),
  ]);
  return {
    title: "Repositories",
    content: table(["Repository", "Default branch"], rows, "There are no repositories."),
  };
}

/** All pipelines, those of `definitionScope`, or the one of `definitionId`. */
export function pipelinesPage(page: ProjectPage): Page {
  const { organization, project, query } = page;
  const scope = query.get("definitionscope");
  const id = query.get("definitionid");
  const folder = scope === undefined ? undefined : normalizeFolderPath(scope).toLowerCase();
  const shown = pipelinesOf(organization, project.id)
    .filter((pipeline) => id === undefined || String(pipeline.id) === id)
    .filter(({ folderPath }) => folder === undefined || folderPath.toLowerCase() === folder);
  const rows = shown.map(({ name, folderPath, content }) => [
    name,
    folderPath,
    textIn(content, "process", "yamlFilename"),
    textIn(content, "repository", "name") ?? textIn(content, "repository", "id"),
    textIn(content, "queueStatus") ?? "enabled",
  ]);
  return {
    title: "Pipelines",
    content: [
      table(["Pipeline", "Folder", "File", "Repository", "State"], rows, "There are no pipelines here."),
      html`<h2>Latest runs</h2>`,
      runsTable(
        page,
        shown.map((pipeline) => pipeline.id),
      ),
    ],
  };
}

/** The environments with who has to approve. */
export function environmentsPage({ organization, project }: ProjectPage): Page {
  const checks = organization.list(approvalCheckKind, isApprovalCheck);
  const rows = environmentsOf(organization, project.id).map(({ id, environmentName, description }) => {
    const own = checks.filter(
      ({ resource }) => resource.type === "environment" && resource.id === String(id),
    );
    const approvers = own.flatMap(({ settings }) =>
      listIn(settings, "approvers").map((approver) => nameOf(organization, textIn(approver, "id"))),
    );
    return [environmentName, description, approvers.join(", ") || "nobody", own.length];
  });
  return {
    title: "Environments",
    content: table(
      ["Environment", "Description", "Approved by", "Checks"],
      rows,
      "There are no environments.",
    ),
  };
}

/** The variable groups; what is secret stays so. */
export function libraryPage(page: ProjectPage): Page {
  const groups = variableGroupsOf(page).map(
    ({ name, variables }) =>
      html`<h2>${name}</h2>
        ${table(
          ["Variable", "Value"],
          Object.entries(variables).map(([key, { value, isSecret }]) => [key, isSecret ? "***" : value]),
          "It has no variables.",
        )}`,
  );
  return {
    title: "Variable groups",
    content: groups.length === 0 ? html`<p>There are no variable groups.</p>` : groups,
  };
}

/** Which policies protect which branches. */
export function policiesPage(page: ProjectPage): Page {
  const repositories = repositoriesOf(page.organization, page.project.id);
  const nameOfRepository = (id: string | null | undefined): string =>
    repositories.find((repository) => repository.id === id)?.name ?? "every repository";
  const rows = policiesOf(page).flatMap((policy) =>
    (policy.settings.scope ?? []).map((scope) => [
      policyTypes.get(policy.typeId),
      nameOfRepository(scope.repositoryId),
      `${scope.refName ?? "default branch"}${scope.matchKind === "Prefix" ? "/*" : ""}`,
      stateOf(policy),
    ]),
  );
  return {
    title: "Branch policies",
    content: table(["Policy", "Repository", "Branch", "State"], rows, "There are no policies."),
  };
}

export function teamsPage({ organization, project }: ProjectPage): Page {
  const rows = teamsOf(organization, project).map(({ id, name, areaPath }) => [
    name,
    (organization.identity(id)?.memberIds ?? []).map((member) => nameOf(organization, member)).join(", ") ||
      "nobody",
    areaPath ?? "none",
  ]);
  return { title: "Teams", content: table(["Team", "Members", "Area"], rows, "There are no teams.") };
}

/** The living repositories of a project. */
export function repositoriesOf(organization: Organization, projectId: string): readonly RepositoryRecord[] {
  return organization
    .list(repositoryKind, isRepository)
    .filter((repository) => repository.projectId === projectId && repository.deletedDate === undefined);
}

function variableGroupsOf({ organization, project }: ProjectPage) {
  return organization
    .list(variableGroupKind, isVariableGroup)
    .filter(({ projectId }) => projectId === project.id);
}

function policiesOf({ organization, project }: ProjectPage): readonly BranchPolicyRecord[] {
  return organization
    .list("branch-policy", isBranchPolicy)
    .filter(({ projectId }) => projectId === project.id);
}

function stateOf({ isEnabled, isBlocking }: BranchPolicyRecord): string {
  if (!isEnabled) return "disabled";
  return isBlocking ? "required" : "optional";
}

function nameOf(organization: Organization, id: string | undefined): string {
  const identity = organization.identity(id ?? "");
  return identity?.kind === "user" ? identity.uniqueName : (identity?.displayName ?? "");
}
