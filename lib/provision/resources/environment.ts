import { idIn, sameName } from "../../devops/json.ts";
import type { DesiredEnvironment } from "../desired-state.ts";
import { create, keep, type Resource } from "../resource.ts";

/** An environment that deployment jobs name. It has to exist before any run: the service would make it without its approval. */
export const environmentResource: Resource<DesiredEnvironment> = {
  compare: ({ name }, { environments }) => {
    const environment = environments.find((candidate) => sameName(candidate.name, name));
    return environment === undefined ? create : keep(environment.id);
  },
  apply: async ({ name, description }, _comparison, { http, remote }) => {
    const { body } = await http.send({
      method: "POST",
      path: `${remote.project.id}/_apis/distributedtask/environments`,
      body: { name, description },
      what: `create the environment ${name}`,
    });
    return idIn(body, "id");
  },
};
