import type { JsonObject } from "../body.ts";
import type { StoredRecord } from "../state/organization-state.ts";

export interface ApprovalCheckRecord extends StoredRecord {
  readonly id: number;
  readonly projectId: string;
  readonly checkType: { readonly id: string; readonly name: string };
  readonly resource: { readonly type: string; readonly id: string; readonly name: string };
  readonly settings: JsonObject;
  /** Minutes. */
  readonly timeout: number;
  readonly createdOn: string;
  readonly modifiedOn: string;
}

export const approvalCheckKind = "approval-check";

/** Whether a record is a check of a resource. */
export function isApprovalCheck(record: StoredRecord): record is ApprovalCheckRecord {
  return "checkType" in record && "resource" in record;
}
