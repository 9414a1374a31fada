import { join } from "node:path";
import { listCommits, type GitCommit } from "../../../git/bare-repository.ts";
import { listReply, type JsonObject } from "../body.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import { repositoryBody } from "./repository-body.ts";
import { findRepository, repositoryFolder, type RepositoryRecord } from "./repository-record.ts";
import { readVersion } from "./version-descriptor.ts";

const commits = location({
  id: "c2570c3b-5b3f-41b8-98bf-5407bfde8d58",
  area: "git",
  resourceName: "commits",
  routeTemplate: "{project}/_apis/{area}/repositories/{repositoryId}/{resource}/{commitId}",
  resourceVersion: 2,
});

const defaultPage = 100;
const largestPage = 10_000;

/** The history of a branch, newest first; of the default branch where none is named. */
async function getCommits(request: RouteRequest): Promise<RouteReply> {
  const { organization, query } = request;
  const repository = repositoryOf(request);
  const version = readVersion(query, "searchcriteria.itemversion.", repository);
  const wanted = Number(query.get("searchcriteria.$top") ?? query.get("$top") ?? defaultPage);
  const most = Number.isInteger(wanted) && wanted > 0 ? Math.min(wanted, largestPage) : defaultPage;
  const folder = join(organization.gitFolder, repositoryFolder(repository));
  const found = (await listCommits(folder, version.revision, most)) ?? [];
  const value = found.map((commit) => {
    const { treeId: _tree, parents: _parents, ...short } = commitBody(commit, repository, request);
    return short;
  });
  return { status: 200, body: listReply(value) };
}

async function getCommit(request: RouteRequest): Promise<RouteReply> {
  const { organization, params } = request;
  const repository = repositoryOf(request);
  const commitId = params["commitId"] ?? "";
  const folder = join(organization.gitFolder, repositoryFolder(repository));
  const isId = /^[0-9a-f]{40}$/i.test(commitId);
  const [commit] = isId ? ((await listCommits(folder, commitId, 1)) ?? []) : [];
  if (commit !== undefined) return { status: 200, body: commitBody(commit, repository, request) };
  const message = `TF401175: The commit with identifier ${commitId} cannot be found in the repository ${repository.name}.`;
  throw new ServiceError(404, "GitUnresolvableToCommitException", message);
}

function repositoryOf({ organization, params }: RouteRequest): RepositoryRecord {
  return findRepository(organization, {
    project: params["project"],
    idOrName: params["repositoryId"] ?? "",
  });
}

function commitBody(
  commit: GitCommit,
  repository: RepositoryRecord,
  { organization, baseUrl }: RouteRequest,
): JsonObject {
  const { url, webUrl } = repositoryBody(organization, repository, baseUrl);
  return {
    ...commit,
    url: `${String(url)}/commits/${commit.commitId}`,
    remoteUrl: `${String(webUrl)}/commit/${commit.commitId}`,
  };
}

const one = ["project", "repositoryId", "commitId"];

export const commitRoutes: readonly Route[] = [
  { location: commits, method: "GET", requires: ["project", "repositoryId"], handle: getCommits },
  { location: commits, method: "GET", requires: ["repositoryId"], handle: getCommits },
  { location: commits, method: "GET", requires: one, handle: getCommit },
  { location: commits, method: "GET", requires: ["repositoryId", "commitId"], handle: getCommit },
];
