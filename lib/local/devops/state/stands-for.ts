import type { Organization } from "./organization.ts";

/** Whether a person is this identity or a member of it, through groups of groups too. */
export function standsFor(organization: Organization, personId: string, id: string): boolean {
  const seen = new Set<string>();
  const isIn = (current: string): boolean => {
    if (current === personId) return true;
    if (seen.has(current)) return false;
    seen.add(current);
    return (organization.identity(current)?.memberIds ?? []).some(isIn);
  };
  return isIn(id);
}
