import { join } from "node:path";
import { listCommits, type CommitFilter, type GitCommit } from "../../../git/bare-repository.ts";
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

/** The history of a branch, newest first; of the default branch where none is named. Filters that are not known here leave nothing out. */
async function getCommits(request: RouteRequest): Promise<RouteReply> {
  const { organization, query } = request;
  const repository = repositoryOf(request);
  const version = readVersion(query, "searchcriteria.itemversion.", repository);
  const folder = join(organization.gitFolder, repositoryFolder(repository));
  const found = (await listCommits(folder, version.revision, filterOf(query))) ?? [];
  const value = found.map((commit) => {
    const { treeId: _tree, parents: _parents, ...short } = commitBody(commit, repository, request);
    return short;
  });
  return { status: 200, body: listReply(value) };
}

function filterOf(query: ReadonlyMap<string, string>): CommitFilter {
  const asked = (name: string): string | undefined => {
    const text = query.get(`searchcriteria.${name}`) ?? query.get(name);
    if (/\p{Cc}/u.test(text ?? "")) throw badValue(name);
    return text === "" ? undefined : text;
  };
  const path = asked("itempath")?.replace(/^\/+/, "");
  return {
    most: Math.min(wholeNumber(asked("$top")) || defaultPage, largestPage),
    skip: wholeNumber(asked("$skip")),
    author: asked("author"),
    since: dateOf(asked("fromdate")),
    until: dateOf(asked("todate")),
    path: path === "" ? undefined : path,
  };
}

/** 0 for what is no number. */
function wholeNumber(text: string | undefined): number {
  return /^\d{1,9}$/.test(text ?? "") ? Number(text) : 0;
}

function dateOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isFinite(time)) return new Date(time).toISOString();
  throw badValue(text);
}

function badValue(text: string): ServiceError {
  return new ServiceError(
    400,
    "VssPropertyValidationException",
    `The search criterion ${text} is not valid.`,
  );
}

async function getCommit(request: RouteRequest): Promise<RouteReply> {
  const { organization, params } = request;
  const repository = repositoryOf(request);
  const commitId = params["commitId"] ?? "";
  const folder = join(organization.gitFolder, repositoryFolder(repository));
  const isId = /^[0-9a-f]{40}$/i.test(commitId);
  const [commit] = isId ? ((await listCommits(folder, commitId, { most: 1 })) ?? []) : [];
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
