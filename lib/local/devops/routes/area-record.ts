import type { Organization } from "../state/organization.ts";
import type { Project, StoredRecord } from "../state/organization-state.ts";

export interface AreaRecord extends StoredRecord {
  readonly id: number;
  readonly identifier: string;
  readonly projectId: string;
  /** Names below the project's root, such as `["Data", "Iris"]`; empty for the root. */
  readonly names: readonly string[];
}

export interface Area extends AreaRecord {
  /** As a team names it: `Project\Data\Iris`. */
  readonly fieldValue: string;
}

export const areaKind = "area";

/** Whether a record is an area. */
export function isArea(record: StoredRecord): record is AreaRecord {
  return "names" in record && "identifier" in record;
}

/** The areas of a project; the root always exists. */
export function areasOf(organization: Organization, project: Project): readonly Area[] {
  const stored = organization.list(areaKind, isArea).filter((area) => area.projectId === project.id);
  const root: AreaRecord = { id: 0, identifier: project.id, projectId: project.id, names: [] };
  return [root, ...stored].map((area) => ({ ...area, fieldValue: [project.name, ...area.names].join("\\") }));
}

/** Whether an area is another one or somewhere below it. */
export function isInArea(area: Pick<Area, "fieldValue">, top: Pick<Area, "fieldValue">): boolean {
  return `${area.fieldValue}\\`.toLowerCase().startsWith(`${top.fieldValue}\\`.toLowerCase());
}
