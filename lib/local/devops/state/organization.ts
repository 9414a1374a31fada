import type { Identity, OrganizationState, Project, StoredRecord } from "./organization-state.ts";

/**
 * The living organisation behind the routes. Reads and writes are synchronous, so a handler that does not await in between
 * is a transaction; the server saves the state once after each successful request that changed it.
 */
export interface Organization {
  readonly state: () => OrganizationState;
  /** Folder of the bare git repositories, each named by its id. */
  readonly gitFolder: string;
  /** Folder of what runs leave behind, each below its number. */
  readonly runsFolder: string;
  /** ISO 8601, UTC. */
  now(): string;
  newGuid(): string;
  /** The next number of a counter, from 1. */
  nextNumber(counter: string): number;
  /** By id or name, ignoring case; throws ServiceError 404 ProjectDoesNotExistWithNameException. */
  project(idOrName: string): Project;
  putProject(project: Project): void;
  /** The project alone; what is in it goes by `remove` and `removeIdentity`. */
  removeProject(id: string): void;
  /** Records of a kind in the order of their creation. The caller names a guard, because state read from a file is not trusted to have its shape. */
  list<T extends StoredRecord>(kind: string, isKind: (record: StoredRecord) => record is T): readonly T[];
  put(kind: string, record: StoredRecord): void;
  remove(kind: string, id: string | number): void;
  identity(id: string): Identity | undefined;
  putIdentity(identity: Identity): void;
  removeIdentity(id: string): void;
}
