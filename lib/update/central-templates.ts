import type { Answers } from "../answers/answers.ts";
import { splitRepositoryName } from "../answers/derived-names.ts";
import { templatesTag } from "../template/platform-tree.ts";

/** Where pipelines take their templates from that have none of their own. */
export interface CentralTemplates {
  /** Undefined for that of the repository. */
  readonly project: string | undefined;
  readonly name: string;
  readonly tag: string;
}

/** The platform's repository and the tag of this version; undefined where the templates are copied. */
export function centralTemplates(
  { templates, templates_repository }: Answers,
  version: string,
): CentralTemplates | undefined {
  if (templates !== "central") return undefined;
  const { project, name } = splitRepositoryName(templates_repository);
  return { project, name, tag: templatesTag(version) };
}
