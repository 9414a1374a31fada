import type { DevOpsHttp } from "../devops/http.ts";
import { idIn, sameName, textIn, valueIn } from "../devops/json.ts";
import { listAll } from "../devops/list-all.ts";
import { repositoryDisabled, repositoryForeign } from "../errors/catalogue/provision.ts";
import type { DesiredState } from "./desired-state.ts";
import type { Named, RemoteRepository } from "./remote-state.ts";

/** The two ends of the history on disk. */
export interface LocalHistory {
  readonly headCommit: string;
  readonly rootCommit: string;
}

export interface RepositorySearch {
  readonly project: Named;
  readonly desired: DesiredState;
  /** Absent where nothing is on disk yet. */
  readonly history: LocalHistory | undefined;
}

/** The repository of the desired name, where there is one; refuses one that is disabled or holds a foreign history. */
export async function readRepository(
  http: DevOpsHttp,
  search: RepositorySearch,
): Promise<RemoteRepository | undefined> {
  const { project, desired, history } = search;
  const name =
    desired.resources.flatMap((resource) => (resource.kind === "repository" ? [resource.name] : []))[0] ?? "";
  const path = `${encodeURIComponent(project.name)}/_apis/git/repositories`;
  const all = await listAll(http, {
    method: "GET",
    path,
    query: { includeHidden: "true" },
    what: "list the repositories",
  });
  const found = all.find((repository) => sameName(textIn(repository, "name"), name));
  if (found === undefined) return undefined;
  if (valueIn(found, "isDisabled") === true) throw repositoryDisabled(name);
  const repository = {
    id: idIn(found, "id"),
    webUrl: textIn(found, "webUrl"),
    remoteUrl: textIn(found, "remoteUrl"),
    defaultBranch: textIn(found, "defaultBranch"),
  };
  if (repository.defaultBranch === "") return { ...repository, isOurs: true, hasHead: false };
  const has = async (commit: string | undefined): Promise<boolean> => {
    if (commit === undefined) return false;
    const { status } = await http.send({
      method: "GET",
      path: `${path}/${repository.id}/commits/${commit}`,
      what: `look for a commit in ${name}`,
    });
    return status === 200;
  };
  const hasHead = await has(history?.headCommit);
  if (hasHead || (await has(history?.rootCommit))) return { ...repository, isOurs: true, hasHead };
  throw repositoryForeign(name);
}
