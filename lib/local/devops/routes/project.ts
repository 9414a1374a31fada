import { listReply, requireText, textIn } from "../body.ts";
import { projectReference } from "../identity-reference.ts";
import { location } from "../location.ts";
import type { Route } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { Organization } from "../state/organization.ts";
import type { Project } from "../state/organization-state.ts";
import { putProjectGroups } from "../state/well-known-identities.ts";
import { createTeam } from "./team-record.ts";

const projects = location({
  id: "603fe2ac-9723-48b9-88ad-09305aa6c6e1",
  area: "core",
  resourceName: "projects",
  routeTemplate: "_apis/{resource}/{*projectId}",
  resourceVersion: 4,
});

/** Makes a project with its groups and its default team; a project of that name that exists is answered as it is. */
export function ensureProject(organization: Organization, name: string, description: string): Project {
  const known = Object.values(organization.state().projects).find(
    (project) => project.name.toLowerCase() === name.toLowerCase(),
  );
  if (known !== undefined) return known;
  const id = organization.newGuid();
  const project = {
    id,
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

export const projectRoutes: readonly Route[] = [
  {
    location: projects,
    method: "GET",
    requires: [],
    handle: ({ organization, baseUrl }) => {
      const all = Object.values(organization.state().projects);
      return { status: 200, body: listReply(all.map((project) => projectReference(project, baseUrl))) };
    },
  },
  {
    location: projects,
    method: "GET",
    requires: ["projectId"],
    handle: ({ organization, params, baseUrl }) => {
      const project = organization.project(params["projectId"] ?? "");
      const defaultTeam = {
        id: project.defaultTeamId,
        name: `${project.name} Team`,
        url: `${baseUrl}/_apis/projects/${project.id}/teams/${project.defaultTeamId}`,
      };
      const links = {
        self: { href: `${baseUrl}/_apis/projects/${project.id}` },
        web: { href: `${baseUrl}/${encodeURIComponent(project.name)}` },
      };
      return { status: 200, body: { ...projectReference(project, baseUrl), _links: links, defaultTeam } };
    },
  },
  {
    location: projects,
    method: "POST",
    requires: [],
    handle: ({ organization, body, baseUrl }) => {
      const name = requireText(body, "name");
      const exists = Object.values(organization.state().projects).some(
        (project) => project.name.toLowerCase() === name.toLowerCase(),
      );
      if (exists) {
        throw new ServiceError(
          400,
          "ProjectAlreadyExistsException",
          `TF200019: The following project already exists on the Azure DevOps Server: ${name}.`,
        );
      }
      ensureProject(organization, name, textIn(body, "description") ?? "");
      const id = organization.newGuid();
      return { status: 202, body: { id, status: "succeeded", url: `${baseUrl}/_apis/operations/${id}` } };
    },
  },
];
