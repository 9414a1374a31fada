import { changeRun, findRun, runsOf, type RunRecord } from "../runs/run-record.ts";
import type { RouteRequest } from "../route.ts";

type Request = Pick<RouteRequest, "organization" | "work">;

/** Ends a run; one that never began, because pipelines are switched off, has nobody else to end it. */
export function cancelRun({ organization, work }: Request, run: RunRecord): void {
  work.cancel(run.id);
  const now = findRun(organization, run.projectId, String(run.id));
  if (now.runState === "notStarted")
    changeRun(organization, run.id, () => ({
      runState: "completed",
      result: "canceled",
      finishedOn: organization.now(),
    }));
}

/** Ends the runs of a project, or of one of its pipelines, that still go on: what they belong to goes away. */
export function cancelRuns(request: Request, projectId: string, pipelineId?: number): void {
  for (const run of runsOf(request.organization, projectId))
    if (run.runState !== "completed" && (pipelineId ?? run.pipelineId) === run.pipelineId)
      cancelRun(request, run);
}
