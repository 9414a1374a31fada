import { platformTemplatesMissing } from "../errors/catalogue/provision.ts";
import type { DevOpsHttp } from "./http.ts";
import { sameName, textIn } from "./json.ts";
import { listAll } from "./list-all.ts";
import { listRepositories, type ProjectRepository } from "./repositories.ts";

/** Where pipelines take central templates from. */
export interface WantedTemplates {
  readonly project: string;
  readonly name: string;
  readonly tag: string;
}

/** The platform's repository of templates; refuses one that is not there or lacks the tag, which no pipeline could run without. */
export async function findTemplatesRepository(
  http: DevOpsHttp,
  wanted: WantedTemplates,
): Promise<ProjectRepository> {
  const { project, name, tag } = wanted;
  const found = (await listRepositories(http, project)).find((repository) => sameName(repository.name, name));
  if (found === undefined) throw platformTemplatesMissing(wanted, "it does not exist there");
  const refs = await listAll(http, {
    method: "GET",
    path: `${encodeURIComponent(project)}/_apis/git/repositories/${found.id}/refs`,
    query: { filter: `tags/${tag}` },
    what: `look for the tag ${tag} of ${name}`,
  });
  if (!refs.some((ref) => textIn(ref, "name") === `refs/tags/${tag}`))
    throw platformTemplatesMissing(wanted, `it has no tag ${tag}`);
  return found;
}
