import type { DevOpsHttp, DevOpsRequest } from "../devops/http.ts";
import { idIn, isObject, listIn, sameName, textIn, valueIn, type JsonObject } from "../devops/json.ts";
import { listAll } from "../devops/list-all.ts";
import type { DesiredState } from "./desired-state.ts";
import { readIdentities } from "./read-identities.ts";
import { readTemplatesRepository } from "./read-templates-repository.ts";
import { readProject } from "./read-project.ts";
import { readRepository, type LocalHistory } from "./read-repository.ts";
import { refuseForeignGroups } from "./refuse-foreign-groups.ts";
import type {
  Named,
  RemoteCheck,
  RemotePipeline,
  RemotePolicy,
  RemoteState,
  RemoteTemplatesRepository,
  RemoteVariableGroup,
} from "./remote-state.ts";

/** Reads everything that the plan compares: one list for each kind, all at once, then what hangs on ids. Changes nothing. */
export async function readRemoteState(
  http: DevOpsHttp,
  desired: DesiredState,
  history: LocalHistory | undefined,
): Promise<RemoteState> {
  const project = await readProject(http, desired.project);
  const at = encodeURIComponent(project.name);
  const [repository, templatesRepository, areas, teams, identities, lists] = await Promise.all([
    readRepository(http, { project, desired, history }),
    readTemplatesRepository(http, project, desired),
    readAreas(http, at),
    readTeams(http, project),
    readIdentities(http, desired),
    readLists(http, project, desired.model),
  ]);
  refuseForeignGroups(desired, lists);
  const base = { project, repository, templatesRepository, areas, teams, identities, ...lists };
  return { ...base, ...(await readDependents(http, at, { desired, ...base })) };
}

type Lists = Pick<RemoteState, "variableGroups" | "environments" | "folders" | "pipelines" | "policies">;

async function readLists(http: DevOpsHttp, project: Named, model: string): Promise<Lists> {
  const list = (
    what: string,
    path: string,
    more: Pick<DevOpsRequest, "query" | "apiVersion"> = {},
  ): Promise<readonly unknown[]> =>
    listAll(http, {
      method: "GET",
      path: `${encodeURIComponent(project.name)}/_apis/${path}`,
      ...more,
      what: `list the ${what} of ${project.name}`,
    });
  const [groups, environments, folders, pipelines, policies] = await Promise.all([
    list("variable groups", "distributedtask/variablegroups"),
    list("environments", "distributedtask/environments", { query: { name: `${model}-` } }),
    list("pipeline folders", "build/folders", { apiVersion: "7.1-preview.2" }),
    list("pipelines", "build/definitions", { query: { path: `\\${model}`, includeAllProperties: "true" } }),
    list("policies", "policy/configurations"),
  ]);
  return {
    variableGroups: groups.map(asVariableGroup),
    environments: environments.map(named),
    folders: folders.map((item) => textIn(item, "path")),
    pipelines: pipelines.map(asPipeline),
    policies: policies.map(asPolicy),
  };
}

async function readTeams(http: DevOpsHttp, project: Named): Promise<readonly Named[]> {
  const path = `_apis/projects/${project.id}/teams`;
  const teams = await listAll(http, { method: "GET", path, query: { $top: "1000" }, what: "list the teams" });
  return teams.map(named);
}

type Dependents = Pick<RemoteState, "memberIds" | "teamArea" | "checks" | "permissions">;

interface Known {
  readonly desired: DesiredState;
  readonly project: Named;
  readonly teams: readonly Named[];
  readonly environments: readonly Named[];
  readonly variableGroups: readonly Named[];
  readonly templatesRepository: RemoteTemplatesRepository | undefined;
}

async function readDependents(http: DevOpsHttp, at: string, known: Known): Promise<Dependents> {
  const team = known.teams.find(({ name }) => sameName(name, known.desired.team));
  const names = new Set(
    known.desired.resources.flatMap((resource) =>
      resource.kind === "variable-group" || resource.kind === "environment"
        ? [resource.name.toLowerCase()]
        : [],
    ),
  );
  const environments = known.environments.filter(({ name }) => names.has(name.toLowerCase()));
  const groups = known.variableGroups.filter(({ name }) => names.has(name.toLowerCase()));
  const resources = [
    ...environments.map(({ id }) => `environment/${id}`),
    ...groups.map(({ id }) => `variablegroup/${id}`),
    ...repositoriesOf(known),
  ];
  const [memberIds, teamArea, checks, permissions] = await Promise.all([
    team === undefined ? [] : readMemberIds(http, known.project, team),
    team === undefined ? "" : readTeamArea(http, at, team),
    environments.length === 0 ? [] : readChecks(http, at, environments),
    Promise.all(
      resources.map(async (resource) => [resource, await readPermission(http, at, resource)] as const),
    ),
  ]);
  return { memberIds, teamArea, checks, permissions: new Map(permissions) };
}

