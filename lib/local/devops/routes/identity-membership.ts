import { ServiceError } from "../service-error.ts";
import type { Organization } from "../state/organization.ts";
import type { Identity } from "../state/organization-state.ts";

export interface Membership {
  readonly container: Identity;
  readonly member: Identity;
}

/** Who is in which group; throws the service's refusals for what can be no membership. */
export function requireMembership(container: Identity | undefined, member: Identity | undefined): Membership {
  if (container === undefined || member === undefined) {
    throw new ServiceError(
      404,
      "IdentityNotFoundException",
      "The identity of the group or of the member was not found.",
    );
  }
  if (container.kind === "user" || container.id === member.id) {
    throw new ServiceError(
      400,
      "AddMemberCyclicMembershipException",
      `${member.displayName} cannot be a member of ${container.displayName}.`,
    );
  }
  return { container, member };
}

/** Puts a member in; says whether he was outside before. */
export function addMember(organization: Organization, { container, member }: Membership): boolean {
  if (container.memberIds.includes(member.id)) return false;
  organization.putIdentity({ ...container, memberIds: [...container.memberIds, member.id] });
  return true;
}

/** Takes a member out; says whether he was inside before. */
export function removeMember(organization: Organization, { container, member }: Membership): boolean {
  if (!container.memberIds.includes(member.id)) return false;
  organization.putIdentity({ ...container, memberIds: container.memberIds.filter((id) => id !== member.id) });
  return true;
}

/** The groups that somebody is in, directly. */
export function groupsOf(organization: Organization, id: string): readonly Identity[] {
  return Object.values(organization.state().identities).filter(({ memberIds }) => memberIds.includes(id));
}

/** The members of a group, directly. */
export function membersOf(organization: Organization, { memberIds }: Identity): readonly Identity[] {
  return memberIds.flatMap((id) => organization.identity(id) ?? []);
}
