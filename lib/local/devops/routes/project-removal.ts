import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Organization } from "../state/organization.ts";
import type { Project, StoredRecord } from "../state/organization-state.ts";
import { isRepository, repositoryFolder, repositoryKind } from "./repository-record.ts";

/** Forgets a project and everything in it: its repositories, records, groups and teams, and what was permitted on them. */
export function removeProject(organization: Organization, project: Project): void {
  const repositories = organization.list(repositoryKind, isRepository);
  for (const repository of repositories.filter(({ projectId }) => projectId === project.id)) {
    rmSync(join(organization.gitFolder, repositoryFolder(repository)), { recursive: true, force: true });
  }
  const { records, identities } = organization.state();
  for (const [kind, entries] of Object.entries(records)) {
    for (const record of Object.values(entries))
      if (isOf(record, project)) organization.remove(kind, record.id);
  }
  for (const identity of Object.values(identities))
    if (identity.projectId === project.id) organization.removeIdentity(identity.id);
  organization.removeProject(project.id);
}

/** Permissions have no project of their own: its id is in the id of the record, and a GUID is nowhere by chance. */
function isOf(record: StoredRecord, { id }: Project): boolean {
  return "projectId" in record ? record.projectId === id : String(record.id).includes(id);
}
