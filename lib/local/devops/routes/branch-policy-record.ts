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

export interface PolicyTarget {
  /** Absent asks for policies of the whole project. */
  readonly repositoryId: string | undefined;
  /** Absent asks for every branch. */
  readonly refName: string | undefined;
  readonly defaultBranch: string | undefined;
}

/** Whether a scope applies to a repository, and to a branch of it when one is named. */
export function scopeApplies(scope: PolicyScope, target: PolicyTarget): boolean {
  const repositoryId = scope.repositoryId ?? undefined;
  if (repositoryId !== undefined && repositoryId !== target.repositoryId) return false;
  if (target.refName === undefined) return true;
  if (scope.matchKind === "DefaultBranch") return target.refName === target.defaultBranch;
  const refName = scope.refName ?? undefined;
  if (refName === undefined || refName === target.refName) return true;
  return scope.matchKind === "Prefix" && target.refName.startsWith(`${refName.replace(/\/+$/, "")}/`);
}
