import { valueIn } from "../body.ts";
import type { BranchPolicyRecord } from "../routes/branch-policy-record.ts";
import { pipelinesOf, type PipelineRecord } from "../routes/pipeline-record.ts";
import type { PullRequestRecord } from "../review/pull-request-record.ts";
import type { Organization } from "../state/organization.ts";
import { runKind, type RunReason, type RunRecord } from "./run-record.ts";

/** What somebody, or a trigger, wants to run. */
export interface RunOrder
  extends
    Pick<RunRecord, "repositoryId" | "branch" | "commit">,
    Partial<
      Pick<
        RunRecord,
        "parameters" | "variables" | "stagesToSkip" | "pullRequest" | "pipelineRuns" | "triggeredById"
      >
    > {
  readonly pipeline: PipelineRecord;
  readonly reason: RunReason;
  readonly requestedById: string;
}

/** Records a run that has not begun yet; `Work.begin` begins it. */
export function queueRun(organization: Organization, order: RunOrder): RunRecord {
  const { pipeline, requestedById, ...rest } = order;
  const queuedOn = organization.now();
  const day = queuedOn.slice(0, 10).replaceAll("-", "");
  const run: RunRecord = {
    parameters: {},
    variables: {},
    stagesToSkip: [],
    pipelineRuns: {},
    ...rest,
    id: organization.nextNumber("build"),
    projectId: pipeline.projectId,
    pipelineId: pipeline.id,
    runNumber: `${day}.${organization.nextNumber(`run ${pipeline.id} ${day}`)}`,
    runState: "notStarted",
    requestedById,
    requestedForId: requestedById,
    queuedOn,
    artifacts: {},
    tags: [],
    issues: [],
  };
  organization.put(runKind, run);
  return run;
}

/** Records the run that a build policy wants for a pull request; undefined where the branches do not merge. */
export function queueValidation(
  organization: Organization,
  request: PullRequestRecord,
  policy: BranchPolicyRecord,
): RunRecord | undefined {
  const wanted = valueIn(policy.settings, "buildDefinitionId");
  const pipeline = pipelinesOf(organization, request.projectId).find(({ id }) => id === wanted);
  if (pipeline === undefined || request.merge?.status !== "succeeded") return undefined;
  const { id, sourceCommit, targetCommit } = request;
  return queueRun(organization, {
    pipeline,
    reason: "pullRequest",
    repositoryId: request.repositoryId,
    branch: `refs/pull/${id}/merge`,
    commit: request.merge.commit,
    requestedById: request.createdById,
    pullRequest: { id, policyId: policy.id, sourceCommit, targetCommit },
  });
}
