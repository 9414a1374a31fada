import type { Organization } from "../state/organization.ts";
import type { StoredRecord } from "../state/organization-state.ts";

export interface EnvironmentRecord extends StoredRecord {
  readonly id: number;
  readonly projectId: string;
  readonly environmentName: string;
  readonly description: string;
  readonly createdOn: string;
  readonly lastModifiedOn: string;
}

export const environmentKind = "environment";

/** Whether a record is an environment. */
export function isEnvironment(record: StoredRecord): record is EnvironmentRecord {
  return "environmentName" in record;
}

/** The environments of a project in the order of their creation. */
export function environmentsOf(organization: Organization, projectId: string): readonly EnvironmentRecord[] {
  return organization
    .list(environmentKind, isEnvironment)
    .filter((environment) => environment.projectId === projectId);
}
