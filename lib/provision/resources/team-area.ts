import { sameName } from "../../devops/json.ts";
import type { DesiredTeamArea } from "../desired-state.ts";
import { create, type Resource } from "../resource.ts";

/** The area that the team's board shows; the service names it without a leading backslash. */
export const teamAreaResource: Resource<DesiredTeamArea> = {
  compare: ({ areaPath }, { teamArea }) => {
    if (sameName(teamArea, areaPath)) return { action: "keep", id: areaPath, changes: [] };
    if (teamArea === "") return create;
    return {
      action: "update",
      id: areaPath,
      changes: [{ field: "default area", old: teamArea, new: areaPath }],
    };
  },
  apply: async ({ areaPath, team }, _comparison, run) => {
    const { http, remote } = run;
    await http.send({
      method: "PATCH",
      path: `${remote.project.id}/${run.idOf("team")}/_apis/work/teamsettings/teamfieldvalues`,
      body: { defaultValue: areaPath, values: [{ value: areaPath, includeChildren: true }] },
      what: `set the area of the team ${team}`,
    });
    return areaPath;
  },
};
