import { idIn, sameName } from "../../devops/json.ts";
import type { DesiredTeam } from "../desired-state.ts";
import { create, keep, type Resource } from "../resource.ts";

/** The team that owns the model; one that exists may own other models as well and is left as it is. */
export const teamResource: Resource<DesiredTeam> = {
  compare: ({ name }, { teams }) => {
    const team = teams.find((candidate) => sameName(candidate.name, name));
    return team === undefined ? create : keep(team.id);
  },
  apply: async ({ name, description }, _comparison, { http, remote }) => {
    const { body } = await http.send({
      method: "POST",
      path: `_apis/projects/${remote.project.id}/teams`,
      body: { name, description },
      what: `create the team ${name}`,
    });
    return idIn(body, "id");
  },
};
