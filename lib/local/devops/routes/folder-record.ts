import type { Organization } from "../state/organization.ts";
import type { StoredRecord } from "../state/organization-state.ts";
import { normalizeFolderPath } from "./pipeline-record.ts";

export interface FolderRecord extends StoredRecord {
  readonly id: string;
  readonly projectId: string;
  readonly path: string;
  /** Absent for a parent that was made on the way. */
  readonly description?: string;
  readonly createdOn: string;
  readonly lastChangedDate?: string;
}

export const folderKind = "folder";

/** Whether a record is a pipeline folder. */
export function isFolder(record: StoredRecord): record is FolderRecord {
  return "createdOn" in record && "path" in record;
}

/** The folders of a project by their paths; the root is there as soon as anything else is. */
export function foldersOf(organization: Organization, projectId: string): readonly FolderRecord[] {
  return organization
    .list(folderKind, isFolder)
    .filter((folder) => folder.projectId === projectId)
    .toSorted((left, right) => left.path.localeCompare(right.path));
}

/** Whether a path is a folder or anything in it. */
export function isInFolder(path: string, folder: string): boolean {
  const inner = path.toLowerCase();
  const outer = folder.toLowerCase();
  return outer === "\\" || inner === outer || inner.startsWith(`${outer}\\`);
}

/** Makes a folder and its parents where they are missing. */
export function ensureFolder(organization: Organization, projectId: string, path: string): void {
  const parts = normalizeFolderPath(path)
    .split("\\")
    .filter((part) => part !== "");
  for (let depth = 0; depth <= parts.length; depth += 1) {
    const parent = `\\${parts.slice(0, depth).join("\\")}`;
    const exists = foldersOf(organization, projectId).some(
      (folder) => folder.path.toLowerCase() === parent.toLowerCase(),
    );
    if (exists) continue;
    const folder: FolderRecord = {
      id: organization.newGuid(),
      projectId,
      path: parent,
      createdOn: organization.now(),
    };
    organization.put(folderKind, folder);
  }
}
