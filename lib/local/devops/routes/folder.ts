import { listReply, textIn, type JsonObject } from "../body.ts";
import { identityReference, projectReference } from "../identity-reference.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ensureFolder, folderKind, foldersOf, type FolderRecord } from "./folder-record.ts";
import { normalizeFolderPath, pipelineKind, pipelinesOf } from "./pipeline-record.ts";

const folders = location({
  id: "a906531b-d2da-4f55-bda7-f3e676cc50d9",
  area: "build",
  resourceName: "folders",
  routeTemplate: "{project}/_apis/{area}/{resource}/{*path}",
  resourceVersion: 2,
  releasedVersion: "0.0",
});

/** Clients name the folder in the path of the URL or in its query; the service takes both. */
function pathOf({ params, query }: RouteRequest): string {
  return normalizeFolderPath(params["path"] ?? query.get("path") ?? "\\");
}

function putFolder(request: RouteRequest): RouteReply {
  const { organization, params, body } = request;
  const project = organization.project(params["project"] ?? "");
  const path = pathOf(request);
  ensureFolder(organization, project.id, path);
  const folder = findFolder(request, path);
  const described = { ...folder, description: textIn(body, "description") ?? folder.description };
  organization.put(folderKind, described);
  return { status: 200, body: folderBody(described, request) };
}

function listFolders(request: RouteRequest): RouteReply {
  const { organization, params } = request;
  const project = organization.project(params["project"] ?? "");
  ensureFolder(organization, project.id, "\\");
  const below = pathOf(request).toLowerCase();
  const shown = foldersOf(organization, project.id).filter(({ path }) => isBelow(path, below));
  return { status: 200, body: listReply(shown.map((folder) => folderBody(folder, request))) };
}

/** Deleting a folder deletes what is in it, as the service does. */
function deleteFolder(request: RouteRequest): RouteReply {
  const { organization, params } = request;
  const project = organization.project(params["project"] ?? "");
  const below = pathOf(request).toLowerCase();
  for (const folder of foldersOf(organization, project.id)) {
    if (folder.path !== "\\" && isBelow(folder.path, below)) organization.remove(folderKind, folder.id);
  }
  for (const pipeline of pipelinesOf(organization, project.id)) {
    if (isBelow(pipeline.folderPath, below)) organization.remove(pipelineKind, pipeline.id);
  }
  return { status: 204 };
}

function isBelow(path: string, folder: string): boolean {
  const lower = path.toLowerCase();
  return folder === "\\" || lower === folder || lower.startsWith(`${folder}\\`);
}

function findFolder({ organization, params }: RouteRequest, path: string): FolderRecord {
  const project = organization.project(params["project"] ?? "");
  const folder = foldersOf(organization, project.id).find(
    (candidate) => candidate.path.toLowerCase() === path.toLowerCase(),
  );
  if (folder === undefined) throw new Error(`no folder ${path}`);
  return folder;
}

function folderBody(folder: FolderRecord, { organization, baseUrl, identity }: RouteRequest): JsonObject {
  return {
    path: folder.path,
    description: folder.description,
    createdOn: folder.createdOn,
    createdBy: identityReference(identity, baseUrl),
    project: projectReference(organization.project(folder.projectId), baseUrl),
  };
}

export const folderRoutes: readonly Route[] = [
  { location: folders, method: "GET", requires: ["project"], handle: listFolders },
  { location: folders, method: "GET", requires: ["project", "path"], handle: listFolders },
  { location: folders, method: "PUT", requires: ["project"], handle: putFolder },
  { location: folders, method: "PUT", requires: ["project", "path"], handle: putFolder },
  { location: folders, method: "DELETE", requires: ["project"], handle: deleteFolder },
  { location: folders, method: "DELETE", requires: ["project", "path"], handle: deleteFolder },
];
