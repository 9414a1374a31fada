import type { Organization } from "../state/organization.ts";
import { isBranchPolicy, type BranchPolicyRecord, type PolicyScope } from "../routes/branch-policy-record.ts";
import type { RepositoryRecord } from "../routes/repository-record.ts";

/** The policy types that stand between a push and a branch; the others are about content. */
const protectingTypes = new Set([
  "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd", // minimum number of reviewers
  "0609b952-1397-4640-95ec-e00a01b2c241", // build
  "fd2167ab-b0be-447a-8ec8-39368250530e", // required reviewers
  "40e92b44-2fe1-4dd6-b3d8-74a9c21d0c6e", // work item linking
  "c6a1889d-b943-4856-b76f-9e46bb6b0df2", // comment requirements
  "fa4e907d-c16b-4a4c-9dfa-4916e5d171ab", // merge strategy
  "cbdc66da-9728-4af8-aada-9a5a32e4a226", // status
]);

/** Refs, or prefixes of refs that end before a slash, that a push to this repository may not touch. */
export function protectedRefs(organization: Organization, repository: RepositoryRecord): readonly string[] {
  const scopes = organization
    .list("branch-policy", isBranchPolicy)
    .filter((policy) => policy.projectId === repository.projectId && protects(policy))
    .flatMap((policy) => policy.settings.scope ?? []);
  return [...new Set(scopes.flatMap((scope) => refOf(scope, repository)))];
}

function protects({ isEnabled, isBlocking, typeId }: BranchPolicyRecord): boolean {
  return isEnabled && isBlocking && protectingTypes.has(typeId);
}

function refOf(scope: PolicyScope, repository: RepositoryRecord): readonly string[] {
  const covers = (scope.repositoryId ?? repository.id) === repository.id;
  if (!covers) return [];
  if ((scope.matchKind ?? "").toLowerCase() === "defaultbranch")
    return repository.defaultBranch === undefined ? [] : [repository.defaultBranch];
  const ref = (scope.refName ?? "refs/heads").replace(/\/+$/, "");
  // Anything else would mean something of its own to git's setting.
  return ref.startsWith("refs/") ? [ref] : [];
}
