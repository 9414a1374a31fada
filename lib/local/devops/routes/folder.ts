import { listReply, textIn, type JsonObject } from "../body.ts";
import { identityReference, projectReference } from "../identity-reference.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { Project } from "../state/organization-state.ts";
import { ensureFolder, folderKind, foldersOf, isInFolder, type FolderRecord } from "./folder-record.ts";
import { normalizeFolderPath, pipelineKind, pipelinesOf, type PipelineRecord } from "./pipeline-record.ts";

const root = "\\";

const folders = location({
  id: "a906531b-d2da-4f55-bda7-f3e676cc50d9",
  area: "build",
  resourceName: "folders",
  routeTemplate: "{project}/_apis/{area}/{resource}/{*path}",
  resourceVersion: 2,
  releasedVersion: "0.0",
});

function projectOf({ organization, params }: RouteRequest): Project {
  return organization.project(params["project"] ?? "");
}

/** Clients name the folder in the path of the URL or in its query; the service takes both. */
function pathOf({ params, query }: RouteRequest): string {
  return normalizeFolderPath(params["path"] ?? query.get("path") ?? root);
}

/** Parents are made on the way. */
function putFolder(request: RouteRequest): RouteReply {
  const { organization, body } = request;
  const project = projectOf(request);
  const path = pathOf(request);
  ensureFolder(organization, project.id, path);
  const folder = findFolder(request, path);
  const description = textIn(body, "description") ?? folder.description;
  const described = { ...folder, ...(description === undefined ? {} : { description }) };
  organization.put(folderKind, described);
  return { status: 200, body: folderBody(described, request) };
}

/** Describes or moves a folder, with everything that is in it. */
function updateFolder(request: RouteRequest): RouteReply {
  const { organization, body } = request;
  const folder = findFolder(request, pathOf(request));
  const path = normalizeFolderPath(textIn(body, "path") ?? folder.path);
  const description = textIn(body, "description") ?? folder.description;
  if (path.toLowerCase() !== folder.path.toLowerCase()) moveFolder(request, folder, path);
  const updated = {
    ...folder,
    path,
    lastChangedDate: organization.now(),
    ...(description === undefined ? {} : { description }),
  };
  organization.put(folderKind, updated);
  return { status: 200, body: folderBody(updated, request) };
}

function moveFolder(request: RouteRequest, folder: FolderRecord, path: string): void {
  const { organization } = request;
  const project = projectOf(request);
  const taken = foldersOf(organization, project.id).some((other) => sameName(other.path, path));
  if (folder.path === root || taken || isInFolder(path, folder.path)) {
    throw new ServiceError(409, "FolderExistsException", `The folder ${folder.path} cannot become ${path}.`);
  }
  const moved = (old: string): string => `${path}${old.slice(folder.path.length)}`;
  for (const inner of foldersOf(organization, project.id)) {
    const record: FolderRecord = { ...inner, path: moved(inner.path) };
    if (isInFolder(inner.path, folder.path)) organization.put(folderKind, record);
  }
  for (const pipeline of pipelinesOf(organization, project.id)) {
    const record: PipelineRecord = { ...pipeline, folderPath: moved(pipeline.folderPath) };
    if (isInFolder(pipeline.folderPath, folder.path)) organization.put(pipelineKind, record);
  }
  ensureFolder(organization, project.id, path);
}

/** The folder and all below it; the root is always there. */
function listFolders(request: RouteRequest): RouteReply {
  const { organization, query } = request;
  const project = projectOf(request);
  ensureFolder(organization, project.id, root);
  const below = pathOf(request);
  const shown = foldersOf(organization, project.id).filter(({ path }) => isInFolder(path, below));
  const isDescending = query.get("queryorder")?.toLowerCase() === "folderdescending";
  const ordered = isDescending ? shown.toReversed() : shown;
  return { status: 200, body: listReply(ordered.map((folder) => folderBody(folder, request))) };
}

/** Deleting a folder deletes what is in it, pipelines too. */
function deleteFolder(request: RouteRequest): RouteReply {
  const { organization } = request;
  const project = projectOf(request);
  const { path: below } = findFolder(request, pathOf(request));
  if (below === root)
    throw new ServiceError(400, "InvalidFolderException", "The root folder cannot be deleted.");
  for (const folder of foldersOf(organization, project.id)) {
    if (isInFolder(folder.path, below)) organization.remove(folderKind, folder.id);
  }
  for (const pipeline of pipelinesOf(organization, project.id)) {
    if (isInFolder(pipeline.folderPath, below)) organization.remove(pipelineKind, pipeline.id);
  }
  return { status: 204 };
}

function findFolder(request: RouteRequest, path: string): FolderRecord {
  const { organization } = request;
  const project = projectOf(request);
  const folder = foldersOf(organization, project.id).find((candidate) => sameName(candidate.path, path));
  if (folder !== undefined) return folder;
  throw new ServiceError(404, "FolderNotFoundException", `Folder ${path} does not exist.`);
}

function sameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function folderBody(folder: FolderRecord, { organization, baseUrl, identity }: RouteRequest): JsonObject {
  const by = identityReference(identity, baseUrl);
  return {
    path: folder.path,
    description: folder.description,
    createdOn: folder.createdOn,
    createdBy: folder.path === root ? undefined : by,
    lastChangedDate: folder.lastChangedDate,
    lastChangedBy: folder.lastChangedDate === undefined ? undefined : by,
    project: projectReference(organization.project(folder.projectId), baseUrl),
  };
}

export const folderRoutes: readonly Route[] = [[], ["path"]].flatMap((path): readonly Route[] => [
  { location: folders, method: "GET", requires: ["project", ...path], handle: listFolders },
  { location: folders, method: "PUT", requires: ["project", ...path], handle: putFolder },
  { location: folders, method: "POST", requires: ["project", ...path], handle: updateFolder },
  { location: folders, method: "DELETE", requires: ["project", ...path], handle: deleteFolder },
]);
