import type { DevOpsHttp } from "../devops/http.ts";
import { idIn, sameName, textIn, valueIn } from "../devops/json.ts";
import { listAll } from "../devops/list-all.ts";
import { platformForeign, platformTagTaken } from "../errors/catalogue/platform.ts";
import { repositoryDisabled } from "../errors/catalogue/provision.ts";
import type { Authorize } from "../git/credential-environment.ts";
import { readHistory } from "../git/history.ts";
import { pushBranch } from "../git/push.ts";
import { runGit } from "../git/run-git.ts";
import { readProject } from "../provision/read-project.ts";
import type { Named } from "../provision/remote-state.ts";
import { createRepository } from "../provision/resources/repository.ts";
import type { PlatformPlan } from "./platform-folder.ts";

/** The platform's repository in Azure DevOps. */
export interface PlatformRemote {
  readonly project: Named;
  readonly name: string;
  /** Undefined where there is none. */
  readonly repository:
    | {
        readonly id: string;
        readonly webUrl: string;
        readonly isEmpty: boolean;
        /** What the tag of this version points to. */
        readonly tagged: string | undefined;
      }
    | undefined;
}

export interface PlatformPlace {
  readonly project: string;
  readonly name: string;
  readonly tag: string;
}

/** Reads what is there, and changes nothing; a repository that is switched off is refused. */
export async function readPlatformRemote(http: DevOpsHttp, place: PlatformPlace): Promise<PlatformRemote> {
  const { name, tag } = place;
  const project = await readProject(http, place.project);
  const path = `${project.id}/_apis/git/repositories`;
  const query = { includeHidden: "true" };
  const all = await listAll(http, { method: "GET", path, query, what: "list the repositories" });
  const found = all.find((repository) => sameName(textIn(repository, "name"), name));
  if (found === undefined) return { project, name, repository: undefined };
  if (valueIn(found, "isDisabled") === true) throw repositoryDisabled(name);
  const id = idIn(found, "id");
  const refs = await listAll(http, {
    method: "GET",
    path: `${path}/${id}/refs`,
    query: { filter: `tags/${tag}` },
    what: `look for the tag ${tag}`,
  });
  const tagged = refs.find((ref) => textIn(ref, "name") === `refs/tags/${tag}`);
  const repository = {
    id,
    webUrl: textIn(found, "webUrl"),
    isEmpty: textIn(found, "defaultBranch") === "",
    tagged: tagged === undefined ? undefined : textIn(tagged, "objectId"),
  };
  return { project, name, repository };
}

export interface Publication {
  readonly http: DevOpsHttp;
  /** The credential, for git. */
  readonly authorize: Authorize;
  readonly remote: PlatformRemote;
  /** Carried out already. */
  readonly plan: PlatformPlan;
}

/** Makes the repository where there is none, and pushes branch and tag; a tag that is there is never moved. True where anything was pushed. */
export async function publishPlatform(publication: Publication): Promise<boolean> {
  const { http, authorize, remote, plan } = publication;
  const { folder, branch, tag } = plan;
  const { project, name, repository } = remote;
  if (repository?.tagged !== undefined) {
    const own = (await runGit(folder, ["rev-parse", "--verify", `refs/tags/${tag}`])).trim();
    if (own === repository.tagged) return false;
    throw platformTagTaken(`the repository ${name}`, tag, `it is another commit than in ${folder}`);
  }
  if (repository?.isEmpty === false) await refuseForeign(publication, repository.id);
  const id = repository?.id ?? (await createRepository(http, project, name));
  const { body } = await http.send({
    method: "GET",
    path: `${project.id}/_apis/git/repositories/${id}`,
    what: `read the repository ${name}`,
  });
  await pushBranch({ folder, url: textIn(body, "remoteUrl"), branch, tag, authorize });
  return true;
}

async function refuseForeign({ http, remote, plan }: Publication, id: string): Promise<void> {
  const history = await readHistory(plan.folder);
  const { status } = await http.send({
    method: "GET",
    path: `${remote.project.id}/_apis/git/repositories/${id}/commits/${history?.rootCommit ?? ""}`,
    what: `look for a commit in ${remote.name}`,
  });
  if (status === 404)
    throw platformForeign(`The repository ${remote.name}`, `its commits do not come from ${plan.folder}`);
}
