import { requireText, textIn, type JsonObject } from "../body.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { Project } from "../state/organization-state.ts";
import { groupIdentity } from "../state/well-known-identities.ts";
import { teamProperties } from "./identity-properties.ts";
import { createTeam, findTeam, teamKind, teamsOf, type TeamRecord } from "./team-record.ts";

const longestName = 64;
const illegalInName = /[\\/:<>*?"|;#$&{},+=[\]\p{Cc}]/u;
const defaultTop = 100;

const teams = location({
  id: "d30a3dd1-f8ba-442a-b86a-bd0c0c383e59",
  area: "core",
  resourceName: "teams",
  routeTemplate: "_apis/projects/{projectId}/{resource}/{*teamId}",
  resourceVersion: 3,
});

const allTeams = location({
  id: "7a4d9ee9-3433-4347-b47a-7a80f1cf307e",
  area: "core",
  resourceName: "teams",
  routeTemplate: "_apis/{resource}",
  resourceVersion: 3,
  releasedVersion: "0.0",
});

function projectOf({ organization, params }: RouteRequest): Project {
  return organization.project(params["projectId"] ?? "");
}

function teamOf(request: RouteRequest): TeamRecord {
  return findTeam(request.organization, projectOf(request), request.params["teamId"]);
}

function postTeam(request: RouteRequest): RouteReply {
  const { organization, body } = request;
  const project = projectOf(request);
  const name = requireText(body, "name");
  refuseName(request, { name });
  const team = createTeam(organization, project, {
    id: organization.newGuid(),
    name,
    description: textIn(body, "description") ?? "",
  });
  return { status: 201, body: teamBody(team, request) };
}

/** Renames and describes; the identity keeps its id and its members. */
function patchTeam(request: RouteRequest): RouteReply {
  const { organization, body } = request;
  const old = teamOf(request);
  const name = textIn(body, "name") ?? old.name;
  refuseName(request, { name, id: old.id });
  const team: TeamRecord = { ...old, name, description: textIn(body, "description") ?? old.description };
  organization.put(teamKind, team);
  const memberIds = organization.identity(team.id)?.memberIds ?? [];
  organization.putIdentity({
    ...groupIdentity(team.id, "team", { project: projectOf(request), name }),
    memberIds,
  });
  return { status: 200, body: teamBody(team, request) };
}

/** The team's identity goes with it, so that nobody can approve in its name. */
function deleteTeam(request: RouteRequest): RouteReply {
  const { organization } = request;
  const { id } = teamOf(request);
  if (id === projectOf(request).defaultTeamId) {
    throw new ServiceError(
      400,
      "InvalidOperationException",
      "The default team of a project cannot be deleted.",
    );
  }
  organization.remove(teamKind, id);
  organization.removeIdentity(id);
  return { status: 204 };
}

function listTeams(request: RouteRequest): RouteReply {
  return listReplyOf(teamsOf(request.organization, projectOf(request)), request);
}

function listAllTeams(request: RouteRequest): RouteReply {
  const { organization } = request;
  const projects = Object.values(organization.state().projects);
  return listReplyOf(
    projects.flatMap((project) => teamsOf(organization, project)),
    request,
  );
}

/** Teams come by `$skip` and `$top`, 100 unless more are asked for. */
function listReplyOf(found: readonly TeamRecord[], request: RouteRequest): RouteReply {
  const skip = Number(request.query.get("$skip") ?? 0);
  const top = Number(request.query.get("$top") ?? defaultTop);
  const value = found.slice(skip, skip + top).map((team) => teamBody(team, request));
  return { status: 200, body: { value, count: value.length } };
}

function refuseName(request: RouteRequest, wanted: { readonly name: string; readonly id?: string }): void {
  const { name } = wanted;
  if (name.length > longestName || illegalInName.test(name) || name.trim() === "" || name.endsWith(".")) {
    throw new ServiceError(400, "InvalidGroupNameException", `The team name ${name} is not valid.`);
  }
  const project = projectOf(request);
  const isTaken = teamsOf(request.organization, project).some(
    (team) => team.id !== wanted.id && team.name.toLowerCase() === name.toLowerCase(),
  );
  if (!isTaken) return;
  throw new ServiceError(
    400,
    "GroupCreationException",
    `TF200021: The team ${name} already exists in the project ${project.name}.`,
  );
}

function teamBody(team: TeamRecord, { organization, baseUrl }: RouteRequest): JsonObject {
  const project = organization.project(team.projectId);
  const identity = organization.identity(team.id);
  const { instanceId } = organization.state();
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
      descriptor: identity?.descriptor,
      subjectDescriptor: identity?.subjectDescriptor,
      providerDisplayName: identity?.displayName,
      isActive: true,
      isContainer: true,
      members: [],
      memberOf: [],
      masterId: team.id,
      ...(identity === undefined ? {} : { properties: teamProperties(identity, instanceId) }),
      resourceVersion: 2,
      metaTypeId: 255,
    },
  };
}

export const teamRoutes: readonly Route[] = [
  { location: teams, method: "POST", requires: ["projectId"], handle: postTeam },
  { location: teams, method: "GET", requires: ["projectId"], handle: listTeams },
  {
    location: teams,
    method: "GET",
    requires: ["projectId", "teamId"],
    handle: (request) => ({ status: 200, body: teamBody(teamOf(request), request) }),
  },
  { location: teams, method: "PATCH", requires: ["projectId", "teamId"], handle: patchTeam },
  { location: teams, method: "DELETE", requires: ["projectId", "teamId"], handle: deleteTeam },
  { location: allTeams, method: "GET", requires: [], handle: listAllTeams },
];
