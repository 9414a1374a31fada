import { listIn, textIn, valueIn } from "../body.ts";
import type { ApprovalCheckRecord } from "../routes/approval-check-record.ts";
import type { Organization } from "../state/organization.ts";
import type { StoredRecord } from "../state/organization-state.ts";
import { standsFor } from "../state/stands-for.ts";
import type { RunRecord } from "./run-record.ts";

export type ApprovalState = "pending" | "approved" | "rejected" | "canceled" | "timedOut";

/** What one approver was asked, and answered. */
export interface ApprovalStep {
  readonly approverId: string;
  readonly stepState: "pending" | "approved" | "rejected" | "skipped" | "uninitiated";
  readonly decidedById?: string;
  readonly comment?: string;
  readonly modifiedOn: string;
}

/** An approval that a stage of a run waits for. */
export interface ApprovalRecord extends StoredRecord {
  readonly id: string;
  readonly projectId: string;
  readonly runId: number;
  readonly stage: string;
  readonly environmentName: string;
  readonly approvalState: ApprovalState;
  readonly steps: readonly ApprovalStep[];
  /** 0 asks all. */
  readonly minimum: number;
  readonly isInSequence: boolean;
  /** Whoever asked for the run may not approve it. */
  readonly excludesRequester: boolean;
  readonly instructions: string;
  readonly createdOn: string;
  readonly modifiedOn: string;
}

export const approvalKind = "approval";

/** Approvals in the order in which they were asked for. */
export function approvalsOf(organization: Organization, projectId: string): readonly ApprovalRecord[] {
  return organization.list(approvalKind, isApproval).filter((approval) => approval.projectId === projectId);
}

/** An approval by its id. */
export function findApproval(organization: Organization, id: string): ApprovalRecord | undefined {
  return organization.list(approvalKind, isApproval).find((approval) => approval.id === id.toLowerCase());
}

/** Asks for the approval that a check wants. */
export function askApproval(
  organization: Organization,
  check: ApprovalCheckRecord,
  {
    run,
    stage,
    environmentName,
  }: { readonly run: RunRecord; readonly stage: string; readonly environmentName: string },
): ApprovalRecord {
  const { settings } = check;
  const now = organization.now();
  const isInSequence = textIn(settings, "executionOrder")?.toLowerCase() === "insequence";
  const approverIds = listIn(settings, "approvers").flatMap((approver) => textIn(approver, "id") ?? []);
  const minimum = valueIn(settings, "minRequiredApprovers");
  const approval: ApprovalRecord = {
    id: organization.newGuid(),
    projectId: check.projectId,
    runId: run.id,
    stage,
    environmentName,
    approvalState: "pending",
    steps: approverIds.map((approverId, index) => ({
      approverId,
      stepState: isInSequence && index > 0 ? "uninitiated" : "pending",
      modifiedOn: now,
    })),
    minimum: typeof minimum === "number" ? minimum : 0,
    isInSequence,
    excludesRequester: valueIn(settings, "requesterCannotBeApprover") === true,
    instructions: textIn(settings, "instructions") ?? "",
    createdOn: now,
    modifiedOn: now,
  };
  organization.put(approvalKind, approval);
  return approval;
}

/** What somebody decides. */
export interface Decision {
  readonly organization: Organization;
  readonly approval: ApprovalRecord;
  readonly run: RunRecord;
  readonly byId: string;
  /** The owner of the organisation decides in the name of whoever is asked. */
  readonly isForOthers: boolean;
  readonly outcome: "approved" | "rejected";
  readonly comment: string | undefined;
}

/** The approval after a decision; undefined where this person is not asked, or may not decide. */
export function decide(decision: Decision): ApprovalRecord | undefined {
  const { organization, approval, outcome, comment, byId } = decision;
  const index = approval.steps.findIndex((step) => isAsked(step, decision));
  if (index < 0) return undefined;
  const modifiedOn = organization.now();
  const steps = approval.steps.map((step, at): ApprovalStep => {
    if (at === index + 1 && step.stepState === "uninitiated")
      return { ...step, stepState: "pending", modifiedOn };
    if (at !== index) return step;
    const decidedById = decision.isForOthers ? nameOf(step, decision) : byId;
    return {
      ...step,
      stepState: outcome,
      decidedById,
      modifiedOn,
      ...(comment === undefined ? {} : { comment }),
    };
  });
  const approvalState = stateOf({ ...approval, steps });
  const settled = approvalState === "pending" ? steps : steps.map(skipPending);
  const decided: ApprovalRecord = { ...approval, steps: settled, approvalState, modifiedOn };
  organization.put(approvalKind, decided);
  return decided;
}

/** Ends an approval that nobody has to decide any more. */
export function closeApproval(
  organization: Organization,
  approval: ApprovalRecord,
  approvalState: "canceled" | "timedOut",
): void {
  const closed: ApprovalRecord = { ...approval, approvalState, modifiedOn: organization.now() };
  organization.put(approvalKind, closed);
}

function isAsked(step: ApprovalStep, decision: Decision): boolean {
  if (step.stepState !== "pending") return false;
  const { organization, byId, isForOthers } = decision;
  const mayBe = isForOthers || standsFor(organization, byId, step.approverId);
  return mayBe && !isRequester(isForOthers ? step.approverId : byId, decision);
}

function isRequester(id: string, { approval, run }: Decision): boolean {
  return approval.excludesRequester && id === run.requestedForId;
}

/** A group does not decide; the owner stands for it. */
function nameOf({ approverId }: ApprovalStep, { organization, byId }: Decision): string {
  return organization.identity(approverId)?.kind === "user" ? approverId : byId;
}

function stateOf({ steps, minimum }: ApprovalRecord): ApprovalState {
  if (steps.some(({ stepState }) => stepState === "rejected")) return "rejected";
  const approved = steps.filter(({ stepState }) => stepState === "approved").length;
  return approved >= (minimum === 0 ? steps.length : minimum) ? "approved" : "pending";
}

function skipPending(step: ApprovalStep): ApprovalStep {
  const isOpen = step.stepState === "pending" || step.stepState === "uninitiated";
  return isOpen ? { ...step, stepState: "skipped" } : step;
}

function isApproval(record: StoredRecord): record is ApprovalRecord {
  return "approvalState" in record && "steps" in record;
}
