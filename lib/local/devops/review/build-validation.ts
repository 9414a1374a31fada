import { valueIn } from "../body.ts";
import type { BranchPolicyRecord } from "../routes/branch-policy-record.ts";
import { runsOf, type RunRecord } from "../runs/run-record.ts";
import type { Organization } from "../state/organization.ts";
import type { PullRequestRecord } from "./pull-request-record.ts";

const minuteMs = 60_000;

/** The newest run that a build policy still takes for this state of a pull request; undefined where there has to be another one. */
export function latestValidation(
  organization: Organization,
  request: PullRequestRecord,
  policy: BranchPolicyRecord,
): RunRecord | undefined {
  return runsOf(organization, request.projectId)
    .filter(({ pullRequest }) => pullRequest?.id === request.id && pullRequest.policyId === policy.id)
    .findLast((run) => isValid(run, { organization, request, policy }));
}

interface Asked {
  readonly organization: Organization;
  readonly request: PullRequestRecord;
  readonly policy: BranchPolicyRecord;
}

/** A change of the source always asks for another run; one of the target as the policy's expiration says. */
function isValid(run: RunRecord, { organization, request, policy }: Asked): boolean {
  if (run.pullRequest?.sourceCommit !== request.sourceCommit) return false;
  if (run.pullRequest.targetCommit === request.targetCommit) return true;
  if (valueIn(policy.settings, "queueOnSourceUpdateOnly") !== true) return false;
  const minutes = valueIn(policy.settings, "validDuration");
  if (typeof minutes !== "number" || minutes === 0 || run.finishedOn === undefined) return true;
  return Date.parse(organization.now()) - Date.parse(run.finishedOn) < minutes * minuteMs;
}
