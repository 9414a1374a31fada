import { join } from "node:path";
import { findItem, listItems, readBlob, type GitItem } from "../../../git/bare-repository.ts";
import { listReply, type JsonObject } from "../body.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import { findRepository, repositoryFolder, type RepositoryRecord } from "./repository-record.ts";
import { readVersion, type Version } from "./version-descriptor.ts";

const items = location({
  id: "fb93c0db-47ed-4a31-8c20-47552878fb44",
  area: "git",
  resourceName: "items",
  routeTemplate: "{project}/_apis/{area}/repositories/{repositoryId}/{resource}/{*path}",
});

interface Place {
  readonly repository: RepositoryRecord;
  readonly folder: string;
  readonly version: Version;
}

/** One file or folder by `path`, or what lies below `scopePath`. */
async function getItems(request: RouteRequest): Promise<RouteReply> {
  const { params, query } = request;
  const scope = query.get("scopepath");
  const path = query.get("path") ?? params["path"];
  const place = placeOf(request);
  if (path === undefined) return await getList(request, place, scope ?? "/");
  return await getOne(request, place, path);
}

/** The content itself, unless the client asks for JSON: then what it is, with its content where that is asked for too. */
async function getOne(request: RouteRequest, place: Place, path: string): Promise<RouteReply> {
  const { query, accept } = request;
  const item = await requireItem(place, path);
  const wantsJson = query.get("$format")?.toLowerCase() === "json" || accept.includes("application/json");
  if (item.type === "tree") return { status: 200, body: itemBody(item, place, request) };
  if (!wantsJson) {
    const type = accept.includes("application/octet-stream")
      ? "application/octet-stream"
      : "text/plain; charset=utf-8";
    return { status: 200, type, body: await readBlob(place.folder, item.objectId) };
  }
  const withContent = query.get("includecontent")?.toLowerCase() === "true";
  const content = withContent ? { content: await readBlob(place.folder, item.objectId) } : {};
  return { status: 200, body: { ...itemBody(item, place, request), ...content } };
}

async function getList(request: RouteRequest, place: Place, scope: string): Promise<RouteReply> {
  const level = (request.query.get("recursionlevel") ?? "none").toLowerCase();
  const top = await requireItem(place, scope);
  const isDeep = level === "full" || level === "120";
  const below =
    top.type === "blob" || level === "none" || level === "0"
      ? []
      : await listItems(place.folder, top.objectId, {
          prefix: top.path === "" ? "" : `${top.path}/`,
          isRecursive: isDeep,
        });
  return { status: 200, body: listReply([top, ...below].map((item) => itemBody(item, place, request))) };
}

function placeOf({ organization, params, query }: RouteRequest): Place {
  const repository = findRepository(organization, {
    project: params["project"],
    idOrName: params["repositoryId"] ?? "",
  });
  const isLong = query.has("versiondescriptor.version");
  return {
    repository,
    folder: join(organization.gitFolder, repositoryFolder(repository)),
    version: readVersion(query, isLong ? "versiondescriptor." : "", repository),
  };
}

async function requireItem({ folder, version, repository }: Place, path: string): Promise<GitItem> {
  const clean = path.replaceAll(/^\/+|\/+$/g, "");
  const item = await findItem(folder, version.revision, clean);
  if (item !== undefined) return item;
  const message = `TF401174: The item /${clean} could not be found in the repository ${repository.name} at the version specified by ${version.text}.`;
  throw new ServiceError(404, "GitItemNotFoundException", message);
}

function itemBody(
  { objectId, type, path }: GitItem,
  { repository, version }: Place,
  { baseUrl }: RouteRequest,
): JsonObject {
  const url = `${baseUrl}/${repository.projectId}/_apis/git/repositories/${repository.id}/items`;
  const at = `versionType=Branch&version=${encodeURIComponent(version.text)}`;
  return {
    objectId,
    gitObjectType: type,
    path: `/${path}`,
    ...(type === "tree" ? { isFolder: true } : {}),
    url: `${url}?path=${encodeURIComponent(`/${path}`)}&${at}`,
  };
}

export const itemRoutes: readonly Route[] = [
  { location: items, method: "GET", requires: ["project", "repositoryId"], handle: getItems },
  { location: items, method: "GET", requires: ["project", "repositoryId", "path"], handle: getItems },
  { location: items, method: "GET", requires: ["repositoryId"], handle: getItems },
];
