import { ServiceError } from "../service-error.ts";
import type { Organization } from "../state/organization.ts";
import type { Project } from "../state/organization-state.ts";
import { areaKind, areasOf, isInArea, type Area, type AreaRecord } from "./area-record.ts";
import { teamKind, teamsOf, type TeamRecord } from "./team-record.ts";

const longestName = 255;
const illegalInName = /[\\/:*?"<>|#$&+\p{Cc}]/u;

/** Refuses a name that no area can have, and one that is taken; another spelling of its own name is fine. */
export function refuseAreaName(siblings: readonly Area[], name: string): void {
  if (name.length > longestName || illegalInName.test(name)) {
    throw new ServiceError(
      400,
      "ClassificationNodeInvalidNameException",
      `The name ${name} is not valid for an area.`,
    );
  }
  const taken = siblings.some((area) => area.names.at(-1)?.toLowerCase() === name.toLowerCase());
  if (!taken) return;
  const message = `VS402371: Classification node name ${name} is already in use by a different node in the tree. Specify a different name.`;
  throw new ServiceError(409, "ClassificationNodeDuplicateNameException", message);
}

/** Gives an area another place or name; what is below it and the teams that work on it follow. */
export function moveArea(
  organization: Organization,
  project: Project,
  { area, names }: { readonly area: Area; readonly names: readonly string[] },
): void {
  const moved = [project.name, ...names].join("\\");
  for (const { fieldValue, ...inner } of areasOf(organization, project)) {
    const rest = inner.names.slice(area.names.length);
    const record: AreaRecord = { ...inner, names: [...names, ...rest] };
    if (isInArea({ fieldValue }, area)) organization.put(areaKind, record);
  }
  changeTeams(organization, project, (value) =>
    isInArea({ fieldValue: value }, area) ? moved + value.slice(area.fieldValue.length) : value,
  );
}

/** Takes an area out with all below it; teams lose it. */
export function removeArea(organization: Organization, project: Project, area: Area): void {
  for (const inner of areasOf(organization, project)) {
    if (isInArea(inner, area)) organization.remove(areaKind, inner.id);
  }
  changeTeams(organization, project, (value) => (isInArea({ fieldValue: value }, area) ? undefined : value));
}

function changeTeams(
  organization: Organization,
  project: Project,
  change: (value: string) => string | undefined,
): void {
  for (const { areaPath, ...team } of teamsOf(organization, project)) {
    const nextPath = areaPath === undefined ? undefined : change(areaPath);
    const areaValues = team.areaValues.flatMap((entry) => {
      const value = change(entry.value);
      return value === undefined ? [] : [{ ...entry, value }];
    });
    const record: TeamRecord = {
      ...team,
      areaValues,
      ...(nextPath === undefined ? {} : { areaPath: nextPath }),
    };
    organization.put(teamKind, record);
  }
}
