import type { Position } from "./problem.ts";
import { entryOf, itemsOf, textOf, type YamlNode } from "./yaml-node.ts";

/** Another repository that a pipeline declares under `resources.repositories`. */
export interface RepositoryResource {
  /** What stands behind the `@` of a template. */
  readonly alias: string;
  /** `git` for a repository of the same organisation, in lower case. */
  readonly type: string;
  /** `name`, or `project/name`. */
  readonly name: string;
  /** A full ref; undefined where the pipeline names none. */
  readonly ref: string | undefined;
  readonly at: Position;
}

/** The repositories that a pipeline's own file declares, those inside directives not among them. */
export function repositoryResources(root: YamlNode | undefined): readonly RepositoryResource[] {
  return itemsOf(entryOf(entryOf(root, "resources"), "repositories")).flatMap((entry) => {
    const alias = textOf(entry, "repository");
    const name = textOf(entry, "name");
    if (alias === undefined || name === undefined) return [];
    const ref = textOf(entry, "ref");
    return [
      {
        alias,
        name,
        type: textOf(entry, "type")?.toLowerCase() ?? "",
        ref: ref === undefined || ref.startsWith("refs/") ? ref : `refs/heads/${ref}`,
        at: entryOf(entry, "name")?.at ?? entry.at,
      },
    ];
  });
}
