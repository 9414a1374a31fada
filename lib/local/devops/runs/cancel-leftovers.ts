import { rmSync } from "node:fs";
import { join } from "node:path";
import type { OpenOrganization } from "../state/open-organization.ts";
import { approvalsOf, closeApproval } from "./approval-record.ts";
import { finish, runFolder } from "./execute-run.ts";
import { isRun, runKind } from "./run-record.ts";
import { endTimeline } from "./timeline-file.ts";

/** Ends on paper what an earlier process left running when it ended, and clears away what its jobs were working on. */
export function cancelLeftovers(organization: OpenOrganization): void {
  const left = organization.list(runKind, isRun).filter(({ runState }) => runState !== "completed");
  const issues = ["The local organisation was stopped before the run had ended."];
  for (const { id } of left) {
    finish(organization, id, { result: "canceled", issues });
    const folder = runFolder(organization, id);
    endTimeline(folder, organization.now());
    rmSync(join(folder, "work", "jobs"), { recursive: true, force: true });
  }
  for (const projectId of Object.keys(organization.state().projects))
    for (const approval of approvalsOf(organization, projectId))
      if (approval.approvalState === "pending") closeApproval(organization, approval, "canceled");
}
