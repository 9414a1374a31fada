import { listReply, requireText, textIn, valueIn, type JsonObject } from "../body.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { Project } from "../state/organization-state.ts";
import { moveArea, refuseAreaName, removeArea } from "./area-change.ts";
import { areaKind, areasOf, isInArea, type Area, type AreaRecord } from "./area-record.ts";

const nodes = location({
  id: "5a172953-1b41-49d3-840a-33f79c3ce89f",
  area: "wit",
  resourceName: "classificationNodes",
  routeTemplate: "{project}/_apis/{area}/{resource}/{structureGroup}/{*path}",
  resourceVersion: 2,
});

const rootNodes = location({
  id: "a70579d1-f53a-48ee-a5be-7be8659023b9",
  area: "wit",
  resourceName: "classificationNodes",
  routeTemplate: "{project}/_apis/{area}/{resource}",
  resourceVersion: 2,
});

function projectOf({ organization, params }: RouteRequest): Project {
  return organization.project(params["project"] ?? "");
}

/** Makes an area below the one of the URL; a body with an id moves that area here instead. */
function postArea(request: RouteRequest): RouteReply {
  refuseIterations(request);
  const { organization, body } = request;
  const project = projectOf(request);
  const parent = areaOf(request);
  const id = valueIn(body, "id");
  if (typeof id === "number" && id > 0) return moveHere(request, { parent, id });
  const name = requireText(body, "name");
  refuseAreaName(childrenOf(request, parent), name);
  const record: AreaRecord = {
    id: organization.nextNumber(areaKind),
    identifier: organization.newGuid(),
    projectId: project.id,
    names: [...parent.names, name],
  };
  organization.put(areaKind, record);
  const answer = areaBody(areaWithId(request, record.id), request, 0);
  return { status: 201, headers: { location: String(answer["url"]) }, body: answer };
}

function moveHere(
  request: RouteRequest,
  { parent, id }: { readonly parent: Area; readonly id: number },
): RouteReply {
  const area = areaWithId(request, id);
  const name = area.names.at(-1) ?? "";
  if (isInArea(parent, area)) {
    const message = "The area cannot be moved below itself.";
    throw new ServiceError(400, "ClassificationNodeCannotBeMovedException", message);
  }
  refuseAreaName(childrenOf(request, parent), name);
  moveArea(request.organization, projectOf(request), { area, names: [...parent.names, name] });
  return { status: 200, body: areaBody(areaWithId(request, id), request, 0) };
}

function renameArea(request: RouteRequest): RouteReply {
  refuseIterations(request);
  const area = areaOf(request);
  const name = textIn(request.body, "name") ?? area.names.at(-1) ?? "";
  refuseRoot(area);
  const parent = area.names.slice(0, -1);
  const siblings = areasOf(request.organization, projectOf(request)).filter(
    ({ id, names }) =>
      id !== area.id && names.length === area.names.length && sameNames(names.slice(0, -1), parent),
  );
  refuseAreaName(siblings, name);
  moveArea(request.organization, projectOf(request), { area, names: [...parent, name] });
  return { status: 200, body: areaBody(areaWithId(request, area.id), request, 0) };
}

function getArea(request: RouteRequest): RouteReply {
  refuseIterations(request);
  return { status: 200, body: areaBody(areaOf(request), request, depthOf(request)) };
}

/** The root of the areas, or the areas of the ids in the query. */
function listAreas(request: RouteRequest): RouteReply {
  const ids = request.query.get("ids")?.split(",");
  const shown = areasOf(request.organization, projectOf(request)).filter(({ id }) =>
    ids === undefined ? id === 0 : ids.includes(String(id)),
  );
  const bodyOf = ids === undefined ? nodeBody : areaBody;
  const value = shown.map((area) => bodyOf(area, request, depthOf(request)));
  return { status: 200, body: listReply(value) };
}

