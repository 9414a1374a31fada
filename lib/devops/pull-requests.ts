import type { DevOpsHttp } from "./http.ts";
import { idIn, listIn, textIn, valueIn } from "./json.ts";
import { listAll } from "./list-all.ts";
import type { ProjectRepository } from "./repositories.ts";

/** What a pull request's description may hold at most; the service refuses more. */
export const mostDescriptionCharacters = 4000;

export interface PullRequest {
  readonly id: number;
  readonly repositoryId: string;
  readonly title: string;
  /** Lists of the service shorten it to 400 characters. */
  readonly description: string;
  readonly status: string;
  readonly isDraft: boolean;
  /** The newest commit of its branch that it knows of. */
  readonly sourceCommit: string;
  /** For a person's browser. */
  readonly url: string;
}

/** What of a pull request is decided here. */
export interface PullRequestContent {
  readonly title: string;
  readonly description: string;
  readonly isDraft: boolean;
}

export interface Branches {
  /** Full ref names. */
  readonly source: string;
  readonly target: string;
}

type Where = Pick<ProjectRepository, "id" | "name" | "project" | "webUrl">;

/** Every pull request from one branch to another, newest first, open or closed. */
export async function listPullRequests(
  http: DevOpsHttp,
  repository: Where,
  { source, target }: Branches,
): Promise<readonly PullRequest[]> {
  const { body } = await http.send({
    method: "GET",
    path: pullRequestsPath(repository),
    query: {
      "searchCriteria.status": "all",
      "searchCriteria.sourceRefName": source,
      "searchCriteria.targetRefName": target,
      $top: "100",
    },
    what: `list the pull requests of ${repository.name}`,
  });
  return listIn(body, "value")
    .map((request) => pullRequestOf(request, repository))
    .toSorted((left, right) => right.id - left.id);
}

/** The ids of the repositories of a project that have an open pull request from this branch. */
export async function repositoriesWithOpenPullRequest(
  http: DevOpsHttp,
  project: string,
  source: string,
): Promise<ReadonlySet<string>> {
  const open = await listAll(http, {
    method: "GET",
    path: `${encodeURIComponent(project)}/_apis/git/pullrequests`,
    query: {
      "searchCriteria.status": "active",
      "searchCriteria.sourceRefName": source,
      $top: "10000",
    },
    what: `list the open pull requests of ${project}`,
  });
  return new Set(open.map((request) => idIn(request, "repository", "id")));
}

/** Opens a pull request. */
export async function openPullRequest(
  http: DevOpsHttp,
  repository: Where,
  wanted: Branches & PullRequestContent,
): Promise<PullRequest> {
  const { title, description, isDraft } = wanted;
  const { body } = await http.send({
    method: "POST",
    path: pullRequestsPath(repository),
    body: { sourceRefName: wanted.source, targetRefName: wanted.target, title, description, isDraft },
    what: `open a pull request in ${repository.name}`,
  });
  return pullRequestOf(body, repository);
}

/** Changes the words of an open pull request, and whether it is a draft. */
export async function changePullRequest(
  http: DevOpsHttp,
  repository: Where,
  { id, title, description, isDraft }: PullRequestContent & { readonly id: number },
): Promise<PullRequest> {
  const { body } = await http.send({
    method: "PATCH",
    path: `${pullRequestsPath(repository)}/${id}`,
    body: { title, description, isDraft },
    what: `change pull request ${id} of ${repository.name}`,
  });
  return pullRequestOf(body, repository);
}

/** Where a pull request stands: `fine` when it is merged or every build of its policies is good. */
export type PullRequestHealth = "fine" | "waiting" | "failed" | "abandoned";

/** Asks for a pull request's state and for what its build policies say; without such policies an open one is fine. */
export async function pullRequestHealth(
  http: DevOpsHttp,
  repository: Pick<ProjectRepository, "id" | "name" | "project" | "projectId">,
  id: number,
): Promise<PullRequestHealth> {
  const what = `read pull request ${id} of ${repository.name}`;
  const { body } = await http.send({ method: "GET", path: `${pullRequestsPath(repository)}/${id}`, what });
  const status = textIn(body, "status");
  if (status === "completed") return "fine";
  if (status !== "active") return "abandoned";
  const evaluations = await listAll(http, {
    method: "GET",
    path: `${encodeURIComponent(repository.project)}/_apis/policy/evaluations`,
    query: { artifactId: `vstfs:///CodeReview/CodeReviewId/${repository.projectId}/${id}` },
    apiVersion: "7.1-preview.1",
    what,
  });
  const builds = evaluations
    .filter((evaluation) => textIn(evaluation, "configuration", "type", "id") === buildPolicyType)
    .map((evaluation) => textIn(evaluation, "status"));
  if (builds.some((build) => build === "rejected" || build === "broken")) return "failed";
  return builds.every((build) => build === "approved" || build === "notApplicable") ? "fine" : "waiting";
}

const buildPolicyType = "0609b952-1397-4640-95ec-e00a01b2c241";

function pullRequestsPath({ project, id }: Pick<ProjectRepository, "id" | "project">): string {
  return `${encodeURIComponent(project)}/_apis/git/repositories/${id}/pullrequests`;
}

function pullRequestOf(
  body: unknown,
  { id: repositoryId, webUrl }: Pick<Where, "id" | "webUrl">,
): PullRequest {
  const id = Number(idIn(body, "pullRequestId"));
  return {
    id,
    repositoryId,
    title: textIn(body, "title"),
    description: textIn(body, "description"),
    status: textIn(body, "status"),
    isDraft: valueIn(body, "isDraft") === true,
    sourceCommit: textIn(body, "lastMergeSourceCommit", "commitId"),
    url: `${webUrl}/pullrequest/${id}`,
  };
}
