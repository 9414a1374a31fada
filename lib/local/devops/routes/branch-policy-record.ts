import type { StoredRecord } from "../state/organization-state.ts";

export interface PolicyScope {
  readonly refName?: string | null;
  readonly matchKind?: string | null;
  readonly repositoryId?: string | null;
}

export interface BranchPolicyRecord extends StoredRecord {
  readonly id: number;
  readonly projectId: string;
  readonly revision: number;
  readonly createdDate: string;
  readonly isEnabled: boolean;
  readonly isBlocking: boolean;
  readonly typeId: string;
  readonly settings: { readonly scope?: readonly PolicyScope[] } & Readonly<Record<string, unknown>>;
}

/** Whether a record is a policy configuration. */
export function isBranchPolicy(record: StoredRecord): record is BranchPolicyRecord {
  return typeof record.id === "number" && "isBlocking" in record;
}
