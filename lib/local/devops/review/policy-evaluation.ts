import { listIn, textIn, valueIn, type JsonObject } from "../body.ts";
import { isBranchPolicy, scopeApplies, type BranchPolicyRecord } from "../routes/branch-policy-record.ts";
import { findRepository } from "../routes/repository-record.ts";
import type { RunRecord } from "../runs/run-record.ts";
import type { Organization } from "../state/organization.ts";
import { standsFor } from "../state/stands-for.ts";
import { latestValidation } from "./build-validation.ts";
import { matchesPath } from "./match-path.ts";
import { shortRef } from "./merge-branches.ts";
import type { PullRequestRecord } from "./pull-request-record.ts";
import { isUnresolved, threadsOf } from "./thread-record.ts";

/** What a policy says about a pull request now. */
export interface Evaluation {
  readonly policy: BranchPolicyRecord;
  readonly status: "queued" | "running" | "approved" | "rejected" | "notApplicable";
  /** What is missing, for whoever wants to complete the pull request. */
  readonly missing: string;
  /** The run of a build validation. */
  readonly run?: RunRecord;
}

/** What policies judge by. */
export interface Reviewed {
  readonly organization: Organization;
  readonly request: PullRequestRecord;
  /** Files that differ, from the root. */
  readonly paths: readonly string[];
}

export const policyTypeIds = {
  minimumReviewers: "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd",
  build: "0609b952-1397-4640-95ec-e00a01b2c241",
  requiredReviewers: "fd2167ab-b0be-447a-8ec8-39368250530e",
  workItems: "40e92b44-2fe1-4dd6-b3d8-74a9c21d0c6e",
  comments: "c6a1889d-b943-4856-b76f-9e46bb6b0df2",
  mergeStrategy: "fa4e907d-c16b-4a4c-9dfa-4916e5d171ab",
  status: "cbdc66da-9728-4af8-aada-9a5a32e4a226",
} as const;

const approving = 5;

type Verdict = Pick<Evaluation, "status" | "missing"> & { readonly run?: RunRecord };
type Judge = (reviewed: Reviewed, policy: BranchPolicyRecord) => Verdict;

const judges: Readonly<Record<string, Judge>> = {
  [policyTypeIds.minimumReviewers]: judgeReviewers,
  [policyTypeIds.build]: judgeBuild,
  [policyTypeIds.requiredReviewers]: judgeRequiredReviewers,
  [policyTypeIds.workItems]: ({ request }) =>
    request.workItemIds.length > 0 ? approved : rejected("Work items must be linked"),
  [policyTypeIds.comments]: ({ organization, request }) =>
    threadsOf(organization, request.id).some(isUnresolved)
      ? rejected("All comments must be resolved")
      : approved,
  [policyTypeIds.mergeStrategy]: judgeStrategy,
  [policyTypeIds.status]: (_reviewed, policy) => ({
    status: "queued",
    missing: `The status ${text(policy, "statusName")} must be posted`,
  }),
};

const approved: Verdict = { status: "approved", missing: "" };

/** What every enabled policy of the target branch says; those about content are asked when it is pushed, not here. */
export function evaluatePolicies(reviewed: Reviewed): readonly Evaluation[] {
  return policiesFor(reviewed.organization, reviewed.request).flatMap((policy) => {
    const judge = judges[policy.typeId];
    if (judge === undefined) return [];
    const isAbout = matchesAny(patternsOf(policy), reviewed.paths);
    const verdict = isAbout ? judge(reviewed, policy) : { ...approved, status: "notApplicable" as const };
    return [{ policy, ...verdict }];
  });
}

/** The evaluations that keep a pull request from being completed. */
export function blockingOnes(evaluations: readonly Evaluation[]): readonly Evaluation[] {
  return evaluations.filter(
    ({ policy, status }) => policy.isBlocking && status !== "approved" && status !== "notApplicable",
  );
}

/** The enabled policies of the branch that a pull request goes to. */
export function policiesFor(
  organization: Organization,
  { projectId, repositoryId, targetRef }: PullRequestRecord,
): readonly BranchPolicyRecord[] {
  const { defaultBranch } = findRepository(organization, { project: projectId, idOrName: repositoryId });
  const target = { repositoryId, refName: targetRef, defaultBranch };
  return organization
    .list("branch-policy", isBranchPolicy)
    .filter((policy) => policy.projectId === projectId && policy.isEnabled)
    .filter(({ settings }) => (settings.scope ?? []).some((scope) => scopeApplies(scope, target)));
}

