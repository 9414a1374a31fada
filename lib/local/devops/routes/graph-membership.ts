import { listReply, type JsonObject } from "../body.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import { findSubject } from "./graph-subject.ts";
import {
  addMember,
  groupsOf,
  membersOf,
  removeMember,
  requireMembership,
  type Membership,
} from "./identity-membership.ts";

const membership = location({
  id: "3fd2e6ca-fb30-443a-b579-95b19ed0934c",
  area: "Graph",
  resourceName: "Memberships",
  routeTemplate: "_apis/{area}/{resource}/{subjectDescriptor}/{containerDescriptor}",
  releasedVersion: "0.0",
});

const memberships = location({
  id: "e34b6394-6b30-4435-94a9-409a5eef3e31",
  area: "Graph",
  resourceName: "Memberships",
  routeTemplate: "_apis/{area}/{resource}/{subjectDescriptor}",
  releasedVersion: "0.0",
});

function membershipOf({ organization, params }: RouteRequest): Membership {
  const member = findSubject(organization, params["subjectDescriptor"]);
  return requireMembership(findSubject(organization, params["containerDescriptor"]), member);
}

function putMembership(request: RouteRequest): RouteReply {
  const wanted = membershipOf(request);
  addMember(request.organization, wanted);
  return { status: 201, body: membershipBody(wanted, request) };
}

function deleteMembership(request: RouteRequest): RouteReply {
  const wanted = membershipOf(request);
  requireInside(wanted);
  removeMember(request.organization, wanted);
  return { status: 200 };
}

function getMembership(request: RouteRequest): RouteReply {
  const wanted = membershipOf(request);
  requireInside(wanted);
  return { status: 200, body: membershipBody(wanted, request) };
}

/** The answer to HEAD is its status. */
function checkMembership(request: RouteRequest): RouteReply {
  requireInside(membershipOf(request));
  return { status: 200 };
}

/** `direction=down` lists the members of a group; without it, the groups of a member. */
function listMemberships(request: RouteRequest): RouteReply {
  const { organization, params, query } = request;
  const subject = findSubject(organization, params["subjectDescriptor"]);
  const isDown = ["down", "2"].includes(query.get("direction")?.toLowerCase() ?? "");
  const found = isDown
    ? membersOf(organization, subject).map((member) => ({ container: subject, member }))
    : groupsOf(organization, subject.id).map((container) => ({ container, member: subject }));
  return { status: 200, body: listReply(found.map((entry) => membershipBody(entry, request))) };
}

function requireInside({ container, member }: Membership): void {
  if (container.memberIds.includes(member.id)) return;
  throw new ServiceError(
    404,
    "GraphMembershipNotFoundException",
    `${member.displayName} is not a member of ${container.displayName}.`,
  );
}

function membershipBody({ container, member }: Membership, { baseUrl }: RouteRequest): JsonObject {
  const graph = `${baseUrl}/_apis/Graph`;
  const containerDescriptor = container.subjectDescriptor;
  const memberDescriptor = member.subjectDescriptor;
  const kind = member.kind === "user" ? "Users" : "Groups";
  return {
    containerDescriptor,
    memberDescriptor,
    _links: {
      self: { href: `${graph}/Memberships/${memberDescriptor}/${containerDescriptor}` },
      member: { href: `${graph}/${kind}/${memberDescriptor}` },
      container: { href: `${graph}/Groups/${containerDescriptor}` },
    },
  };
}

const both = ["subjectDescriptor", "containerDescriptor"];

export const graphMembershipRoutes: readonly Route[] = [
  { location: membership, method: "PUT", requires: both, handle: putMembership },
  { location: membership, method: "GET", requires: both, handle: getMembership },
  { location: membership, method: "HEAD", requires: both, handle: checkMembership },
  { location: membership, method: "DELETE", requires: both, handle: deleteMembership },
  { location: memberships, method: "GET", requires: ["subjectDescriptor"], handle: listMemberships },
];
