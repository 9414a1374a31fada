import type { Organization } from "../state/organization.ts";
import type { Project } from "../state/organization-state.ts";
import { html } from "./html.ts";
import { addressOf, layout, link, table, type Page } from "./layout.ts";
import {
  environmentsPage,
  libraryPage,
  pipelinesPage,
  policiesPage,
  projectPage,
  repositoriesOf,
  repositoriesPage,
  teamsPage,
  type ProjectPage,
} from "./project-pages.ts";
import { pullRequestPage, pullRequestsPage } from "./pull-request-pages.ts";
import { repositoryPage } from "./repository-page.ts";
import { runPage } from "./run-pages.ts";

export interface PageRequest {
  readonly organization: Organization;
  /** Segments below the organisation, decoded. */
  readonly path: readonly string[];
  readonly query: ReadonlyMap<string, string>;
  readonly baseUrl: string;
}

export interface RenderedPage {
  readonly status: 200 | 404;
  readonly html: string;
}

/** A plain page for a browser: what the links of the real service show, in short. Where there is nothing it says so. */
export async function renderPage({ organization, path, query, baseUrl }: PageRequest): Promise<RenderedPage> {
  const [projectName, area = "", ...rest] = path;
  if (projectName === undefined)
    return { status: 200, html: layout(projectsPage(organization, baseUrl), { baseUrl, trail: [] }) };
  const project = findProject(organization, projectName);
  if (project === undefined) return nothing({ baseUrl, trail: [] }, `There is no project ${projectName}.`);
  const trail = [[project.name, addressOf(baseUrl, project.name)] as const];
  const page = await pageOf({ organization, project, baseUrl, query }, area.toLowerCase(), rest);
  if (page !== undefined) return { status: 200, html: layout(page, { baseUrl, trail }) };
  return nothing({ baseUrl, trail }, "The local organisation has no page for this.");
}

async function pageOf(page: ProjectPage, area: string, rest: readonly string[]): Promise<Page | undefined> {
  switch (area) {
    case "":
      return projectPage(page);
    case "_git":
      return await gitPage(page, rest);
    case "_build":
      return buildPage(page, rest[0]);
    case "_environments":
      return environmentsPage(page);
    case "_library":
      return libraryPage(page);
    case "_settings":
      return rest[0]?.toLowerCase() === "teams" ? teamsPage(page) : policiesPage(page);
    default:
      return undefined;
  }
}

function buildPage(page: ProjectPage, part: string | undefined): Page | undefined {
  return part?.toLowerCase() === "results" ? runPage(page) : pipelinesPage(page);
}

async function gitPage(
  page: ProjectPage,
  [name, part = "", number = ""]: readonly string[],
): Promise<Page | undefined> {
  if (name === undefined) return repositoriesPage(page);
  const repository = repositoriesOf(page.organization, page.project.id).find(
    (candidate) => candidate.name.toLowerCase() === name.toLowerCase() || candidate.id === name,
  );
  if (repository === undefined) return undefined;
  switch (part.toLowerCase()) {
    case "pullrequests":
      return pullRequestsPage(page, repository);
    case "pullrequest":
      return await pullRequestPage(page, repository, number);
    default:
      return await repositoryPage(page, repository);
  }
}

function projectsPage(organization: Organization, baseUrl: string): Page {
  const rows = Object.values(organization.state().projects).map(({ name, description }) => [
    link(name, addressOf(baseUrl, name)),
    description,
  ]);
  return { title: "Projects", content: table(["Project", "Description"], rows, "") };
}

function findProject(organization: Organization, idOrName: string): Project | undefined {
  const wanted = idOrName.toLowerCase();
  return Object.values(organization.state().projects).find(
    ({ id, name }) => id === wanted || name.toLowerCase() === wanted,
  );
}

function nothing(links: Parameters<typeof layout>[1], words: string): RenderedPage {
  return { status: 404, html: layout({ title: "Not found", content: html`<p>${words}</p>` }, links) };
}
