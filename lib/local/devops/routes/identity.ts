import { listReply, type JsonObject } from "../body.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { Organization } from "../state/organization.ts";
import type { Identity } from "../state/organization-state.ts";
import { addMember, groupsOf, membersOf, removeMember, requireMembership } from "./identity-membership.ts";
import { identityProperties } from "./identity-properties.ts";
import { searchIdentities } from "./identity-search.ts";

const identities = location({
  id: "28010c54-d0c0-4c89-a5b0-1c9e188b9fb7",
  area: "IMS",
  resourceName: "Identities",
  routeTemplate: "_apis/{resource}/{identityId}",
});

const memberships = location({
  id: "8ba35978-138e-41f8-8963-7b1ea2c5f775",
  area: "IMS",
  resourceName: "members",
  routeTemplate: "_apis/Identities/{containerId}/{resource}/{memberId}",
});

/** By name or mail, or by ids and descriptors in the order in which they were asked for. */
function listIdentities(request: RouteRequest): RouteReply {
  const { organization, query } = request;
  const text = query.get("filtervalue");
  const found =
    text === undefined
      ? findByKeys(request)
      : searchIdentities(organization, { filter: query.get("searchfilter") ?? "General", text });
  return { status: 200, body: listReply(found.map((identity) => identityBody(identity, request))) };
}

function findByKeys({ organization, query }: RouteRequest): readonly Identity[] {
  const all = Object.values(organization.state().identities);
  const keys = (name: string): readonly string[] =>
    (query.get(name) ?? "").split(",").filter((key) => key !== "");
  return [
    ...keys("identityids").flatMap((id) => organization.identity(id) ?? []),
    ...keys("subjectdescriptors").flatMap((key) => all.find((one) => one.subjectDescriptor === key) ?? []),
    ...keys("descriptors").flatMap((key) => findByDescriptor(organization, key) ?? []),
  ];
}

function findByDescriptor(organization: Organization, descriptor: string): Identity | undefined {
  const wanted = descriptor.toLowerCase();
  return Object.values(organization.state().identities).find(
    (identity) => identity.descriptor.toLowerCase() === wanted,
  );
}

function getIdentity(request: RouteRequest): RouteReply {
  const { organization, params } = request;
  const id = params["identityId"] ?? "";
  const identity = organization.identity(id) ?? findByDescriptor(organization, id);
  if (identity !== undefined) return { status: 200, body: identityBody(identity, request) };
  throw new ServiceError(404, "IdentityNotFoundException", `The identity ${id} was not found.`);
}

/** Whether somebody came in or went out is the whole answer. */
function changeMembership(change: typeof addMember): (request: RouteRequest) => RouteReply {
  return ({ organization, params }) => {
    const container = organization.identity(params["containerId"] ?? "");
    const member = organization.identity(params["memberId"] ?? "");
    return { status: 200, body: change(organization, requireMembership(container, member)) };
  };
}

/** Members are named only when the request asks for them. */
function identityBody(identity: Identity, { organization, query }: RouteRequest): JsonObject {
  const asked = ["direct", "expanded", "1", "2"].includes(query.get("querymembership")?.toLowerCase() ?? "");
  const members = asked ? membersOf(organization, identity) : [];
  const memberOf = asked ? groupsOf(organization, identity.id) : [];
  return {
    id: identity.id,
    descriptor: identity.descriptor,
    subjectDescriptor: identity.subjectDescriptor,
    providerDisplayName: identity.displayName,
    isActive: true,
    ...(identity.kind === "user" ? {} : { isContainer: true }),
    members: members.map(({ descriptor }) => descriptor),
    memberOf: memberOf.map(({ descriptor }) => descriptor),
    memberIds: members.map(({ id }) => id),
    properties: identityProperties(identity),
    resourceVersion: 2,
    metaTypeId: identity.kind === "user" ? 0 : 255,
  };
}

export const identityRoutes: readonly Route[] = [
  { location: identities, method: "GET", requires: [], handle: listIdentities },
  { location: identities, method: "GET", requires: ["identityId"], handle: getIdentity },
  {
    location: memberships,
    method: "PUT",
    requires: ["containerId", "memberId"],
    handle: changeMembership(addMember),
  },
  {
    location: memberships,
    method: "DELETE",
    requires: ["containerId", "memberId"],
    handle: changeMembership(removeMember),
  },
];
