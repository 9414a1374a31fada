import { ServiceError } from "../service-error.ts";
import type { Organization } from "../state/organization.ts";
import { environmentsOf } from "./environment-record.ts";
import type { ProtectedResource } from "./pipeline-permission-record.ts";
import { findQueue } from "./queue.ts";
import { isRepository, repositoryKind } from "./repository-record.ts";
import { isVariableGroup, variableGroupKind } from "./variable-group-record.ts";

type Exists = (organization: Organization, projectId: string, id: string) => boolean;

/** What can be protected by checks and permissions. There are no service connections and secure files here, so none exist. */
const exists: Readonly<Record<string, Exists>> = {
  endpoint: () => false,
  securefile: () => false,
  queue: (_organization, _projectId, id) => findQueue(id)?.id === Number(id),
  environment: (organization, projectId, id) =>
    environmentsOf(organization, projectId).some((environment) => String(environment.id) === id),
  variablegroup: (organization, projectId, id) =>
    organization
      .list(variableGroupKind, isVariableGroup)
      .some((group) => group.projectId === projectId && String(group.id) === id),
  repository: (organization, projectId, id) =>
    organization
      .list(repositoryKind, isRepository)
      .filter(({ deletedDate }) => deletedDate === undefined)
      .some((repository) => `${projectId}.${repository.id}` === id.toLowerCase()),
};

/** Whether a resource is there; a type that cannot be protected is refused with 400. */
export function resourceExists(
  organization: Organization,
  projectId: string,
  { type, id }: ProtectedResource,
): boolean {
  const kind = type.toLowerCase();
  const isThere = Object.hasOwn(exists, kind) ? exists[kind] : undefined;
  if (isThere !== undefined) return isThere(organization, projectId, id);
  throw new ServiceError(400, "InvalidResourceTypeException", `The resource type ${type} is not supported.`);
}

/** The resource with its type in lower case; refuses one that is not there with 404. */
export function requireResource(
  organization: Organization,
  projectId: string,
  { type, id }: ProtectedResource,
): ProtectedResource {
  if (resourceExists(organization, projectId, { type, id })) return { type: type.toLowerCase(), id };
  throw new ServiceError(404, "ResourceNotFoundException", `The resource ${type} ${id} could not be found.`);
}
