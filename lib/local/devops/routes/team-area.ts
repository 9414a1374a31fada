import { listIn, textIn, valueIn, type JsonObject } from "../body.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { Project } from "../state/organization-state.ts";
import { areasOf } from "./area-record.ts";
import { findTeam, teamKind, type TeamRecord } from "./team-record.ts";

const fieldValues = location({
  id: "07ced576-58ed-49e6-9c1e-5cb53ab8bf2a",
  area: "work",
  resourceName: "teamfieldvalues",
  routeTemplate: "{project}/{team}/_apis/{area}/teamsettings/{resource}",
});

function projectOf({ organization, params }: RouteRequest): Project {
  return organization.project(params["project"] ?? "");
}

function teamOf(request: RouteRequest): TeamRecord {
  return findTeam(request.organization, projectOf(request), request.params["team"]);
}

/** A fresh team has no area. */
function getFieldValues(request: RouteRequest): RouteReply {
  return { status: 200, body: fieldBody(teamOf(request), request) };
}

/** Values have neither a leading backslash nor the `\Area` that areas show in their own paths. */
function updateFieldValues(request: RouteRequest): RouteReply {
  const { organization, body } = request;
  const team = teamOf(request);
  const areaPath = textIn(body, "defaultValue") ?? team.areaPath;
  if (areaPath === undefined) throw new ServiceError(400, "TeamFieldArgumentNullException", "DefaultValue");
  const given = valueIn(body, "values") === undefined ? team.areaValues : listIn(body, "values");
  const areaValues = given.map((value) => ({
    value: textIn(value, "value") ?? "",
    includeChildren: valueIn(value, "includeChildren") === true,
  }));
  refuseUnknownArea(request, [areaPath, ...areaValues.map(({ value }) => value)]);
  const updated: TeamRecord = { ...team, areaPath, areaValues };
  organization.put(teamKind, updated);
  return { status: 200, body: fieldBody(updated, request) };
}

function refuseUnknownArea(request: RouteRequest, values: readonly string[]): void {
  const areas = areasOf(request.organization, projectOf(request));
  const known = new Set(areas.map(({ fieldValue }) => fieldValue.toLowerCase()));
  const unknown = values.find((value) => !known.has(value.toLowerCase()));
  if (unknown === undefined) return;
  throw new ServiceError(
    400,
    "InvalidTeamFieldValueException",
    `TF400509: The area path ${unknown} does not exist.`,
  );
}

function fieldBody({ id, areaPath, areaValues }: TeamRecord, request: RouteRequest): JsonObject {
  const { baseUrl } = request;
  const project = projectOf(request);
  const settings = `${baseUrl}/${project.id}/${id}/_apis/work/teamsettings`;
  const url = `${settings}/teamfieldvalues`;
  return {
    field: { referenceName: "System.AreaPath", url: `${baseUrl}/_apis/wit/fields/System.AreaPath` },
    defaultValue: areaPath ?? null,
    values: areaValues,
    url,
    _links: {
      self: { href: url },
      project: { href: `${baseUrl}/_apis/projects/${project.id}` },
      team: { href: `${baseUrl}/_apis/projects/${project.id}/teams/${id}` },
      teamSettings: { href: settings },
      areaPathClassificationNodes: { href: `${baseUrl}/${project.id}/_apis/wit/classificationNodes/Areas` },
    },
  };
}

export const teamAreaRoutes: readonly Route[] = [
  { location: fieldValues, method: "GET", requires: ["project", "team"], handle: getFieldValues },
  { location: fieldValues, method: "PATCH", requires: ["project", "team"], handle: updateFieldValues },
];
