import { listReply, requireText, textIn, type JsonObject } from "../body.ts";
import { projectReference } from "../identity-reference.ts";
import { location } from "../location.ts";
import { refuseProjectName } from "../names.ts";
import { page } from "../page.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { Organization } from "../state/organization.ts";
import type { Project } from "../state/organization-state.ts";
import { putProjectGroups } from "../state/well-known-identities.ts";
import { cancelRuns } from "./cancel-run.ts";
import { queuedOperation } from "./operation.ts";
import { removeProject } from "./project-removal.ts";
import { createTeam } from "./team-record.ts";

const projects = location({
  id: "603fe2ac-9723-48b9-88ad-09305aa6c6e1",
  area: "core",
  resourceName: "projects",
  routeTemplate: "_apis/{resource}/{*projectId}",
  resourceVersion: 4,
});

const processes = location({
  id: "93878975-88c5-4e6a-8abb-7ddd77a8a7d8",
  area: "core",
  resourceName: "processes",
  routeTemplate: "_apis/process/{resource}/{*processId}",
});

/** The one process that projects follow here; the id is that of the service's process of this name. */
const basicProcess = { id: "b8a3a935-7e91-48b8-a94c-606d37c3e9f2", name: "Basic" };

/** Makes a project with its groups and its default team; a project of that name that exists is answered as it is. */
export function ensureProject(organization: Organization, name: string, description: string): Project {
  const known = findByName(organization, name);
  if (known !== undefined) return known;
  const project: Project = {
    id: organization.newGuid(),
    name,
    description,
    defaultTeamId: organization.newGuid(),
    lastUpdateTime: organization.now(),
  };
  organization.putProject(project);
  putProjectGroups(organization, project);
  createTeam(organization, project, {
    id: project.defaultTeamId,
    name: `${name} Team`,
    description: "The default project team.",
  });
  return project;
}

function listProjects({ organization, query, baseUrl }: RouteRequest): RouteReply {
  const all = Object.values(organization.state().projects).toSorted((left, right) =>
    left.name.localeCompare(right.name),
  );
  const skipped = all.slice(Number(query.get("$skip") ?? 0) || 0);
  const { shown, headers } = page(skipped, query);
  return {
    status: 200,
    headers,
    body: listReply(shown.map((project) => projectReference(project, baseUrl))),
  };
}

function getProject({ organization, params, query, baseUrl }: RouteRequest): RouteReply {
  const project = organization.project(params["projectId"] ?? "");
  const url = `${baseUrl}/_apis/projects/${project.id}`;
  const capabilities = {
    processTemplate: { templateName: basicProcess.name, templateTypeId: basicProcess.id },
    versioncontrol: { sourceControlType: "Git", gitEnabled: "True", tfvcEnabled: "False" },
  };
  const wantsCapabilities = query.get("includecapabilities")?.toLowerCase() === "true";
  return {
    status: 200,
    body: {
      ...projectReference(project, baseUrl),
      ...(wantsCapabilities ? { capabilities } : {}),
      _links: {
        self: { href: url },
        collection: { href: `${baseUrl}/_apis/projectCollections/${organization.state().instanceId}` },
        web: { href: `${baseUrl}/${encodeURIComponent(project.name)}` },
      },
      defaultTeam: {
        id: project.defaultTeamId,
        name: `${project.name} Team`,
        url: `${url}/teams/${project.defaultTeamId}`,
      },
    },
  };
}

/** The service makes projects in the background; here the operation has ended when the client asks for it. */
function createProject({ organization, body, baseUrl }: RouteRequest): RouteReply {
  const name = requireText(body, "name");
  refuseProjectName(name);
  if (findByName(organization, name) !== undefined) {
    throw new ServiceError(
      400,
      "ProjectAlreadyExistsException",
      `TF200019: The following project already exists on the Azure DevOps Server: ${name}.`,
    );
  }
  ensureProject(organization, name, textIn(body, "description") ?? "");
  return { status: 202, body: queuedOperation(organization.newGuid(), baseUrl) };
}

function deleteProject(request: RouteRequest): RouteReply {
  const { organization, params, baseUrl } = request;
  const project = organization.project(params["projectId"] ?? "");
  cancelRuns(request, project.id);
  removeProject(organization, project);
  return { status: 202, body: queuedOperation(organization.newGuid(), baseUrl) };
}

function findByName(organization: Organization, name: string): Project | undefined {
  return Object.values(organization.state().projects).find(
    (project) => project.name.toLowerCase() === name.toLowerCase(),
  );
}

function processBody(baseUrl: string): JsonObject {
  return {
    ...basicProcess,
    description: "The process of every project of the local organisation.",
    isDefault: true,
    type: "system",
    url: `${baseUrl}/_apis/process/processes/${basicProcess.id}`,
  };
}

export const projectRoutes: readonly Route[] = [
  { location: projects, method: "GET", requires: [], handle: listProjects },
  { location: projects, method: "GET", requires: ["projectId"], handle: getProject },
  { location: projects, method: "POST", requires: [], handle: createProject },
  { location: projects, method: "DELETE", requires: ["projectId"], handle: deleteProject },
  {
    location: processes,
    method: "GET",
    requires: [],
    handle: ({ baseUrl }) => ({ status: 200, body: listReply([processBody(baseUrl)]) }),
  },
];
