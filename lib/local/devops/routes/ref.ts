import { join } from "node:path";
import { listRefs, noObject, updateRef, type RefUpdate } from "../../../git/bare-repository.ts";
import { isObject, listReply, textIn } from "../body.ts";
import { identityReference } from "../identity-reference.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { noteHistory } from "../git/note-history.ts";
import { protectedRefs } from "../git/protected-refs.ts";
import { findRepository, repositoryFolder } from "./repository-record.ts";

const refs = location({
  id: "2d874a60-a811-4f62-9c9f-963a6ea0a55b",
  area: "git",
  resourceName: "refs",
  routeTemplate: "{project}/_apis/{area}/repositories/{repositoryId}/{resource}/{*filter}",
  resourceVersion: 2,
});

const objectIdForm = /^[0-9a-f]{40}$/;

async function getRefs({
  organization,
  params,
  query,
  identity,
  baseUrl,
}: RouteRequest): Promise<RouteReply> {
  const repository = findRepository(organization, {
    project: params["project"],
    idOrName: params["repositoryId"] ?? "",
  });
  const filter = `refs/${params["filter"] ?? query.get("filter") ?? ""}`;
  const contains = query.get("filtercontains") ?? "";
  const all = await listRefs(join(organization.gitFolder, repositoryFolder(repository)));
  const url = `${baseUrl}/${repository.projectId}/_apis/git/repositories/${repository.id}/refs`;
  const value = all
    .filter(({ name }) => name.startsWith(filter) && name.includes(contains))
    .map(({ name, objectId }) => ({
      name,
      objectId,
      creator: identityReference(identity, baseUrl),
      url: `${url}?filter=${encodeURIComponent(name.slice("refs/".length))}`,
    }));
  return { status: 200, body: { value, count: value.length } };
}

/** One result for each update inside one 200, as the service answers. */
async function updateRefs({ organization, params, body, identity, work }: RouteRequest): Promise<RouteReply> {
  const repository = findRepository(organization, {
    project: params["project"],
    idOrName: params["repositoryId"] ?? "",
  });
  const folder = join(organization.gitFolder, repositoryFolder(repository));
  await work.expectMoves(repository.id);
  const closed = protectedRefs(organization, repository);
  const value = [];
  for (const update of Array.isArray(body) ? body.filter(isObject) : []) {
    const name = textIn(update, "name") ?? "";
    const oldObjectId = textIn(update, "oldObjectId") ?? noObject;
    const newObjectId = textIn(update, "newObjectId") ?? noObject;
    const isClosed = closed.some((ref) => name === ref || name.startsWith(`${ref}/`));
    const updateStatus = isClosed
      ? "rejectedByPolicy"
      : await changeRef(folder, { name, oldObjectId, newObjectId });
    value.push({
      repositoryId: repository.id,
      name,
      oldObjectId,
      newObjectId,
      isLocked: false,
      updateStatus,
      success: updateStatus === "succeeded",
    });
  }
  await noteHistory(organization, repository.id);
  await work.refsMoved(repository.id, identity);
  return { status: 200, body: listReply(value) };
}

async function changeRef(folder: string, update: RefUpdate): Promise<string> {
  const { name, oldObjectId, newObjectId } = update;
  if (!name.startsWith("refs/") || !objectIdForm.test(oldObjectId) || !objectIdForm.test(newObjectId))
    return "invalidRefName";
  const current = (await listRefs(folder)).find((ref) => ref.name === name)?.objectId ?? noObject;
  if (current !== oldObjectId) return "staleOldObjectId";
  return (await updateRef(folder, update)) ? "succeeded" : "unprocessed";
}

export const refRoutes: readonly Route[] = [
  { location: refs, method: "GET", requires: ["project", "repositoryId"], handle: getRefs },
  { location: refs, method: "GET", requires: ["project", "repositoryId", "filter"], handle: getRefs },
  { location: refs, method: "GET", requires: ["repositoryId"], handle: getRefs },
  { location: refs, method: "POST", requires: ["project", "repositoryId"], handle: updateRefs },
  { location: refs, method: "POST", requires: ["repositoryId"], handle: updateRefs },
];
