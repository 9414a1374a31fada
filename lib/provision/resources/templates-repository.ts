import type { DesiredTemplatesRepository } from "../desired-state.ts";
import { keep, type Resource } from "../resource.ts";

/** The platform's repository of templates. It was found when the state was read, and belongs to the platform team: nothing here changes it. */
export const templatesRepositoryResource: Resource<DesiredTemplatesRepository> = {
  compare: (_desired, { templatesRepository }) => keep(protectedId(templatesRepository)),
  apply: (_desired, _comparison, { remote }) => Promise.resolve(protectedId(remote.templatesRepository)),
};

/** As permissions name a repository. */
function protectedId(found: { readonly id: string; readonly projectId: string } | undefined): string {
  if (found === undefined) throw new Error("The platform's repository was not read.");
  return `${found.projectId}.${found.id}`;
}
