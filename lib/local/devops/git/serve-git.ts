import type { Readable } from "node:stream";
import { serveGitHttp, type GitHttpReply } from "../../../git/http-backend.ts";
import { findRepository, repositoryFolder } from "../routes/repository-record.ts";
import type { Organization } from "../state/organization.ts";
import type { Identity } from "../state/organization-state.ts";
import type { Work } from "../work.ts";
import { hookEnvironment, hooksFolder } from "./hooks-folder.ts";
import { noteHistory } from "./note-history.ts";
import { protectedRefs } from "./protected-refs.ts";

const pushRefusal =
  "TF402455: Pushes to this branch are not permitted; you must use a pull request to update this branch.";

export interface GitRequest {
  readonly method: string;
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

/**
 * The repository and service that a path names, decoded and below the organisation, or undefined where it is no path of git's
 * protocol: `[project, "_git", repository, …]`, or `["_git", project, …]` for the repository that is named as its project.
 */
export function parseGitPath(segments: readonly string[]): GitTarget | undefined {
  const at = segments.findIndex((segment) => segment.toLowerCase() === "_git");
  if (at < 0 || at > 1) return undefined;
  const [idOrName = "", ...rest] = segments.slice(at + 1);
  const service = rest.join("/");
  if (idOrName === "" || !services.has(service)) return undefined;
  return { project: at === 0 ? undefined : segments[0], idOrName, service };
}

/** The organisation that is asked, and by whom. */
export interface Served {
  readonly organization: Organization;
  readonly work: Work;
  readonly by: Identity;
}

/** Answers a clone, fetch or push; refuses pushes to protected branches as the service does. */
export async function serveGit(
  { organization, work, by }: Served,
  target: GitTarget,
  request: GitRequest,
): Promise<GitHttpReply> {
  const { project, idOrName, service } = target;
  const repository = findRepository(organization, { project: project ?? idOrName, idOrName });
  const isPush = service === "git-receive-pack";
  if (isPush) await work.expectMoves(repository.id);
  const refs = protectedRefs(organization, repository);
  const reply = await serveGitHttp({
    root: organization.gitFolder,
    path: `/${repositoryFolder(repository)}/${service}`,
    method: request.method,
    query: request.query,
    headers: request.headers,
    body: request.body,
    userName: "local",
    config: [
      ["core.hooksPath", hooksFolder(organization.gitFolder)],
      ["http.receivepack", "true"],
      ["receive.advertisePushOptions", "true"],
      ...refs.map((ref) => ["receive.procReceiveRefs", ref] as const),
    ],
    env: hookEnvironment(pushRefusal),
  });
  if (!isPush) return reply;
  const afterwards = async (): Promise<void> => {
    await reply.ended;
    await noteHistory(organization, repository.id);
    await work.refsMoved(repository.id, by);
  };
  return { ...reply, ended: afterwards() };
}
