import { requireText, type JsonObject } from "../body.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { Project } from "../state/organization-state.ts";
import { areaKind, areasOf, type Area, type AreaRecord } from "./area-record.ts";

const nodes = location({
  id: "5a172953-1b41-49d3-840a-33f79c3ce89f",
  area: "wit",
  resourceName: "classificationNodes",
  routeTemplate: "{project}/_apis/{area}/{resource}/{structureGroup}/{*path}",
  resourceVersion: 2,
});

/** Slashes and backslashes both separate names in the path of a URL. */
function namesOf(path: string | undefined): readonly string[] {
  return (path ?? "").split(/[\\/]/).filter((name) => name !== "");
}

function refuseIterations({ params }: RouteRequest): void {
  if (params["structureGroup"]?.toLowerCase() === "areas") return;
  throw new ServiceError(
    501,
    "NotImplementedException",
    "The local organisation knows areas, no iterations.",
  );
}

function createArea(request: RouteRequest): RouteReply {
  refuseIterations(request);
  const { organization, params, body } = request;
  const project = organization.project(params["project"] ?? "");
  const parent = findArea(request, project, namesOf(params["path"]));
  const name = requireText(body, "name");
  const names = [...parent.names, name];
  if (areaAt(request, project, names) !== undefined) {
    const message = `VS402371: Classification node name ${name} is already in use by a different node in the tree. Specify a different name.`;
    throw new ServiceError(409, "ClassificationNodeDuplicateNameException", message);
  }
  const record: AreaRecord = {
    id: organization.nextNumber(areaKind),
    identifier: organization.newGuid(),
    projectId: project.id,
    names,
  };
  organization.put(areaKind, record);
  const made = findArea(request, project, names);
  const answer = areaBody(made, request, 0);
  return { status: 201, headers: { location: String(answer["url"]) }, body: answer };
}

function getArea(request: RouteRequest): RouteReply {
  refuseIterations(request);
  const { organization, params, query } = request;
  const project = organization.project(params["project"] ?? "");
  const depth = Number(query.get("$depth") ?? 0);
  return { status: 200, body: areaBody(findArea(request, project, namesOf(params["path"])), request, depth) };
}

function deleteArea(request: RouteRequest): RouteReply {
  const { organization, params } = request;
  const project = organization.project(params["project"] ?? "");
  const area = findArea(request, project, namesOf(params["path"]));
  for (const candidate of areasOf(organization, project)) {
    if (candidate.id !== 0 && isBelow(candidate, area)) organization.remove(areaKind, candidate.id);
  }
  return { status: 204 };
}

function findArea(request: RouteRequest, project: Project, names: readonly string[]): Area {
  const area = areaAt(request, project, names);
  if (area !== undefined) return area;
  const message = `VS402485: The classification node is not found. Value: '${names.join("\\")}', TreeStructureType: 'Area'.`;
  throw new ServiceError(404, "ClassificationNodeNotFoundException", message);
}

function areaAt(
  { organization }: RouteRequest,
  project: Project,
  names: readonly string[],
): Area | undefined {
  const wanted = names.join("\\").toLowerCase();
  return areasOf(organization, project).find((area) => area.names.join("\\").toLowerCase() === wanted);
}

function isBelow(area: Area, top: Area): boolean {
  return `${area.fieldValue}\\`.toLowerCase().startsWith(`${top.fieldValue}\\`.toLowerCase());
}

/** The path of an area shows an `Area` after the project that its value as a team's field does not have. */
function areaBody(area: Area, request: RouteRequest, depth: number): JsonObject {
  const { organization, baseUrl } = request;
  const project = organization.project(area.projectId);
  const children = areasOf(organization, project).filter(
    (child) => child.names.length === area.names.length + 1 && isBelow(child, area),
  );
  const path = area.names.map((name) => `/${encodeURIComponent(name)}`).join("");
  const url = `${baseUrl}/${project.id}/_apis/wit/classificationNodes/Areas${path}`;
  return {
    id: area.id,
    identifier: area.identifier,
    name: area.names.at(-1) ?? project.name,
    structureType: "area",
    hasChildren: children.length > 0,
    path: ["", project.name, "Area", ...area.names].join("\\"),
    _links: { self: { href: url } },
    url,
    ...(depth > 0 && children.length > 0
      ? { children: children.map((child) => areaBody(child, request, depth - 1)) }
      : {}),
  };
}

export const areaRoutes: readonly Route[] = [
  { location: nodes, method: "POST", requires: ["project", "structureGroup"], handle: createArea },
  { location: nodes, method: "POST", requires: ["project", "structureGroup", "path"], handle: createArea },
  { location: nodes, method: "GET", requires: ["project", "structureGroup"], handle: getArea },
  { location: nodes, method: "GET", requires: ["project", "structureGroup", "path"], handle: getArea },
  { location: nodes, method: "DELETE", requires: ["project", "structureGroup", "path"], handle: deleteArea },
];
