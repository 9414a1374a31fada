import type { DevOpsHttp } from "../../devops/http.ts";
import { idIn } from "../../devops/json.ts";
import type { DesiredRepository } from "../desired-state.ts";
import type { Named } from "../remote-state.ts";
import { create, keep, type Resource } from "../resource.ts";

/** An empty git repository; a disabled or foreign one was refused when the state was read. */
export const repositoryResource: Resource<DesiredRepository> = {
  compare: (_desired, { repository }) => (repository === undefined ? create : keep(repository.id)),
  apply: async ({ name }, _comparison, { http, remote }) =>
    await createRepository(http, remote.project, name),
};

/** Makes an empty repository, and answers its id. */
export async function createRepository(http: DevOpsHttp, project: Named, name: string): Promise<string> {
  const { body } = await http.send({
    method: "POST",
    path: `${project.id}/_apis/git/repositories`,
    body: { name, project: { id: project.id } },
    what: `create the repository ${name}`,
  });
  return idIn(body, "id");
}
