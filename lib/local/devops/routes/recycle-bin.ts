import { rmSync } from "node:fs";
import { join } from "node:path";
import { listReply, valueIn } from "../body.ts";
import { identityReference, projectReference } from "../identity-reference.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import { repositoryBody } from "./repository-body.ts";
import {
  isRepository,
  repositoryFolder,
  repositoryKind,
  repositoryNotFound,
  type RepositoryRecord,
} from "./repository-record.ts";

const recycleBin = location({
  id: "a663da97-81db-4eb3-8b83-287670f63073",
  area: "git",
  resourceName: "recycleBinRepositories",
  routeTemplate: "{project}/_apis/{area}/recycleBin/repositories/{repositoryId}",
});

function listDeleted(request: RouteRequest): RouteReply {
  const { organization, params, identity, baseUrl } = request;
  const project = organization.project(params["project"] ?? "");
  const value = deletedOf(request).map(({ id, name, deletedDate }) => ({
    id,
    name,
    project: projectReference(project, baseUrl),
    deletedBy: identityReference(identity, baseUrl),
    createdDate: deletedDate,
    deletedDate,
  }));
  return { status: 200, body: listReply(value) };
}

/** `{"deleted": false}` gives a repository back, if nobody took its name meanwhile. */
function restore(request: RouteRequest): RouteReply {
  const { organization, body, baseUrl } = request;
  if (valueIn(body, "deleted") !== false)
    throw new ServiceError(400, "ArgumentException", "Only deleted = false can be set.");
  const { deletedDate: _gone, ...repository } = findDeleted(request);
  const isTaken = organization
    .list(repositoryKind, isRepository)
    .some(
      (other) =>
        other.deletedDate === undefined &&
        other.projectId === repository.projectId &&
        other.name.toLowerCase() === repository.name.toLowerCase(),
    );
  if (isTaken) {
    const message = `TF400948: A Git repository with the name ${repository.name} already exists.`;
    throw new ServiceError(409, "GitRepositoryNameAlreadyExistsException", message);
  }
  organization.put(repositoryKind, repository);
  return { status: 200, body: repositoryBody(organization, repository, baseUrl) };
}

function purge(request: RouteRequest): RouteReply {
  const { organization } = request;
  const repository = findDeleted(request);
  organization.remove(repositoryKind, repository.id);
  rmSync(join(organization.gitFolder, repositoryFolder(repository)), { recursive: true, force: true });
  return { status: 204 };
}

function deletedOf({ organization, params }: RouteRequest): readonly RepositoryRecord[] {
  const project = organization.project(params["project"] ?? "");
  return organization
    .list(repositoryKind, isRepository)
    .filter(({ projectId, deletedDate }) => projectId === project.id && deletedDate !== undefined);
}

function findDeleted(request: RouteRequest): RepositoryRecord {
  const wanted = request.params["repositoryId"] ?? "";
  const repository = deletedOf(request).find(({ id }) => id === wanted.toLowerCase());
  if (repository === undefined) throw repositoryNotFound(wanted);
  return repository;
}

const one = ["project", "repositoryId"];

export const recycleBinRoutes: readonly Route[] = [
  { location: recycleBin, method: "GET", requires: ["project"], handle: listDeleted },
  { location: recycleBin, method: "PATCH", requires: one, handle: restore },
  { location: recycleBin, method: "DELETE", requires: one, handle: purge },
];
