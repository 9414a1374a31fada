import { join } from "node:path";
import { listCommits, readFileAt, type GitCommit } from "../../../git/bare-repository.ts";
import { listReply } from "../body.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import { findRepository, repositoryFolder, type RepositoryRecord } from "./repository-record.ts";

const commits = location({
  id: "c2570c3b-5b3f-41b8-98bf-5407bfde8d58",
  area: "git",
  resourceName: "commits",
  routeTemplate: "{project}/_apis/{area}/repositories/{repositoryId}/{resource}/{commitId}",
  resourceVersion: 2,
});

const items = location({
  id: "fb93c0db-47ed-4a31-8c20-47552878fb44",
  area: "git",
  resourceName: "items",
  routeTemplate: "{project}/_apis/{area}/repositories/{repositoryId}/{resource}/{*path}",
});

const mostCommits = 100;

async function getCommits({ organization, params, query, baseUrl }: RouteRequest): Promise<RouteReply> {
  const repository = findRepository(organization, {
    project: params["project"],
    idOrName: params["repositoryId"] ?? "",
  });
  const branch = query.get("searchcriteria.itemversion.version") ?? shortBranch(repository);
  const most = Number(query.get("searchcriteria.$top") ?? query.get("$top") ?? mostCommits);
  const folder = join(organization.gitFolder, repositoryFolder(repository));
  const found = (await listCommits(folder, `refs/heads/${branch}`, most)) ?? [];
  return { status: 200, body: listReply(found.map((commit) => commitBody(commit, repository, baseUrl))) };
}

async function getCommit({ organization, params, baseUrl }: RouteRequest): Promise<RouteReply> {
  const repository = findRepository(organization, {
    project: params["project"],
    idOrName: params["repositoryId"] ?? "",
  });
  const commitId = params["commitId"] ?? "";
  const folder = join(organization.gitFolder, repositoryFolder(repository));
  const [commit] = /^[0-9a-f]{40}$/.test(commitId) ? ((await listCommits(folder, commitId, 1)) ?? []) : [];
  if (commit !== undefined) return { status: 200, body: commitBody(commit, repository, baseUrl) };
  const message = `TF401175: The commit with identifier ${commitId} cannot be found in the repository ${repository.name}.`;
  throw new ServiceError(404, "GitUnresolvableToCommitException", message);
}

async function getItem({ organization, params, query }: RouteRequest): Promise<RouteReply> {
  const repository = findRepository(organization, {
    project: params["project"],
    idOrName: params["repositoryId"] ?? "",
  });
  const path = (query.get("path") ?? params["path"] ?? "").replace(/^\/+/, "");
  const version = query.get("versiondescriptor.version") ?? query.get("version") ?? shortBranch(repository);
  const folder = join(organization.gitFolder, repositoryFolder(repository));
  const content = await readFileAt(folder, `refs/heads/${version}`, path);
  if (content !== undefined)
    return { status: 200, body: { gitObjectType: "blob", path: `/${path}`, content } };
  const message = `TF401174: The item /${path} could not be found in the repository ${repository.name} at the version specified by ${version}.`;
  throw new ServiceError(404, "GitItemNotFoundException", message);
}

function commitBody(
  commit: GitCommit,
  repository: RepositoryRecord,
  baseUrl: string,
): Readonly<Record<string, unknown>> {
  const url = `${baseUrl}/${repository.projectId}/_apis/git/repositories/${repository.id}/commits/${commit.commitId}`;
  return { ...commit, url, remoteUrl: url };
}

function shortBranch({ defaultBranch }: RepositoryRecord): string {
  return (defaultBranch ?? "refs/heads/main").replace("refs/heads/", "");
}

export const commitRoutes: readonly Route[] = [
  { location: commits, method: "GET", requires: ["project", "repositoryId"], handle: getCommits },
  { location: commits, method: "GET", requires: ["project", "repositoryId", "commitId"], handle: getCommit },
  { location: items, method: "GET", requires: ["project", "repositoryId"], handle: getItem },
  { location: items, method: "GET", requires: ["project", "repositoryId", "path"], handle: getItem },
];
