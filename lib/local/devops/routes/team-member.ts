import { listReply } from "../body.ts";
import { identityReference } from "../identity-reference.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { membersOf } from "./identity-membership.ts";
import { findTeam } from "./team-record.ts";

const members = location({
  id: "294c494c-2600-4d7e-b76c-3dd50c3c95be",
  area: "core",
  resourceName: "members",
  routeTemplate: "_apis/projects/{projectId}/teams/{teamId}/{resource}",
  resourceVersion: 2,
});

/** Members come in through identities and graph; here they are only listed, by `$skip` and `$top`. */
function listMembers({ organization, params, query, baseUrl }: RouteRequest): RouteReply {
  const project = organization.project(params["projectId"] ?? "");
  const { id } = findTeam(organization, project, params["teamId"]);
  const team = organization.identity(id);
  const all = team === undefined ? [] : membersOf(organization, team);
  const skip = Number(query.get("$skip") ?? 0);
  const top = Number(query.get("$top") ?? all.length);
  const shown = all
    .slice(skip, skip + top)
    .map((identity) => ({ isTeamAdmin: false, identity: identityReference(identity, baseUrl) }));
  return { status: 200, body: listReply(shown) };
}

export const teamMemberRoutes: readonly Route[] = [
  { location: members, method: "GET", requires: ["projectId", "teamId"], handle: listMembers },
];
