import { idIn, sameName } from "../../devops/json.ts";
import type { DesiredArea } from "../desired-state.ts";
import { create, keep, type Resource } from "../resource.ts";

/** An area below the project's root, for the team's work items. */
export const areaResource: Resource<DesiredArea> = {
  compare: ({ name }, { areas }) => {
    const area = areas.find((candidate) => sameName(candidate.name, name));
    return area === undefined ? create : keep(area.id);
  },
  apply: async ({ name }, _comparison, { http, remote }) => {
    const { body } = await http.send({
      method: "POST",
      path: `${remote.project.id}/_apis/wit/classificationnodes/areas`,
      body: { name },
      what: `create the area ${name}`,
    });
    return idIn(body, "id");
  },
};
