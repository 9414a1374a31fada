import type { JsonObject } from "../body.ts";
import type { RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { Organization } from "../state/organization.ts";
import type { Identity, Project } from "../state/organization-state.ts";

/** Somebody by the descriptor that graph uses; throws the service's 404. */
export function findSubject(organization: Organization, descriptor: string | undefined): Identity {
  const found = Object.values(organization.state().identities).find(
    (identity) => identity.subjectDescriptor === descriptor,
  );
  if (found !== undefined) return found;
  throw new ServiceError(
    404,
    "GraphSubjectNotFoundException",
    `VS860016: Could not find subject with descriptor ${descriptor}.`,
  );
}

/** How graph names a project as the scope of groups. */
export function scopeDescriptor({ id }: Project): string {
  return `scp.${Buffer.from(id).toString("base64url")}`;
}

/** A user or a group as graph shows it; a team is a group. */
export function subjectBody(identity: Identity, request: RouteRequest): JsonObject {
  const { subjectDescriptor: descriptor, kind } = identity;
  const graph = `${request.baseUrl}/_apis/Graph`;
  const url = `${graph}/${kind === "user" ? "Users" : "Groups"}/${descriptor}`;
  return {
    ...(kind === "user" ? userFields(identity) : groupFields(identity)),
    originId: identity.id,
    _links: {
      self: { href: url },
      memberships: { href: `${graph}/Memberships/${descriptor}` },
      membershipState: { href: `${graph}/MembershipStates/${descriptor}` },
      storageKey: { href: `${graph}/StorageKeys/${descriptor}` },
    },
    url,
    descriptor,
    legacyDescriptor: identity.descriptor,
  };
}

function userFields({ uniqueName, displayName }: Identity): JsonObject {
  return {
    subjectKind: "user",
    domain: "local",
    principalName: uniqueName,
    mailAddress: uniqueName,
    origin: "aad",
    displayName,
  };
}

function groupFields({ displayName, projectId, description }: Identity): JsonObject {
  return {
    subjectKind: "group",
    description: description ?? "",
    domain: `vstfs:///Classification/TeamProject/${projectId ?? ""}`,
    principalName: displayName,
    mailAddress: null,
    origin: "vsts",
    displayName: displayName.slice(displayName.indexOf("\\") + 1),
  };
}
