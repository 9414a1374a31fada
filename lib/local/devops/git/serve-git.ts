import { join } from "node:path";
import type { Readable } from "node:stream";
import { serveGitHttp, type GitHttpReply } from "../../../git/http-backend.ts";
import { runGit } from "../../../git/run-git.ts";
import {
  findRepository,
  repositoryFolder,
  repositoryKind,
  type RepositoryRecord,
} from "../routes/repository-record.ts";
import type { Organization } from "../state/organization.ts";
import { hookEnvironment, writeHooksFolder } from "./hooks-folder.ts";
import { protectedRefs } from "./protected-refs.ts";

const pushRefusal =
  "TF402455: Pushes to this branch are not permitted; you must use a pull request to update this branch.";

export interface GitRequest {
  readonly method: string;
  /** Segments below the organisation, decoded: `[project, "_git", repository, …]` or `["_git", repository, …]`. */
  readonly segments: readonly string[];
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Readable;
}

interface GitTarget {
  readonly project: string | undefined;
  readonly idOrName: string;
  /** `info/refs`, `git-upload-pack` or `git-receive-pack`. */
  readonly service: string;
}

const services = new Set(["info/refs", "git-upload-pack", "git-receive-pack"]);

/** The repository and service that a path names, or undefined where it is no path of git's protocol. */
export function parseGitPath(segments: readonly string[]): GitTarget | undefined {
  const at = segments.indexOf("_git");
  if (at < 0 || at > 1) return undefined;
  const [idOrName = "", ...rest] = segments.slice(at + 1);
  const service = rest.join("/");
  if (idOrName === "" || !services.has(service)) return undefined;
  return { project: at === 0 ? undefined : segments[0], idOrName, service };
}

/** Answers a clone, fetch or push; refuses pushes to protected branches as the service does. */
export async function serveGit(
  organization: Organization,
  target: GitTarget,
  request: GitRequest,
): Promise<GitHttpReply> {
  const { project, idOrName, service } = target;
  const repository = findRepository(organization, { project: project ?? idOrName, idOrName });
  const refs = protectedRefs(organization, repository);
  const hooks = writeHooksFolder(organization.gitFolder);
  const reply = await serveGitHttp({
    root: organization.gitFolder,
    path: `/${repositoryFolder(repository)}/${service}`,
    method: request.method,
    query: request.query,
    headers: request.headers,
    body: request.body,
    userName: "local",
    config: [
      ["core.hooksPath", hooks],
      ["http.receivepack", "true"],
      ["receive.advertisePushOptions", "true"],
      ...refs.map((ref) => ["receive.procReceiveRefs", ref] as const),
    ],
    env: hookEnvironment(pushRefusal),
  });
  if (service !== "git-receive-pack") return reply;
  return { ...reply, ended: reply.ended.then(() => chooseDefaultBranch(organization, repository.id)) };
}

/** The first branch that is pushed becomes the default branch. */
async function chooseDefaultBranch(organization: Organization, id: string): Promise<void> {
  const repository = findRepository(organization, { project: undefined, idOrName: id });
  if (repository.defaultBranch !== undefined) return;
  const folder = join(organization.gitFolder, repositoryFolder(repository));
  const refs = await runGit(folder, ["for-each-ref", "--count=1", "--format=%(refname)", "refs/heads"]);
  const defaultBranch = refs.trim();
  if (defaultBranch === "") return;
  await runGit(folder, ["symbolic-ref", "HEAD", defaultBranch]);
  const updated: RepositoryRecord = { ...repository, defaultBranch };
  organization.put(repositoryKind, updated);
}
