import { requireText, textIn, valueIn, type JsonObject } from "../body.ts";
import type { RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { Organization } from "../state/organization.ts";
import type { Identity, Project } from "../state/organization-state.ts";
import { groupIdentity } from "../state/well-known-identities.ts";
import { findSubject, subjectBody } from "./graph-subject.ts";

/** Makes a group of a project, with the name and the description of the body. */
export function addGroup(organization: Organization, project: Project, body: unknown): Identity {
  const name = requireText(body, "displayName");
  const group = {
    ...groupIdentity(organization.newGuid(), "group", { project, name }),
    description: textIn(body, "description") ?? "",
  };
  refuseTaken(organization, group);
  organization.putIdentity(group);
  return group;
}

/** The body is a JSON patch of the name and the description; a team is renamed where teams are. */
export function updateGroup(request: RouteRequest): RouteReply {
  const { organization, params, body } = request;
  const group = findSubject(organization, params["groupDescriptor"]);
  if (group.kind === "user") throw refusal(`${group.displayName} is no group.`);
  const changes = replacements(body);
  const named = rename(organization, group, textIn(changes, "displayName"));
  const description = textIn(changes, "description") ?? group.description ?? "";
  const updated = { ...named, memberIds: group.memberIds, description };
  refuseTaken(organization, updated);
  organization.putIdentity(updated);
  return { status: 200, body: subjectBody(updated, request) };
}

function replacements(body: unknown): JsonObject {
  const entries = (Array.isArray(body) ? body : []).map((operation: unknown) => {
    const op = textIn(operation, "op");
    const name = requireText(operation, "path").slice(1);
    if ((op !== "replace" && op !== "add") || !["displayName", "description"].includes(name))
      throw refusal("Only the display name and the description of a group can be replaced.");
    return [name, valueIn(operation, "value")];
  });
  if (entries.length === 0) throw refusal("The patch of a group is a list of operations.");
  return Object.fromEntries(entries);
}

function rename(organization: Organization, group: Identity, name: string | undefined): Identity {
  if (name === undefined) return group;
  const { id, kind, projectId } = group;
  if (kind !== "group" || projectId === undefined || name.trim() === "")
    throw refusal(`${group.displayName} cannot be renamed to ${name}.`);
  return groupIdentity(id, kind, { project: organization.project(projectId), name });
}

function refuseTaken(organization: Organization, group: Identity): void {
  const taken = Object.values(organization.state().identities).some(
    ({ id, uniqueName }) => id !== group.id && uniqueName === group.uniqueName,
  );
  if (!taken) return;
  throw new ServiceError(409, "GroupCreationException", `The group ${group.displayName} already exists.`);
}

function refusal(message: string): ServiceError {
  return new ServiceError(400, "GraphBadRequestException", message);
}
