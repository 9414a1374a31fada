import type { DevOpsHttp } from "../devops/http.ts";
import { sameName, textIn } from "../devops/json.ts";
import { listAll } from "../devops/list-all.ts";
import { listRepositories } from "../devops/repositories.ts";
import { platformTemplatesMissing } from "../errors/catalogue/provision.ts";
import type { DesiredState, DesiredTemplatesRepository } from "./desired-state.ts";
import type { Named, RemoteTemplatesRepository } from "./remote-state.ts";

/** The platform's repository, where the answers take templates from there; refuses one that is not there or lacks the tag, which no pipeline could run without. */
export async function readTemplatesRepository(
  http: DevOpsHttp,
  project: Named,
  { resources }: DesiredState,
): Promise<RemoteTemplatesRepository | undefined> {
  const desired = resources.find((resource) => resource.kind === "templates-repository");
  if (desired === undefined) return undefined;
  const at = desired.project ?? project.name;
  const all = await listRepositories(http, at);
  const found = all.find(({ name }) => sameName(name, desired.name));
  if (found === undefined) throw platformTemplatesMissing(wantedOf(desired, at), "it does not exist there");
  const refs = await listAll(http, {
    method: "GET",
    path: `${encodeURIComponent(at)}/_apis/git/repositories/${found.id}/refs`,
    query: { filter: `tags/${desired.tag}` },
    what: `look for the tag ${desired.tag} of ${desired.name}`,
  });
  if (!refs.some((ref) => textIn(ref, "name") === `refs/tags/${desired.tag}`))
    throw platformTemplatesMissing(wantedOf(desired, at), `it has no tag ${desired.tag}`);
  return { id: found.id, projectId: found.projectId };
}

function wantedOf(
  { name, tag }: DesiredTemplatesRepository,
  project: string,
): { readonly name: string; readonly tag: string; readonly project: string } {
  return { name, tag, project };
}
