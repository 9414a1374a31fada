import { listReply, requireText, textIn, valueIn, listIn, type JsonObject } from "../body.ts";
import { identityReference } from "../identity-reference.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { Organization } from "../state/organization.ts";
import type { Project } from "../state/organization-state.ts";
import { areasOf } from "./area-record.ts";
import { createTeam, teamKind, teamsOf, type TeamRecord } from "./team-record.ts";

const teams = location({
  id: "d30a3dd1-f8ba-442a-b86a-bd0c0c383e59",
  area: "core",
  resourceName: "teams",
  routeTemplate: "_apis/projects/{projectId}/{resource}/{*teamId}",
  resourceVersion: 3,
});

const members = location({
  id: "294c494c-2600-4d7e-b76c-3dd50c3c95be",
  area: "core",
  resourceName: "members",
  routeTemplate: "_apis/projects/{projectId}/teams/{teamId}/{resource}",
  resourceVersion: 2,
});

const fieldValues = location({
  id: "07ced576-58ed-49e6-9c1e-5cb53ab8bf2a",
  area: "work",
  resourceName: "teamfieldvalues",
  routeTemplate: "{project}/{team}/_apis/{area}/teamsettings/{resource}",
  resourceVersion: 1,
});

function postTeam({ organization, params, body, baseUrl }: RouteRequest): RouteReply {
  const project = organization.project(params["projectId"] ?? "");
  const name = requireText(body, "name");
  if (teamsOf(organization, project).some((team) => team.name.toLowerCase() === name.toLowerCase())) {
    throw new ServiceError(
      400,
      "GroupCreationException",
      `TF200021: The team ${name} already exists in the project ${project.name}.`,
    );
  }
  const team = createTeam(organization, project, {
    id: organization.newGuid(),
    name,
    description: textIn(body, "description") ?? "",
  });
  return { status: 201, body: teamBody(organization, team, baseUrl) };
}

function listTeams({ organization, params, query, baseUrl }: RouteRequest): RouteReply {
  const project = organization.project(params["projectId"] ?? "");
  const skip = Number(query.get("$skip") ?? 0);
  const top = Number(query.get("$top") ?? 100);
  const shown = teamsOf(organization, project).slice(skip, skip + top);
  return {
    status: 200,
    body: { value: shown.map((team) => teamBody(organization, team, baseUrl)), count: shown.length },
  };
}

function deleteTeam({ organization, params }: RouteRequest): RouteReply {
  const project = organization.project(params["projectId"] ?? "");
  organization.remove(teamKind, findTeam(organization, project, params["teamId"]).id);
  return { status: 204 };
}

function listMembers({ organization, params, baseUrl }: RouteRequest): RouteReply {
  const project = organization.project(params["projectId"] ?? "");
  const team = findTeam(organization, project, params["teamId"]);
  const people = (organization.identity(team.id)?.memberIds ?? []).flatMap((id) => {
    const identity = organization.identity(id);
    return identity === undefined
      ? []
      : [{ isTeamAdmin: false, identity: identityReference(identity, baseUrl) }];
  });
  return { status: 200, body: listReply(people) };
}

function getFieldValues({ organization, params, baseUrl }: RouteRequest): RouteReply {
  const project = organization.project(params["project"] ?? "");
  return { status: 200, body: fieldBody(project, findTeam(organization, project, params["team"]), baseUrl) };
}

/** Values have neither a leading backslash nor the `\Area` that areas show in their own paths. */
function updateFieldValues({ organization, params, body, baseUrl }: RouteRequest): RouteReply {
  const project = organization.project(params["project"] ?? "");
  const team = findTeam(organization, project, params["team"]);
  const defaultValue = textIn(body, "defaultValue") ?? team.areaPath;
  if (defaultValue === undefined)
    throw new ServiceError(400, "TeamFieldArgumentNullException", "DefaultValue");
  const areaValues = listIn(body, "values").map((value) => ({
    value: textIn(value, "value") ?? "",
    includeChildren: valueIn(value, "includeChildren") === true,
  }));
  const known = new Set(areasOf(organization, project).map(({ fieldValue }) => fieldValue.toLowerCase()));
  const unknown = [defaultValue, ...areaValues.map(({ value }) => value)].find(
    (value) => !known.has(value.toLowerCase()),
  );
  if (unknown !== undefined)
    throw new ServiceError(
      400,
      "InvalidTeamFieldValueException",
      `TF400509: The area path ${unknown} does not exist.`,
    );
  const updated: TeamRecord = { ...team, areaPath: defaultValue, areaValues };
  organization.put(teamKind, updated);
  return { status: 200, body: fieldBody(project, updated, baseUrl) };
}

function findTeam(organization: Organization, project: Project, idOrName: string | undefined): TeamRecord {
  const wanted = (idOrName ?? "").toLowerCase();
  const team = teamsOf(organization, project).find(
    ({ id, name }) => id === wanted || name.toLowerCase() === wanted,
  );
  if (team !== undefined) return team;
  throw new ServiceError(404, "TeamNotFoundException", `The team with id '${idOrName}' does not exist.`);
}

function teamBody(organization: Organization, team: TeamRecord, baseUrl: string): JsonObject {
  const project = organization.project(team.projectId);
  return {
    id: team.id,
    name: team.name,
    url: `${baseUrl}/_apis/projects/${project.id}/teams/${team.id}`,
    description: team.description,
    identityUrl: `${baseUrl}/_apis/Identities/${team.id}`,
    projectName: project.name,
    projectId: project.id,
    identity: {
      id: team.id,
      descriptor: organization.identity(team.id)?.descriptor,
      isActive: true,
      isContainer: true,
      providerDisplayName: `[${project.name}]\\${team.name}`,
    },
  };
}

function fieldBody(project: Project, team: TeamRecord, baseUrl: string): JsonObject {
  const url = `${baseUrl}/${project.id}/${team.id}/_apis/work/teamsettings/teamfieldvalues`;
  return {
    field: { referenceName: "System.AreaPath", url: `${baseUrl}/_apis/wit/fields/System.AreaPath` },
    defaultValue: team.areaPath ?? null,
    values: team.areaValues,
    url,
    _links: { self: { href: url } },
  };
}

export const teamRoutes: readonly Route[] = [
  { location: teams, method: "POST", requires: ["projectId"], handle: postTeam },
  { location: teams, method: "GET", requires: ["projectId"], handle: listTeams },
  {
    location: teams,
    method: "GET",
    requires: ["projectId", "teamId"],
    handle: ({ organization, params, baseUrl }) => {
      const project = organization.project(params["projectId"] ?? "");
      return {
        status: 200,
        body: teamBody(organization, findTeam(organization, project, params["teamId"]), baseUrl),
      };
    },
  },
  { location: teams, method: "DELETE", requires: ["projectId", "teamId"], handle: deleteTeam },
  { location: members, method: "GET", requires: ["projectId", "teamId"], handle: listMembers },
  { location: fieldValues, method: "GET", requires: ["project", "team"], handle: getFieldValues },
  { location: fieldValues, method: "PATCH", requires: ["project", "team"], handle: updateFieldValues },
];
