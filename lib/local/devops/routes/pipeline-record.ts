import type { JsonObject } from "../body.ts";
import type { Organization } from "../state/organization.ts";
import type { StoredRecord } from "../state/organization-state.ts";

/** A build definition; `content` is what the client sent, in the service's normal form. */
export interface PipelineRecord extends StoredRecord {
  readonly id: number;
  readonly projectId: string;
  readonly name: string;
  /** Folder, `\` or `\folder\sub`. */
  readonly folderPath: string;
  readonly revision: number;
  readonly createdDate: string;
  readonly content: JsonObject;
}

export const pipelineKind = "pipeline";

/** Whether a record is a pipeline. */
export function isPipeline(record: StoredRecord): record is PipelineRecord {
  return "folderPath" in record && "content" in record;
}

/** The pipelines of a project in the order of their creation. */
export function pipelinesOf(organization: Organization, projectId: string): readonly PipelineRecord[] {
  return organization.list(pipelineKind, isPipeline).filter((pipeline) => pipeline.projectId === projectId);
}

/** `\` and `\a\b`: one leading backslash, none at the end, slashes turned. */
export function normalizeFolderPath(path: string): string {
  const parts = path
    .split(/[\\/]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  return `\\${parts.join("\\")}`;
}
