import type { DevOpsHttp } from "./http.ts";
import { idIn, textIn, valueIn } from "./json.ts";
import { listAll } from "./list-all.ts";

/** A repository of a project, as far as its content can be read. */
export interface ProjectRepository {
  readonly id: string;
  readonly name: string;
  /** Name or id of the project. */
  readonly project: string;
  readonly projectId: string;
  readonly remoteUrl: string;
  readonly webUrl: string;
  /** Such as `refs/heads/main`. */
  readonly defaultBranch: string;
}

/** The repositories of a project that have a branch and are not disabled, by name. */
export async function listRepositories(
  http: DevOpsHttp,
  project: string,
): Promise<readonly ProjectRepository[]> {
  const all = await listAll(http, {
    method: "GET",
    path: `${encodeURIComponent(project)}/_apis/git/repositories`,
    what: `list the repositories of ${project}`,
  });
  return all
    .filter((repository) => valueIn(repository, "isDisabled") !== true)
    .map((repository) => ({
      id: idIn(repository, "id"),
      name: textIn(repository, "name"),
      project,
      projectId: idIn(repository, "project", "id"),
      remoteUrl: textIn(repository, "remoteUrl"),
      webUrl: textIn(repository, "webUrl"),
      defaultBranch: textIn(repository, "defaultBranch"),
    }))
    .filter(({ defaultBranch }) => defaultBranch !== "")
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

/** The text of a file on the default branch, or undefined where there is none. */
export async function readRepositoryFile(
  http: DevOpsHttp,
  { project, id, name }: Pick<ProjectRepository, "project" | "id" | "name">,
  path: string,
): Promise<string | undefined> {
  const { status, body } = await http.send({
    method: "GET",
    path: `${encodeURIComponent(project)}/_apis/git/repositories/${id}/items`,
    query: { path: `/${path}`, includeContent: "true", $format: "json" },
    what: `read ${path} of ${name}`,
  });
  return status === 404 ? undefined : textIn(body, "content");
}
