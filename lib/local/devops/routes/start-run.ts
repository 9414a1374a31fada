import { listCommits } from "../../../git/bare-repository.ts";
import type { JsonObject } from "../body.ts";
import { folderOf } from "../review/merge-branches.ts";
import type { RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { Organization } from "../state/organization.ts";
import { formatProblem } from "../../../pipelines/problem.ts";
import { readForRun } from "../runs/execute-run.ts";
import { queueRun, type RunOrder } from "../runs/queue-run.ts";
import type { ReadPipeline } from "../runs/read-pipeline.ts";
import type { RunRecord } from "../runs/run-record.ts";
import { headOf } from "../runs/triggers.ts";
import type { PipelineRecord } from "./pipeline-record.ts";

/** What a client says about the run that it wants. */
export interface WantedRun {
  readonly pipeline: PipelineRecord;
  /** A ref or the name of a branch; absent: the branch of the pipeline. */
  readonly branch: string | undefined;
  readonly commit: string | undefined;
  readonly parameters: JsonObject;
  readonly variables: RunRecord["variables"];
  readonly stagesToSkip: readonly string[];
  readonly reason: "manual" | "schedule";
  readonly pipelineRuns?: Readonly<Record<string, number>>;
}

/** Queues a run and lets it begin; a pipeline that could not run is refused, as by the service. */
export async function startRun(request: RouteRequest, wanted: WantedRun): Promise<RunRecord> {
  const order = await orderOf(request, wanted);
  await previewRun(request, order);
  const run = queueRun(request.organization, order);
  request.work.begin(run);
  return run;
}

/** The YAML that a run would execute, with templates, expressions and parameters put in. */
export async function previewRun(
  request: RouteRequest,
  order: RunOrder,
  override?: string,
): Promise<Extract<ReadPipeline, { readonly kind: "good" }>> {
  const { organization, baseUrl } = request;
  const run: RunRecord = {
    ...provisional,
    ...order,
    id: 0,
    projectId: order.pipeline.projectId,
    pipelineId: order.pipeline.id,
    requestedForId: order.requestedById,
    queuedOn: organization.now(),
  };
  const read = await readForRun({ organization, pipeline: order.pipeline, run, baseUrl }, override);
  if (read.kind === "good") return read;
  throw new ServiceError(400, "PipelineValidationException", read.problems.map(formatProblem).join("\n"));
}

/** The commit that is to be run, and the rest of what was asked for. */
export async function orderOf(request: RouteRequest, wanted: WantedRun): Promise<RunOrder> {
  const { organization, identity } = request;
  const { branch, commit, ...rest } = wanted;
  const ref = branch === undefined || branch.startsWith("refs/") ? branch : `refs/heads/${branch}`;
  const head = await headOf(organization, wanted.pipeline, ref);
  if (head === undefined) {
    const name = ref ?? "the default branch";
    throw new ServiceError(
      400,
      "PipelineValidationException",
      `Could not find ${name} in the repository of the pipeline.`,
    );
  }
  const own = (commit ?? "") === "" ? undefined : commit;
  if (own !== undefined && !(await isCommitOf(organization, head.repositoryId, own))) {
    const message = `Could not find the commit ${own} in the repository of the pipeline.`;
    throw new ServiceError(400, "PipelineValidationException", message);
  }
  return { ...rest, ...head, ...(own === undefined ? {} : { commit: own }), requestedById: identity.id };
}

async function isCommitOf(
  organization: Organization,
  repositoryId: string,
  commit: string,
): Promise<boolean> {
  if (!/^[0-9a-f]{40}$/i.test(commit)) return false;
  const found = await listCommits(folderOf(organization, repositoryId), commit, { most: 1 });
  return found !== undefined;
}

const provisional = {
  runNumber: "0",
  runState: "notStarted",
  parameters: {},
  variables: {},
  stagesToSkip: [],
  pipelineRuns: {},
  artifacts: {},
  tags: [],
  issues: [],
} as const;
