import { sameName } from "../../devops/json.ts";
import type { DesiredTeamArea } from "../desired-state.ts";
import { create, keep, type Resource } from "../resource.ts";

/**
 * The area that the team's board shows; the service names it without a leading backslash.
 * A team that has an area already may own more than this model: it keeps what it has.
 */
export const teamAreaResource: Resource<DesiredTeamArea> = {
  compare: ({ areaPath }, { teamArea }) => {
    if (teamArea === "") return create;
    const note = sameName(teamArea, areaPath)
      ? {}
      : { note: `The team's area is ${teamArea}; it is left as it is.` };
    return { ...keep(teamArea), ...note };
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
