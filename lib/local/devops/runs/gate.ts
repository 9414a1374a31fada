import { textOf } from "../../../pipelines/yaml-node.ts";
import type { PipelineModel } from "../../../pipelines/pipeline-model.ts";
import type { ApprovalRequest } from "../../../pipelines/run/run-types.ts";
import { textIn } from "../body.ts";
import {
  approvalCheckKind,
  isApprovalCheck,
  type ApprovalCheckRecord,
} from "../routes/approval-check-record.ts";
import type { Organization } from "../state/organization.ts";
import { askApproval, closeApproval, findApproval } from "./approval-record.ts";
import type { ExclusiveLocks } from "./exclusive-locks.ts";
import { passesName } from "./filter.ts";
import { findEnvironment } from "./resolve-resources.ts";
import type { RunRecord } from "./run-record.ts";
import type { RunTimeline } from "./timeline.ts";

const approvalType = "8c6f20a7-a545-4486-9777-f762fafe0d4d";
const taskType = "fe1de3ee-a436-41b4-bb20-f6eb4cb879a7";
const lockType = "2ef31ad6-baa0-403a-8b45-2cbc9b4e5563";
const minuteMs = 60_000;
/** What a timer takes at most. */
const longestTimer = 2_147_483_647;

/** Who waits for which approval. */
export type ApprovalWaits = Map<string, () => void>;

export interface GateOptions {
  readonly organization: Organization & { readonly save: () => void };
  readonly waits: ApprovalWaits;
  readonly locks: ExclusiveLocks;
  readonly run: RunRecord;
  readonly model: PipelineModel;
  readonly timeline: RunTimeline;
  readonly signal: AbortSignal;
  readonly warn: (message: string) => void;
}

/** Waits until every check of an environment lets a stage through, or one of them does not. */
export async function passChecks(
  options: GateOptions,
  { stage, environment, isQuestion }: ApprovalRequest,
): Promise<"approved" | "rejected"> {
  const { organization, run, locks, signal } = options;
  if (isQuestion === true) {
    options.warn(`Nobody was asked ${JSON.stringify(environment)}: here, a ManualValidation goes through.`);
    return "approved";
  }
  const found = findEnvironment(organization, run.projectId, environment);
  if (found === undefined) return "approved";
  const checks = organization
    .list(approvalCheckKind, isApprovalCheck)
    .filter(({ projectId, resource }) => projectId === run.projectId && resource.type === "environment")
    .filter(({ resource }) => resource.id === String(found.id));
  const place = { stage, environmentName: found.environmentName };
  const answers = await Promise.all(checks.map((check) => passOne(options, check, place)));
  if (answers.includes(false)) return "rejected";
  if (!checks.some(({ checkType }) => checkType.id === lockType)) return "approved";
  const isInSequence = lockBehavior(options.model, stage) === "sequential";
  const lock = { runId: run.id, stage };
  if (await locks.acquire(found.id, lock, { isInSequence, signal })) return "approved";
  options.warn(`Stage ${stage} gave its turn for ${environment} to a later run (lockBehavior: runLatest).`);
  return "rejected";
}

interface Place {
  readonly stage: string;
  readonly environmentName: string;
}

async function passOne(options: GateOptions, check: ApprovalCheckRecord, place: Place): Promise<boolean> {
  if (check.checkType.id === approvalType) return await awaitApproval(options, check, place);
  if (check.checkType.id === lockType) return true;
  const name = textIn(check.settings, "definitionRef", "name") ?? "";
  if (check.checkType.id === taskType && name.toLowerCase() === "evaluatebranchprotection")
    return passBranch(options, check, place);
  options.warn(
    `The check ${textIn(check.settings, "displayName") ?? check.checkType.name} of ${place.environmentName} is not emulated.`,
  );
  return true;
}

/** Only runs of some branches may go to the environment. */
function passBranch({ run, warn }: GateOptions, { settings }: ApprovalCheckRecord, place: Place): boolean {
  const allowed = (textIn(settings, "inputs", "allowedBranches") ?? "")
    .split(",")
    .map((branch) => branch.trim())
    .filter((branch) => branch !== "");
  const isAllowed = allowed.length === 0 || passesName({ include: allowed, exclude: [] }, run.branch);
  if (!isAllowed)
    warn(`${place.environmentName} takes runs of ${allowed.join(", ")} only, not of ${run.branch}.`);
  return isAllowed;
}

async function awaitApproval(
  { organization, waits, run, timeline, signal }: GateOptions,
  check: ApprovalCheckRecord,
  { stage, environmentName }: Place,
): Promise<boolean> {
  const { id } = askApproval(organization, check, { run, stage, environmentName });
  timeline.approval(stage, id, undefined);
  organization.save();
  const state = await new Promise<string>((resolve) => {
    const look = (): void => {
      const now = findApproval(organization, id)?.approvalState ?? "canceled";
      if (now !== "pending") settle(now);
    };
    const close = (closed: "canceled" | "timedOut"): void => {
      const now = findApproval(organization, id);
      if (now?.approvalState === "pending") closeApproval(organization, now, closed);
      settle(closed);
    };
    const cancel = (): void => close("canceled");
    const timer = setTimeout(() => close("timedOut"), Math.min(check.timeout * minuteMs, longestTimer));
    const settle = (end: string): void => {
      clearTimeout(timer);
      waits.delete(id);
      signal.removeEventListener("abort", cancel);
      resolve(end);
    };
    waits.set(id, look);
    signal.addEventListener("abort", cancel, { once: true });
    if (signal.aborted) cancel();
  });
  timeline.approval(stage, id, state === "approved" ? "succeeded" : "failed");
  organization.save();
  return state === "approved";
}

/** What the pipeline says about runs that wait for each other; the stage's own word counts first. */
function lockBehavior(model: PipelineModel, stageName: string): string {
  const stage = model.stages.find(({ name }) => name === stageName);
  return textOf(stage?.node, "lockBehavior") ?? textOf(model.root, "lockBehavior") ?? "runLatest";
}
