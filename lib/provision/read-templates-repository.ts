import { findTemplatesRepository } from "../devops/find-templates-repository.ts";
import type { DevOpsHttp } from "../devops/http.ts";
import type { DesiredState } from "./desired-state.ts";
import type { Named, RemoteTemplatesRepository } from "./remote-state.ts";

/** The platform's repository, where the answers take templates from there; refuses one that is not there or lacks the tag. */
export async function readTemplatesRepository(
  http: DevOpsHttp,
  project: Named,
  { resources }: DesiredState,
): Promise<RemoteTemplatesRepository | undefined> {
  const desired = resources.find((resource) => resource.kind === "templates-repository");
  if (desired === undefined) return undefined;
  const { name, tag } = desired;
  const at = desired.project ?? project.name;
  const { id, projectId } = await findTemplatesRepository(http, { project: at, name, tag });
  return { id, projectId };
}