function deleteArea(request: RouteRequest): RouteReply {
  refuseIterations(request);
  const area = areaOf(request);
  refuseRoot(area);
  removeArea(request.organization, projectOf(request), area);
  return { status: 204 };
}

function depthOf({ query }: RouteRequest): number {
  return Number(query.get("$depth") ?? 0);
}

/** Slashes and backslashes both separate names in the path of a URL. */
function areaOf(request: RouteRequest): Area {
  const names = (request.params["path"] ?? "").split(/[\\/]/).filter((name) => name !== "");
  const areas = areasOf(request.organization, projectOf(request));
  const area = areas.find((candidate) => sameNames(candidate.names, names));
  if (area !== undefined) return area;
  throw notFound(names.join("\\"));
}

function areaWithId(request: RouteRequest, id: number): Area {
  const area = areasOf(request.organization, projectOf(request)).find((candidate) => candidate.id === id);
  if (area !== undefined) return area;
  throw notFound(String(id));
}

function sameNames(left: readonly string[], right: readonly string[]): boolean {
  return left.join("\\").toLowerCase() === right.join("\\").toLowerCase();
}

function childrenOf(request: RouteRequest, parent: Area): readonly Area[] {
  return areasOf(request.organization, projectOf(request)).filter(
    (area) => area.names.length === parent.names.length + 1 && isInArea(area, parent),
  );
}

function notFound(value: string): ServiceError {
  const message = `VS402485: The classification node is not found. Value: '${value}', TreeStructureType: 'Area'.`;
  return new ServiceError(404, "ClassificationNodeNotFoundException", message);
}

function refuseRoot({ names }: Area): void {
  if (names.length > 0) return;
  const message = "The root of the areas can be neither renamed nor deleted.";
  throw new ServiceError(400, "ClassificationNodeCannotModifyRootNodeException", message);
}

function refuseIterations({ params }: RouteRequest): void {
  if (params["structureGroup"]?.toLowerCase() === "areas") return;
  const message = "The local organisation knows areas, no iterations.";
  throw new ServiceError(501, "NotImplementedException", message);
}

/** The area that was asked for has links; those that come with it have none. */
function areaBody(area: Area, request: RouteRequest, depth: number): JsonObject {
  const body = nodeBody(area, request, depth);
  const parent = { href: String(body["url"]).replace(/\/[^/]*$/, "") };
  const isRoot = area.names.length === 0;
  return { ...body, _links: { self: { href: body["url"] }, ...(isRoot ? {} : { parent }) } };
}

/** The path of an area shows an `Area` after the project that its value as a team's field does not have. */
function nodeBody(area: Area, request: RouteRequest, depth: number): JsonObject {
  const project = projectOf(request);
  const children = childrenOf(request, area);
  const shown = depth > 0 ? children.map((child) => nodeBody(child, request, depth - 1)) : [];
  const at = `${request.baseUrl}/${project.id}/_apis/wit/classificationNodes/Areas`;
  return {
    id: area.id,
    identifier: area.identifier,
    name: area.names.at(-1) ?? project.name,
    structureType: "area",
    hasChildren: children.length > 0,
    ...(shown.length > 0 ? { children: shown } : {}),
    path: ["", project.name, "Area", ...area.names].join("\\"),
    url: [at, ...area.names.map(encodeURIComponent)].join("/"),
  };
}

const root = ["project", "structureGroup"];
const one = [...root, "path"];

export const areaRoutes: readonly Route[] = [
  { location: nodes, method: "POST", requires: root, handle: postArea },
  { location: nodes, method: "POST", requires: one, handle: postArea },
  { location: nodes, method: "GET", requires: root, handle: getArea },
  { location: nodes, method: "GET", requires: one, handle: getArea },
  { location: nodes, method: "PATCH", requires: one, handle: renameArea },
  { location: nodes, method: "DELETE", requires: root, handle: deleteArea },
  { location: nodes, method: "DELETE", requires: one, handle: deleteArea },
  { location: rootNodes, method: "GET", requires: ["project"], handle: listAreas },
];
