import { ServiceError } from "../service-error.ts";
import type { Organization } from "../state/organization.ts";
import type { Project, StoredRecord } from "../state/organization-state.ts";
import { groupIdentity } from "../state/well-known-identities.ts";

export interface TeamRecord extends StoredRecord {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  readonly description: string;
  /** Area path such as `Project\Team`; absent until it is set. */
  readonly areaPath?: string;
  readonly areaValues: readonly { readonly value: string; readonly includeChildren: boolean }[];
}

export const teamKind = "team";

/** Whether a record is a team. */
export function isTeam(record: StoredRecord): record is TeamRecord {
  return "areaValues" in record;
}

/** Makes a team and the identity that approves and reviews in its name. */
export function createTeam(
  organization: Organization,
  project: Project,
  team: { readonly id: string; readonly name: string; readonly description: string },
): TeamRecord {
  const record: TeamRecord = { ...team, projectId: project.id, areaValues: [] };
  organization.put(teamKind, record);
  organization.putIdentity(groupIdentity(team.id, "team", { project, name: team.name }));
  return record;
}

/** The teams of a project in the order of their creation. */
export function teamsOf(organization: Organization, project: Project): readonly TeamRecord[] {
  return organization.list(teamKind, isTeam).filter((team) => team.projectId === project.id);
}

/** A team by id or name; throws the service's 404. */
export function findTeam(
  organization: Organization,
  project: Project,
  idOrName: string | undefined,
): TeamRecord {
  const wanted = (idOrName ?? "").toLowerCase();
  const team = teamsOf(organization, project).find(
    ({ id, name }) => id === wanted || name.toLowerCase() === wanted,
  );
  if (team !== undefined) return team;
  throw new ServiceError(404, "TeamNotFoundException", `The team with id '${idOrName}' does not exist.`);
}
