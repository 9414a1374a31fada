import { textIn } from "../../devops/json.ts";
import { pushBranch } from "../../git/push.ts";
import type { DesiredFirstPush } from "../desired-state.ts";
import { create, keep, type Resource } from "../resource.ts";

const aheadNote =
  "The folder has commits that the repository does not have; bring them there by a pull request.";

/** The history on disk becomes the default branch. Later commits go through pull requests, as the policies ask. */
export const firstPushResource: Resource<DesiredFirstPush> = {
  compare: (_desired, { repository }) => {
    if (repository === undefined || repository.defaultBranch === "") return create;
    return repository.hasHead
      ? keep(repository.defaultBranch)
      : { ...keep(repository.defaultBranch), note: aheadNote };
  },
  apply: async ({ branch }, _comparison, run) => {
    const { http, remote, folder, authorize } = run;
    const id = run.idOf("repository");
    const path = `${remote.project.id}/_apis/git/repositories/${id}`;
    const { body } = await http.send({ method: "GET", path, what: "read the new repository" });
    await pushBranch({ folder, url: textIn(body, "remoteUrl"), branch, authorize });
    return `refs/heads/${branch}`;
  },
};
