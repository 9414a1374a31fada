import { environmentsOf } from "../routes/environment-record.ts";
import { pipelinesOf } from "../routes/pipeline-record.ts";
import { isRepository, repositoryKind } from "../routes/repository-record.ts";
import { teamsOf } from "../routes/team-record.ts";
import type { Organization } from "../state/organization.ts";
import type { Project } from "../state/organization-state.ts";

export interface PageRequest {
  readonly organization: Organization;
  /** Segments below the organisation, decoded. */
  readonly path: readonly string[];
  readonly query: ReadonlyMap<string, string>;
  readonly baseUrl: string;
}

interface Section {
  readonly title: string;
  readonly rows: readonly string[];
}

/** A plain page for a browser: what the links of the real service show, in short; undefined where there is nothing to show. */
export function renderPage({ organization, path }: PageRequest): string | undefined {
  const [projectName, area, name] = path;
  const projects = Object.values(organization.state().projects);
  if (projectName === undefined)
    return html("Projects", [{ title: "Projects", rows: projects.map((project) => project.name) }]);
  const project = projects.find(
    (candidate) => candidate.name.toLowerCase() === projectName.toLowerCase() || candidate.id === projectName,
  );
  if (project === undefined) return undefined;
  const sections = describeProject(organization, project);
  const shown = area === undefined ? undefined : sectionOf(area);
  const titles = [project.name, ...(name === undefined ? [] : [name])].join(" / ");
  return html(titles, shown === undefined ? sections : sections.filter(({ title }) => title === shown));
}

function sectionOf(area: string): string | undefined {
  if (area === "_git") return "Repositories";
  if (area === "_build") return "Pipelines";
  if (area === "_environments") return "Environments";
  return undefined;
}

function describeProject(organization: Organization, project: Project): readonly Section[] {
  const repositories = organization
    .list(repositoryKind, isRepository)
    .filter(({ projectId, deletedDate }) => projectId === project.id && deletedDate === undefined);
  return [
    {
      title: "Repositories",
      rows: repositories.map((repository) => `${repository.name} (${repository.defaultBranch ?? "empty"})`),
    },
    {
      title: "Pipelines",
      rows: pipelinesOf(organization, project.id).map(
        (pipeline) => `${pipeline.folderPath}\\${pipeline.name}`,
      ),
    },
    {
      title: "Environments",
      rows: environmentsOf(organization, project.id).map(({ environmentName }) => environmentName),
    },
    { title: "Teams", rows: teamsOf(organization, project).map((team) => team.name) },
  ];
}

function html(title: string, sections: readonly Section[]): string {
  const body = sections.map(
    (section) =>
      `<h2>${escape(section.title)}</h2><ul>${section.rows.map((row) => `<li>${escape(row)}</li>`).join("")}</ul>`,
  );
  const style = "body{font:16px system-ui;margin:2rem auto;max-width:48rem}";
  return `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>${escape(title)}</title><style>${style}</style><h1>${escape(title)}</h1>${body.join("")}</html>`;
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
