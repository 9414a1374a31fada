import type { JsonObject } from "../body.ts";
import { projectReference } from "../identity-reference.ts";
import type { Organization } from "../state/organization.ts";
import type { RepositoryRecord } from "./repository-record.ts";

/** The service's form of a repository: no default branch while it is empty. */
export function repositoryBody(
  organization: Organization,
  repository: RepositoryRecord,
  baseUrl: string,
): JsonObject {
  const project = organization.project(repository.projectId);
  const web = `${baseUrl}/${encodeURIComponent(project.name)}/_git/${encodeURIComponent(repository.name)}`;
  return {
    id: repository.id,
    name: repository.name,
    url: `${baseUrl}/${project.id}/_apis/git/repositories/${repository.id}`,
    project: projectReference(project, baseUrl),
    ...(repository.defaultBranch === undefined ? {} : { defaultBranch: repository.defaultBranch }),
    size: repository.size ?? 0,
    remoteUrl: web.replace("://", "://local@"),
    // There is no SSH here; an address that works is better than one that does not.
    sshUrl: web,
    webUrl: web,
    isDisabled: repository.isDisabled,
    isInMaintenance: false,
  };
}

/** The form of a single repository, which has links that lists leave out. */
export function repositoryWithLinks(
  organization: Organization,
  repository: RepositoryRecord,
  baseUrl: string,
): JsonObject {
  const body = repositoryBody(organization, repository, baseUrl);
  const url = String(body["url"]);
  const parts = ["commits", "refs", "pullRequests", "items", "pushes"];
  return {
    ...body,
    _links: {
      self: { href: url },
      project: { href: `vstfs:///Classification/TeamProject/${repository.projectId}` },
      web: { href: body["webUrl"] },
      ssh: { href: body["sshUrl"] },
      ...Object.fromEntries(parts.map((part) => [part, { href: `${url}/${part}` }])),
    },
  };
}
