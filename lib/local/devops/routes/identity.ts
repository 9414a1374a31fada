import { listReply, type JsonObject } from "../body.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { Organization } from "../state/organization.ts";
import type { Identity } from "../state/organization-state.ts";
import { materializeUser } from "../state/well-known-identities.ts";

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

const mailForm = /^[^@\s]+@([^@\s]+\.[^@\s.]+)$/;
/** RFC 2606 keeps this domain free of people, so whoever is asked for there does not exist. */
const emptyDomain = /(^|\.)invalid$/i;

/** Identities by mail, name or id. The directory knows every mail address but those of the reserved domain `.invalid`. */
function searchIdentities({ organization, query }: RouteRequest): RouteReply {
  const value = query.get("filtervalue");
  const ids = (query.get("identityids") ?? "").split(",").filter((id) => id !== "");
  const descriptors = (query.get("subjectdescriptors") ?? query.get("descriptors") ?? "")
    .split(",")
    .filter((text) => text !== "");
  if (value !== undefined) return found(findByText(organization, value.trim()));
  const all = Object.values(organization.state().identities);
  return found([
    ...all.filter(({ id }) => ids.includes(id)),
    ...all.filter(
      ({ descriptor, subjectDescriptor }) =>
        descriptors.includes(descriptor) || descriptors.includes(subjectDescriptor),
    ),
  ]);
}

function getIdentity({ organization, params }: RouteRequest): RouteReply {
  const identity = organization.identity(params["identityId"] ?? "");
  if (identity === undefined)
    throw new ServiceError(
      404,
      "IdentityNotFoundException",
      `The identity ${params["identityId"]} was not found.`,
    );
  return { status: 200, body: identityBody(identity) };
}

function addMember({ organization, params }: RouteRequest): RouteReply {
  const { container, member } = findMembership(organization, params);
  const isNew = !container.memberIds.includes(member.id);
  if (isNew) organization.putIdentity({ ...container, memberIds: [...container.memberIds, member.id] });
  return { status: 200, body: isNew };
}

function removeMember({ organization, params }: RouteRequest): RouteReply {
  const { container, member } = findMembership(organization, params);
  organization.putIdentity({ ...container, memberIds: container.memberIds.filter((id) => id !== member.id) });
  return { status: 200, body: container.memberIds.includes(member.id) };
}

function findMembership(
  organization: Organization,
  params: RouteRequest["params"],
): { readonly container: Identity; readonly member: Identity } {
  const container = organization.identity(params["containerId"] ?? "");
  const member = organization.identity(params["memberId"] ?? "");
  if (container !== undefined && member !== undefined) return { container, member };
  throw new ServiceError(
    404,
    "IdentityNotFoundException",
    "The identity of the group or of the member was not found.",
  );
}

function findByText(organization: Organization, text: string): readonly Identity[] {
  const wanted = text.toLowerCase();
  const known = Object.values(organization.state().identities).filter((identity) =>
    isNamed(identity, wanted),
  );
  const domain = mailForm.exec(wanted)?.[1];
  if (known.length > 0 || domain === undefined || emptyDomain.test(domain)) return known;
  return [materializeUser(organization, wanted, text.slice(0, text.indexOf("@")))];
}

/** A group is found by its full name `[Project]\Name` and by the name alone. */
function isNamed({ displayName, uniqueName }: Identity, wanted: string): boolean {
  const full = displayName.toLowerCase();
  return uniqueName === wanted || full === wanted || full.slice(full.indexOf("\\") + 1) === wanted;
}

function found(identitiesFound: readonly Identity[]): RouteReply {
  return { status: 200, body: listReply(identitiesFound.map(identityBody)) };
}

function identityBody(identity: Identity): JsonObject {
  return {
    id: identity.id,
    descriptor: identity.descriptor,
    subjectDescriptor: identity.subjectDescriptor,
    providerDisplayName: identity.displayName,
    isActive: true,
    isContainer: identity.kind !== "user",
    members: [],
    memberOf: [],
    memberIds: identity.memberIds,
    properties:
      identity.kind === "user"
        ? { Account: text(identity.uniqueName), Mail: text(identity.uniqueName) }
        : { SchemaClassName: text("Group") },
    resourceVersion: 2,
    metaTypeId: identity.kind === "user" ? 0 : 255,
  };
}

function text($value: string): JsonObject {
  return { $type: "System.String", $value };
}

export const identityRoutes: readonly Route[] = [
  { location: identities, method: "GET", requires: [], handle: searchIdentities },
  { location: identities, method: "GET", requires: ["identityId"], handle: getIdentity },
  { location: memberships, method: "PUT", requires: ["containerId", "memberId"], handle: addMember },
  { location: memberships, method: "DELETE", requires: ["containerId", "memberId"], handle: removeMember },
];
