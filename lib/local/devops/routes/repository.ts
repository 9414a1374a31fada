import { rmSync } from "node:fs";
import { join } from "node:path";
import { initBareRepository, listRefs, setHead } from "../../../git/bare-repository.ts";
import { requireText, textIn, valueIn } from "../body.ts";
import { location } from "../location.ts";
import { refuseRepositoryName } from "../names.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { Organization } from "../state/organization.ts";
import { repositoryBody, repositoryWithLinks } from "./repository-body.ts";
import {
  findRepository,
  isRepository,
  repositoryFolder,
  repositoryKind,
  repositoryNotFound,
  type RepositoryRecord,
} from "./repository-record.ts";

const repositories = location({
  id: "225f7195-f9c7-4d14-ab28-a83f7ff77e1f",
  area: "git",
  resourceName: "repositories",
  routeTemplate: "{project}/_apis/{area}/{resource}/{repositoryId}",
});

async function createRepository(request: RouteRequest): Promise<RouteReply> {
  const { organization, params, body, baseUrl } = request;
  const name = requireText(body, "name");
  refuseRepositoryName(name);
  const project = organization.project(
    params["project"] ?? textIn(body, "project", "id") ?? textIn(body, "project", "name") ?? "",
  );
  refuseTaken(organization, { projectId: project.id, name });
  const repository: RepositoryRecord = {
    id: organization.newGuid(),
    projectId: project.id,
    name,
    isDisabled: false,
  };
  const folder = join(organization.gitFolder, repositoryFolder(repository));
  await initBareRepository(folder);
  try {
    // Again: another request may have been faster while git worked. Between this look and the entry nothing can come.
    refuseTaken(organization, { projectId: project.id, name });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  organization.put(repositoryKind, repository);
  return { status: 201, body: repositoryBody(organization, repository, baseUrl) };
}

/** The service lists disabled repositories, though none of them can be read. */
function listRepositories({ organization, params, baseUrl }: RouteRequest): RouteReply {
  const projectId = params["project"] === undefined ? undefined : organization.project(params["project"]).id;
  const shown = living(organization, projectId);
  const value = shown.map((repository) => repositoryBody(organization, repository, baseUrl));
  return { status: 200, body: { value, count: value.length } };
}

function getRepository({ organization, params, baseUrl }: RouteRequest): RouteReply {
  const repository = findRepository(organization, {
    project: params["project"],
    idOrName: params["repositoryId"] ?? "",
  });
  return { status: 200, body: repositoryWithLinks(organization, repository, baseUrl) };
}

async function updateRepository(request: RouteRequest): Promise<RouteReply> {
  const { organization, body, baseUrl } = request;
  refuseDisabled(findLiving(request), body);
  const defaultBranch = textIn(body, "defaultBranch");
  if (defaultBranch !== undefined) await switchBranch(organization, findLiving(request), defaultBranch);
  // Looked up again: another request may have changed or deleted it while git worked.
  const repository = findLiving(request);
  const name = textIn(body, "name") ?? repository.name;
  const isDisabled = valueIn(body, "isDisabled");
  if (name.toLowerCase() !== repository.name.toLowerCase()) {
    refuseRepositoryName(name);
    refuseTaken(organization, { projectId: repository.projectId, name });
  }
  const updated: RepositoryRecord = {
    ...repository,
    name,
    ...(defaultBranch === undefined ? {} : { defaultBranch }),
    ...(typeof isDisabled === "boolean" ? { isDisabled } : {}),
  };
  organization.put(repositoryKind, updated);
  return { status: 200, body: repositoryBody(organization, updated, baseUrl) };
}

/** A disabled repository takes no change but to be enabled again, and switching it is a change of its own. */
function refuseDisabled(repository: RepositoryRecord, body: unknown): void {
  const isDisabled = valueIn(body, "isDisabled");
  if (repository.isDisabled && isDisabled !== false) throw repositoryNotFound(repository.id);
  const others = textIn(body, "name") ?? textIn(body, "defaultBranch");
  if (isDisabled === !repository.isDisabled && others !== undefined)
    throw new ServiceError(400, "ArgumentException", "isDisabled has to be the only change of an update.");
}

/** Deleted repositories lie in the recycle bin, and their name is free again. */
function deleteRepository(request: RouteRequest): RouteReply {
  const { organization } = request;
  const deleted: RepositoryRecord = { ...findLiving(request), deletedDate: organization.now() };
  organization.put(repositoryKind, deleted);
  return { status: 204 };
}

async function switchBranch(
  organization: Organization,
  repository: RepositoryRecord,
  branch: string,
): Promise<void> {
  const folder = join(organization.gitFolder, repositoryFolder(repository));
  const exists =
    branch.startsWith("refs/heads/") && (await listRefs(folder)).some(({ name }) => name === branch);
  if (!exists) {
    const message = `TF401020: The Git ref with name ${branch} does not exist in the repository ${repository.name}.`;
    throw new ServiceError(400, "GitRefNotFoundException", message);
  }
  await setHead(folder, branch);
}

function refuseTaken(
  organization: Organization,
  { projectId, name }: Pick<RepositoryRecord, "projectId" | "name">,
): void {
  const taken = living(organization, projectId).some(
    (candidate) => candidate.name.toLowerCase() === name.toLowerCase(),
  );
  if (!taken) return;
  const message = `TF400948: A Git repository with the name ${name} already exists.`;
  throw new ServiceError(409, "GitRepositoryNameAlreadyExistsException", message);
}

/** By id, and while it is enabled by name too. */
function findLiving({ organization, params }: RouteRequest): RepositoryRecord {
  const wanted = (params["repositoryId"] ?? "").toLowerCase();
  return (
    living(organization, undefined).find(({ id }) => id === wanted) ??
    findRepository(organization, { project: params["project"], idOrName: wanted })
  );
}

function living(organization: Organization, projectId: string | undefined): readonly RepositoryRecord[] {
  return organization
    .list(repositoryKind, isRepository)
    .filter(
      (repository) =>
        repository.deletedDate === undefined && (projectId ?? repository.projectId) === repository.projectId,
    );
}

const inProject = ["project"];
const oneInProject = ["project", "repositoryId"];
const one = ["repositoryId"];

export const repositoryRoutes: readonly Route[] = [
  { location: repositories, method: "POST", requires: inProject, handle: createRepository },
  { location: repositories, method: "POST", requires: [], handle: createRepository },
  { location: repositories, method: "GET", requires: inProject, handle: listRepositories },
  { location: repositories, method: "GET", requires: [], handle: listRepositories },
  { location: repositories, method: "GET", requires: oneInProject, handle: getRepository },
  { location: repositories, method: "GET", requires: one, handle: getRepository },
  { location: repositories, method: "PATCH", requires: oneInProject, handle: updateRepository },
  { location: repositories, method: "PATCH", requires: one, handle: updateRepository },
  { location: repositories, method: "DELETE", requires: oneInProject, handle: deleteRepository },
  { location: repositories, method: "DELETE", requires: one, handle: deleteRepository },
];
