import { rmSync } from "node:fs";
import { join } from "node:path";
import { initBareRepository } from "../../../git/bare-repository.ts";
import { listReply, requireText, textIn, valueIn } from "../body.ts";
import { projectReference } from "../identity-reference.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { Organization } from "../state/organization.ts";
import {
  findRepository,
  isRepository,
  repositoryFolder,
  repositoryKind,
  type RepositoryRecord,
} from "./repository-record.ts";

const repositories = location({
  id: "225f7195-f9c7-4d14-ab28-a83f7ff77e1f",
  area: "git",
  resourceName: "repositories",
  routeTemplate: "{project}/_apis/{area}/{resource}/{repositoryId}",
});

const recycleBin = location({
  id: "a663da97-81db-4eb3-8b83-287670f63073",
  area: "git",
  resourceName: "recycleBinRepositories",
  routeTemplate: "{project}/_apis/{area}/recycleBin/repositories/{repositoryId}",
});

/** The service's form of a repository: no default branch while it is empty. */
export function repositoryBody(
  organization: Organization,
  repository: RepositoryRecord,
  baseUrl: string,
): Readonly<Record<string, unknown>> {
  const project = organization.project(repository.projectId);
  const url = `${baseUrl}/${project.id}/_apis/git/repositories/${repository.id}`;
  const web = `${baseUrl}/${encodeURIComponent(project.name)}/_git/${encodeURIComponent(repository.name)}`;
  return {
    id: repository.id,
    name: repository.name,
    url,
    project: projectReference(project, baseUrl),
    ...(repository.defaultBranch === undefined ? {} : { defaultBranch: repository.defaultBranch }),
    size: 0,
    remoteUrl: web,
    sshUrl: web,
    webUrl: web,
    isDisabled: repository.isDisabled,
    isInMaintenance: false,
  };
}

async function createRepository({ organization, params, body, baseUrl }: RouteRequest): Promise<RouteReply> {
  const name = requireText(body, "name");
  const project = organization.project(
    params["project"] ?? textIn(body, "project", "id") ?? textIn(body, "project", "name") ?? "",
  );
  const taken = living(organization, project.id).some(
    (candidate) => candidate.name.toLowerCase() === name.toLowerCase(),
  );
  if (taken) {
    throw new ServiceError(
      409,
      "GitRepositoryNameAlreadyExistsException",
      `TF400948: A Git repository with the name ${name} already exists.`,
    );
  }
  const repository: RepositoryRecord = {
    id: organization.newGuid(),
    projectId: project.id,
    name,
    isDisabled: false,
  };
  organization.put(repositoryKind, repository);
  await initBareRepository(join(organization.gitFolder, repositoryFolder(repository)));
  return { status: 201, body: repositoryBody(organization, repository, baseUrl) };
}

function listRepositories({ organization, params, query, baseUrl }: RouteRequest): RouteReply {
  const projectId = params["project"] === undefined ? undefined : organization.project(params["project"]).id;
  const withHidden = query.get("includehidden")?.toLowerCase() === "true";
  const shown = living(organization, projectId).filter(({ isDisabled }) => withHidden || !isDisabled);
  return {
    status: 200,
    body: listReply(shown.map((repository) => repositoryBody(organization, repository, baseUrl))),
  };
}

function getRepository({ organization, params, baseUrl }: RouteRequest): RouteReply {
  const repository = findRepository(organization, {
    project: params["project"],
    idOrName: params["repositoryId"] ?? "",
  });
  return { status: 200, body: repositoryBody(organization, repository, baseUrl) };
}

function updateRepository({ organization, params, body, baseUrl }: RouteRequest): RouteReply {
  const wanted = params["repositoryId"]?.toLowerCase();
  const hidden = living(organization, undefined).find(({ id }) => id === wanted);
  const repository =
    hidden ?? findRepository(organization, { project: params["project"], idOrName: wanted ?? "" });
  const name = textIn(body, "name");
  const defaultBranch = textIn(body, "defaultBranch");
  const isDisabled = valueIn(body, "isDisabled");
  const updated: RepositoryRecord = {
    ...repository,
    ...(name === undefined ? {} : { name }),
    ...(defaultBranch === undefined ? {} : { defaultBranch }),
    ...(typeof isDisabled === "boolean" ? { isDisabled } : {}),
  };
  organization.put(repositoryKind, updated);
  return { status: 200, body: repositoryBody(organization, updated, baseUrl) };
}

function deleteRepository({ organization, params }: RouteRequest): RouteReply {
  const repository = findRepository(organization, {
    project: params["project"],
    idOrName: params["repositoryId"] ?? "",
  });
  const deleted: RepositoryRecord = { ...repository, deletedDate: organization.now() };
  organization.put(repositoryKind, deleted);
  return { status: 204 };
}

function listDeleted({ organization, params, identity }: RouteRequest): RouteReply {
  const project = organization.project(params["project"] ?? "");
  const deleted = organization
    .list(repositoryKind, isRepository)
    .filter(({ projectId, deletedDate }) => projectId === project.id && deletedDate !== undefined);
  const value = deleted.map(({ id, name, deletedDate }) => ({
    id,
    name,
    deletedDate,
    deletedBy: { id: identity.id },
  }));
  return { status: 200, body: listReply(value) };
}

function purgeRepository({ organization, params }: RouteRequest): RouteReply {
  const repository = organization
    .list(repositoryKind, isRepository)
    .find(({ id }) => id === params["repositoryId"]?.toLowerCase());
  if (repository?.deletedDate === undefined)
    return { status: 404, body: { typeKey: "GitRepositoryNotFoundException" } };
  organization.remove(repositoryKind, repository.id);
  rmSync(join(organization.gitFolder, repositoryFolder(repository)), { recursive: true, force: true });
  return { status: 204 };
}

function living(organization: Organization, projectId: string | undefined): readonly RepositoryRecord[] {
  return organization
    .list(repositoryKind, isRepository)
    .filter(
      (repository) =>
        repository.deletedDate === undefined && (projectId ?? repository.projectId) === repository.projectId,
    );
}

export const repositoryRoutes: readonly Route[] = [
  { location: repositories, method: "POST", requires: ["project"], handle: createRepository },
  { location: repositories, method: "POST", requires: [], handle: createRepository },
  { location: repositories, method: "GET", requires: ["project"], handle: listRepositories },
  { location: repositories, method: "GET", requires: [], handle: listRepositories },
  { location: repositories, method: "GET", requires: ["project", "repositoryId"], handle: getRepository },
  { location: repositories, method: "GET", requires: ["repositoryId"], handle: getRepository },
  {
    location: repositories,
    method: "PATCH",
    requires: ["project", "repositoryId"],
    handle: updateRepository,
  },
  { location: repositories, method: "PATCH", requires: ["repositoryId"], handle: updateRepository },
  {
    location: repositories,
    method: "DELETE",
    requires: ["project", "repositoryId"],
    handle: deleteRepository,
  },
  { location: repositories, method: "DELETE", requires: ["repositoryId"], handle: deleteRepository },
  { location: recycleBin, method: "GET", requires: ["project"], handle: listDeleted },
  { location: recycleBin, method: "DELETE", requires: ["project", "repositoryId"], handle: purgeRepository },
];
