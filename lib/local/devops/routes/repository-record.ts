import type { Organization } from "../state/organization.ts";
import type { StoredRecord } from "../state/organization-state.ts";
import { ServiceError } from "../service-error.ts";

export interface RepositoryRecord extends StoredRecord {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  /** `refs/heads/…`; absent while the repository is empty. */
  readonly defaultBranch?: string;
  readonly isDisabled: boolean;
  /** Bytes; absent while it is empty. */
  readonly size?: number;
  readonly deletedDate?: string;
}

export const repositoryKind = "repository";

/** Whether a record is a repository. */
export function isRepository(record: StoredRecord): record is RepositoryRecord {
  return typeof record.id === "string" && "isDisabled" in record;
}

/** The folder of a repository below the organisation's git folder: its id, never a name that somebody chose. */
export function repositoryFolder(repository: RepositoryRecord): string {
  return `${repository.id}.git`;
}

export interface RepositorySearch {
  /** Id or name of the project; absent looks in all. */
  readonly project: string | undefined;
  readonly idOrName: string;
}

/** A living, enabled repository by id or name, ignoring case; throws the service's 404. */
export function findRepository(
  organization: Organization,
  { project, idOrName }: RepositorySearch,
): RepositoryRecord {
  const projectId = project === undefined ? undefined : organization.project(project).id;
  const wanted = idOrName.toLowerCase();
  const repository = organization
    .list(repositoryKind, isRepository)
    .filter((candidate) => candidate.deletedDate === undefined && !candidate.isDisabled)
    .filter((candidate) => projectId === undefined || candidate.projectId === projectId)
    .find(({ id, name }) => id === wanted || name.toLowerCase() === wanted);
  if (repository === undefined) throw repositoryNotFound(idOrName);
  return repository;
}

/** The service's 404 for a repository; disabled ones have it too. */
export function repositoryNotFound(idOrName: string): ServiceError {
  const message =
    `TF401019: The Git repository with name or identifier ${idOrName} does not exist or you do not have permissions ` +
    "for the operation you are attempting.";
  return new ServiceError(404, "GitRepositoryNotFoundException", message);
}