/** Permissions of a repository in another project are that project's. */
function repositoriesOf({ project, templatesRepository: found }: Known): readonly string[] {
  return found?.projectId === project.id ? [`repository/${found.projectId}.${found.id}`] : [];
}

async function readAreas(http: DevOpsHttp, at: string): Promise<readonly Named[]> {
  const { body } = await http.send({
    method: "GET",
    path: `${at}/_apis/wit/classificationnodes/areas`,
    query: { $depth: "1" },
    what: "read the areas",
  });
  return listIn(body, "children").map(named);
}

async function readMemberIds(http: DevOpsHttp, project: Named, team: Named): Promise<readonly string[]> {
  const path = `_apis/projects/${project.id}/teams/${team.id}/members`;
  const members = await listAll(http, { method: "GET", path, what: `list the members of ${team.name}` });
  return members.map((member) => idIn(member, "identity", "id") || idIn(member, "id"));
}

async function readTeamArea(http: DevOpsHttp, at: string, team: Named): Promise<string> {
  const path = `${at}/${team.id}/_apis/work/teamsettings/teamfieldvalues`;
  const { body } = await http.send({ method: "GET", path, what: `read the area of ${team.name}` });
  return textIn(body, "defaultValue");
}

/** A query is a POST here, and changes nothing. */
async function readChecks(
  http: DevOpsHttp,
  at: string,
  environments: readonly Named[],
): Promise<readonly RemoteCheck[]> {
  const { body } = await http.send({
    method: "POST",
    path: `${at}/_apis/pipelines/checks/queryconfigurations`,
    query: { $expand: "settings" },
    body: environments.map(({ id, name }) => ({ type: "environment", id, name })),
    apiVersion: "7.1-preview.1",
    what: "read the checks of the environments",
  });
  const approvals = listIn(body, "value").filter(
    (check) => textIn(check, "type", "id") === "8c6f20a7-a545-4486-9777-f762fafe0d4d",
  );
  return approvals.map((check) => ({
    id: idIn(check, "id"),
    environmentId: idIn(check, "resource", "id"),
    approverIds: listIn(check, "settings", "approvers").map((approver) => idIn(approver, "id")),
    requesterCannotApprove: valueIn(check, "settings", "requesterCannotBeApprover") === true,
  }));
}

async function readPermission(http: DevOpsHttp, at: string, resource: string): Promise<readonly string[]> {
  const path = `${at}/_apis/pipelines/pipelinepermissions/${resource}`;
  const { body } = await http.send({
    method: "GET",
    path,
    apiVersion: "7.1-preview.1",
    what: `read who may use ${resource}`,
  });
  return listIn(body, "pipelines")
    .filter((pipeline) => valueIn(pipeline, "authorized") === true)
    .map((pipeline) => idIn(pipeline, "id"));
}

function named(item: unknown): Named {
  return { id: idIn(item, "id"), name: textIn(item, "name") };
}

function asVariableGroup(item: unknown): RemoteVariableGroup {
  const variables = valueIn(item, "variables");
  return { ...named(item), type: textIn(item, "type"), variables: isObject(variables) ? variables : {} };
}

function asPipeline(item: unknown): RemotePipeline {
  const content: JsonObject = isObject(item) ? item : {};
  const branch = textIn(item, "repository", "defaultBranch");
  return {
    ...named(item),
    folder: textIn(item, "path"),
    file: textIn(item, "process", "yamlFilename").replace(/^\//, ""),
    repositoryId: idIn(item, "repository", "id"),
    branch: branch.startsWith("refs/") || branch === "" ? branch : `refs/heads/${branch}`,
    isEnabled: textIn(item, "queueStatus") === "enabled",
    content,
  };
}

function asPolicy(item: unknown): RemotePolicy {
  const settings = valueIn(item, "settings");
  return {
    id: idIn(item, "id"),
    typeId: textIn(item, "type", "id"),
    isEnabled: valueIn(item, "isEnabled") === true,
    isBlocking: valueIn(item, "isBlocking") === true,
    settings: isObject(settings) ? settings : {},
  };
}