/** The files that a policy is about; none for all. */
export function patternsOf({ settings }: BranchPolicyRecord): readonly string[] {
  return listIn(settings, "filenamePatterns").filter((pattern) => typeof pattern === "string");
}

/** Whether any of the files is one of those that the patterns name. */
export function matchesAny(patterns: readonly string[], paths: readonly string[]): boolean {
  return patterns.length === 0 || paths.some((path) => matchesPath(patterns, path));
}

function judgeReviewers({ organization, request }: Reviewed, policy: BranchPolicyRecord): Verdict {
  const wanted = numberOf(policy, "minimumApproverCount", 1);
  const counts = (id: string): boolean =>
    organization.identity(id)?.kind === "user" &&
    (isSet(policy, "creatorVoteCounts") || id !== request.createdById);
  const votes = request.reviewers.filter(({ id }) => counts(id));
  if (!isSet(policy, "allowDownvotes") && request.reviewers.some(({ vote }) => vote < 0))
    return rejected("No reviewer may wait for the author or reject");
  const isEnough = votes.filter(({ vote }) => vote >= approving).length >= wanted;
  return isEnough ? approved : waiting(`At least ${people(wanted)} must approve, the author not among them`);
}

function judgeRequiredReviewers({ organization, request }: Reviewed, policy: BranchPolicyRecord): Verdict {
  const ids = listIn(policy.settings, "requiredReviewerIds").map((id) => String(id).toLowerCase());
  const wanted = numberOf(policy, "minimumApproverCount", 1);
  const names = ids.map((id) => organization.identity(id)?.displayName ?? id).join(", ");
  const own = request.reviewers.filter(({ id }) =>
    ids.some((wantedId) => standsFor(organization, id, wantedId)),
  );
  if (own.some(({ vote }) => vote < 0)) return rejected(`${names} must approve`);
  const counted = own.filter(({ id }) => isSet(policy, "creatorVoteCounts") || id !== request.createdById);
  const isEnough = counted.filter(({ vote }) => vote >= approving).length >= wanted;
  return isEnough ? approved : waiting(`${people(wanted)} of ${names} must approve`);
}

function judgeBuild({ organization, request }: Reviewed, policy: BranchPolicyRecord): Verdict {
  const run = latestValidation(organization, request, policy);
  const name = text(policy, "displayName");
  const missing = `${name === "" ? "The build" : name} must succeed to update ${shortRef(request.targetRef)}`;
  if (run === undefined) return { status: "queued", missing };
  if (run.runState !== "completed")
    return { status: run.runState === "notStarted" ? "queued" : "running", missing, run };
  const isGood = run.result === "succeeded" || run.result === "partiallySucceeded";
  return isGood ? { ...approved, run } : { ...rejected(missing), run };
}

const allowances: Readonly<Record<string, string>> = {
  noFastForward: "allowNoFastForward",
  squash: "allowSquash",
  rebase: "allowRebase",
  rebaseMerge: "allowRebaseMerge",
};

/** Where nobody chose, the service merges without fast-forward. The older form of the setting knows squash only. */
function judgeStrategy({ request }: Reviewed, policy: BranchPolicyRecord): Verdict {
  const { mergeStrategy = "noFastForward" } = request.completionOptions ?? {};
  const allowed = Object.keys(allowances).filter((name) => isAllowed(policy, name));
  if (allowed.includes(mergeStrategy)) return approved;
  return rejected(`The branch allows the merge strategy ${allowed.join(" or ")}, not ${mergeStrategy}`);
}

function isAllowed(policy: BranchPolicyRecord, strategy: string): boolean {
  const isNew = Object.values(allowances).some((name) => valueIn(policy.settings, name) !== undefined);
  if (isNew) return isSet(policy, allowances[strategy] ?? "");
  return !isSet(policy, "useSquashMerge") || strategy === "squash";
}

function rejected(missing: string): Verdict {
  return { status: "rejected", missing };
}

function waiting(missing: string): Verdict {
  return { status: "running", missing };
}

function people(count: number): string {
  return count === 1 ? "1 reviewer" : `${count} reviewers`;
}

function isSet({ settings }: BranchPolicyRecord, name: string): boolean {
  return valueIn(settings, name) === true;
}

function text({ settings }: { readonly settings: JsonObject }, name: string): string {
  return textIn(settings, name) ?? "";
}

function numberOf({ settings }: BranchPolicyRecord, name: string, otherwise: number): number {
  const value = valueIn(settings, name);
  return typeof value === "number" ? value : otherwise;
}
