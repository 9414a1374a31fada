import { isAbsolute, resolve } from "node:path";
import { authorizationHeader } from "../devops/authorization-header.ts";
import { findTemplatesRepository, type WantedTemplates } from "../devops/find-templates-repository.ts";
import type { Credential, DevOpsHttp } from "../devops/http.ts";
import { sameName } from "../devops/json.ts";
import {
  changePullRequest,
  listPullRequests,
  openPullRequest,
  pullRequestHealth,
  repositoriesWithOpenPullRequest,
} from "../devops/pull-requests.ts";
import { listRepositories, readRepositoryFile, type ProjectRepository } from "../devops/repositories.ts";
import { fleetNoBranch } from "../errors/catalogue/fleet.ts";
import { statePaths } from "../update/state-paths.ts";
import { eachLimited } from "./each-limited.ts";
import { openFolder, openRemote } from "./open-repository.ts";
import type { PullRequestService } from "./propose-update.ts";
import { updateRef } from "./update-branch.ts";
import type { FleetRepository } from "./update-repository.ts";

/** An organisation that repositories are in, and who asks it. */
export interface FleetOrganization {
  readonly http: DevOpsHttp;
  readonly credential: Credential;
}

const requestsAtOnce = 8;

/** The repositories of a project that eac-model made: those with its state on their default branch, by name. */
export async function findProjectRepositories(
  organization: FleetOrganization,
  { project, signal }: { readonly project: string; readonly signal: AbortSignal },
): Promise<readonly FleetRepository[]> {
  const { all, open } = await listProject(organization.http, project);
  const found = new Set<string>();
  await eachLimited(all, { limit: requestsAtOnce, signal }, async (repository) => {
    const manifest = await readRepositoryFile(organization.http, repository, statePaths.manifest);
    if (manifest !== undefined) found.add(repository.id);
  });
  return all
    .filter(({ id }) => found.has(id))
    .map((repository) => ({
      ...projectRepository(organization, repository),
      name: repository.name,
      hasOpenUpdate: open.has(repository.id),
    }));
}

export interface RepositoryList {
  /** Paths and URLs; one that is named twice counts once. */
  readonly entries: readonly string[];
  /** Where relative paths begin. */
  readonly folder: string;
}

/** The lines of a list of repositories: blank ones and those that begin with `#` say nothing. */
export function parseRepositoryList(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

/**
 * The repositories of a list. Those under the organisation get pull requests and the credential; any other URL is asked without a credential,
 * and gets a branch only, as a folder does.
 */
export async function findListedRepositories(
  { entries, folder }: RepositoryList,
  organization: FleetOrganization | undefined,
): Promise<readonly FleetRepository[]> {
  const projects = new Map<string, Promise<ProjectListing>>();
  const listOnce = (http: DevOpsHttp, project: string): Promise<ProjectListing> => {
    const listed = projects.get(project) ?? listProject(http, project);
    projects.set(project, listed);
    return listed;
  };
  const repositories = [...new Set(entries)].map(async (entry): Promise<FleetRepository> => {
    const place = organization && placeIn(organization.http.organizationUrl, entry);
    if (organization === undefined || place === undefined) return plainRepository(entry, folder);
    const { all, open } = await listOnce(organization.http, place.project);
    const found = all.find(({ name }) => sameName(name, place.repository));
    if (found === undefined) return missingRepository(entry);
    return { ...projectRepository(organization, found), name: entry, hasOpenUpdate: open.has(found.id) };
  });
  return await Promise.all(repositories);
}

interface ProjectListing {
  readonly all: readonly ProjectRepository[];
  /** Ids of the repositories with an open pull request of an update. */
  readonly open: ReadonlySet<string>;
}

async function listProject(http: DevOpsHttp, project: string): Promise<ProjectListing> {
  const all = await listRepositories(http, project);
  return { all, open: await repositoriesWithOpenPullRequest(http, project, updateRef) };
}

/** The project and repository of a URL of this organisation. */
function placeIn(
  organizationUrl: string,
  entry: string,
): { readonly project: string; readonly repository: string } | undefined {
  const prefix = `${organizationUrl}/`;
  const clean = entry.replace(/^(https?:\/\/)[^/@]+@/i, "$1");
  if (!clean.toLowerCase().startsWith(prefix.toLowerCase())) return undefined;
  const [, project, repository] = /^([^/]+)\/_git\/([^/]+)\/?$/.exec(clean.slice(prefix.length)) ?? [];
  if (project === undefined || repository === undefined) return undefined;
  return { project: decode(project), repository: decode(repository) };
}

/** What is no encoded text stands for itself: then there is no repository of that name, which the report says. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return part;
    throw error;
  }
}

function projectRepository(
  organization: FleetOrganization,
  repository: ProjectRepository,
): Omit<FleetRepository, "name"> {
  const { remoteUrl, name, defaultBranch } = repository;
  const authorize = (url: string): Promise<string> => authorizationHeader(organization.credential, url);
  return {
    service: pullRequestService(organization.http, repository),
    open: () => openRemote({ name, url: remoteUrl, authorize, base: defaultBranch }),
  };
}

/** The pull requests of one repository from its branch of updates to its default branch. */
export function pullRequestService(http: DevOpsHttp, repository: ProjectRepository): PullRequestService {
  const branches = { source: updateRef, target: repository.defaultBranch };
  return {
    list: () => listPullRequests(http, repository, branches),
    open: (content) => openPullRequest(http, repository, { ...branches, ...content }),
    change: (id, content) => changePullRequest(http, repository, { id, ...content }),
    health: (id) => pullRequestHealth(http, repository, id),
    requireTemplates: ({ project = repository.project, ...wanted }) =>
      requireTemplates(http, { project, ...wanted }),
  };
}

const checkedTemplates = new WeakMap<DevOpsHttp, Map<string, Promise<unknown>>>();

/** Asks once for all repositories of an organisation; what failed is asked again. */
async function requireTemplates(http: DevOpsHttp, wanted: WantedTemplates): Promise<void> {
  const checked = checkedTemplates.get(http) ?? new Map<string, Promise<unknown>>();
  checkedTemplates.set(http, checked);
  const key = JSON.stringify([wanted.project, wanted.name, wanted.tag]);
  const check = checked.get(key) ?? findTemplatesRepository(http, wanted);
  checked.set(key, check);
  try {
    await check;
  } catch (error) {
    checked.delete(key);
    throw error;
  }
}

function plainRepository(entry: string, folder: string): FleetRepository {
  const isRemote = /^[a-z][a-z+.-]*:\/\//i.test(entry) || /^[^/\\]+@[^/\\]+:/.test(entry);
  if (isRemote)
    return {
      name: entry,
      service: undefined,
      open: () => openRemote({ name: entry, url: entry, base: "HEAD" }),
    };
  const path = isAbsolute(entry) ? entry : resolve(folder, entry);
  return { name: entry, service: undefined, open: () => openFolder(path) };
}

function missingRepository(name: string): FleetRepository {
  return { name, service: undefined, open: () => Promise.reject(fleetNoBranch(name)) };
}
