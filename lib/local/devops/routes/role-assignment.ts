import { listReply, requireText, textIn, type JsonObject } from "../body.ts";
import { identityReference } from "../identity-reference.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { StoredRecord } from "../state/organization-state.ts";

interface RoleAssignmentRecord extends StoredRecord {
  /** `<scope> <resource> <identity id>`. */
  readonly id: string;
  readonly scope: string;
  readonly securedId: string;
  readonly identityId: string;
  readonly role: string;
}

const kind = "role-assignment";
/** The roles of environments, variable groups and service connections alike. */
const roles = ["Reader", "User", "Creator", "Administrator"];

const assignments = location({
  id: "9461c234-c84c-4ed2-b918-2f0f92ad0a35",
  area: "securityroles",
  resourceName: "roleassignments",
  routeTemplate: "_apis/{area}/scopes/{scopeId}/{resource}/resources/{resourceId}/{identityId}",
  releasedVersion: "0.0",
});

const definitions = location({
  id: "f4cc9a86-453c-48d2-b44d-d3bd5c105f4f",
  area: "securityroles",
  resourceName: "roledefinitions",
  routeTemplate: "_apis/{area}/scopes/{scopeId}/{resource}",
  releasedVersion: "0.0",
});

function listAssignments(request: RouteRequest): RouteReply {
  return { status: 200, body: listReply(assigned(request).map((record) => assignmentBody(record, request))) };
}

/** The body is a list of `{userId, roleName}`; nothing is assigned where one of them is wrong. */
function setAssignments(request: RouteRequest): RouteReply {
  const { organization, body } = request;
  const records = (Array.isArray(body) ? body : []).map((given) => parseAssignment(request, given));
  for (const record of records) organization.put(kind, record);
  return { status: 200, body: listReply(records.map((record) => assignmentBody(record, request))) };
}

/** The body is a list of identity ids. */
function removeAssignments(request: RouteRequest): RouteReply {
  const { organization, params, body } = request;
  const ids = params["identityId"] === undefined ? (Array.isArray(body) ? body : []) : [params["identityId"]];
  for (const record of assigned(request)) {
    if (ids.includes(record.identityId)) organization.remove(kind, record.id);
  }
  return { status: 204 };
}

function parseAssignment({ organization, params }: RouteRequest, given: unknown): RoleAssignmentRecord {
  const identityId = requireText(given, "userId").toLowerCase();
  const name = textIn(given, "roleName") ?? "";
  const role = roles.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  if (role === undefined)
    throw new ServiceError(400, "ArgumentException", `The role ${JSON.stringify(name)} does not exist.`);
  if (organization.identity(identityId) === undefined)
    throw new ServiceError(
      404,
      "IdentityNotFoundException",
      `The identity ${identityId} could not be found.`,
    );
  const scope = params["scopeId"] ?? "";
  const securedId = params["resourceId"] ?? "";
  return { id: [scope, securedId, identityId].join(" "), scope, securedId, identityId, role };
}

function assigned({ organization, params }: RouteRequest): readonly RoleAssignmentRecord[] {
  return organization
    .list(kind, isRoleAssignment)
    .filter(({ scope, securedId }) => scope === params["scopeId"] && securedId === params["resourceId"]);
}

function isRoleAssignment(record: StoredRecord): record is RoleAssignmentRecord {
  return "securedId" in record && "role" in record;
}

function assignmentBody(
  { scope, identityId, role }: RoleAssignmentRecord,
  { organization, baseUrl }: RouteRequest,
): JsonObject {
  const identity = organization.identity(identityId);
  return {
    identity: identity === undefined ? { id: identityId } : identityReference(identity, baseUrl),
    role: roleBody(scope, role),
    access: "assigned",
    accessDisplayName: "Assigned",
  };
}

function roleBody(scope: string, role: string): JsonObject {
  return { displayName: role, name: role, description: "", identifier: `${scope}.${role}`, scope };
}

const resource = ["scopeId", "resourceId"];

export const roleAssignmentRoutes: readonly Route[] = [
  { location: assignments, method: "GET", requires: resource, handle: listAssignments },
  { location: assignments, method: "PUT", requires: resource, handle: setAssignments },
  { location: assignments, method: "PATCH", requires: resource, handle: removeAssignments },
  {
    location: assignments,
    method: "DELETE",
    requires: [...resource, "identityId"],
    handle: removeAssignments,
  },
  {
    location: definitions,
    method: "GET",
    requires: ["scopeId"],
    handle: ({ params }) => ({
      status: 200,
      body: listReply(roles.map((role) => roleBody(params["scopeId"] ?? "", role))),
    }),
  },
];
