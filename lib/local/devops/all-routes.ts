import { discoveryRoutes } from "./locations.ts";
import type { Route } from "./route.ts";
import { accessControlRoutes } from "./routes/access-control.ts";
import { approvalCheckRoutes } from "./routes/approval-check.ts";
import { approvalRoutes } from "./routes/approval.ts";
import { areaRoutes } from "./routes/area.ts";
import { authorizedResourceRoutes } from "./routes/authorized-resource.ts";
import { branchPolicyRoutes } from "./routes/branch-policy.ts";
import { buildRoutes } from "./routes/build.ts";
import { commitRoutes } from "./routes/commit.ts";
import { connectionDataRoutes } from "./routes/connection-data.ts";
import { environmentRoutes } from "./routes/environment.ts";
import { folderRoutes } from "./routes/folder.ts";
import { graphMembershipRoutes } from "./routes/graph-membership.ts";
import { graphRoutes } from "./routes/graph.ts";
import { identityRoutes } from "./routes/identity.ts";
import { itemRoutes } from "./routes/item.ts";
import { operationRoutes } from "./routes/operation.ts";
import { pipelinePermissionRoutes } from "./routes/pipeline-permission.ts";
import { pipelineRunRoutes } from "./routes/pipeline-run.ts";
import { pipelineShortFormRoutes } from "./routes/pipeline-short-form.ts";
import { pipelineRoutes } from "./routes/pipeline.ts";
import { policyEvaluationRoutes } from "./routes/policy-evaluation.ts";
import { policyTypeRoutes } from "./routes/policy-type.ts";
import { projectRoutes } from "./routes/project.ts";
import { pullRequestHistoryRoutes } from "./routes/pull-request-history.ts";
import { pullRequestReviewerRoutes } from "./routes/pull-request-reviewer.ts";
import { pullRequestThreadRoutes } from "./routes/pull-request-thread.ts";
import { pullRequestRoutes } from "./routes/pull-request.ts";
import { queueRoutes } from "./routes/queue.ts";
import { recycleBinRoutes } from "./routes/recycle-bin.ts";
import { refRoutes } from "./routes/ref.ts";
import { repositoryRoutes } from "./routes/repository.ts";
import { roleAssignmentRoutes } from "./routes/role-assignment.ts";
import { runArtifactRoutes } from "./routes/run-artifact.ts";
import { runLogRoutes } from "./routes/run-log.ts";
import { securityNamespaceRoutes } from "./routes/security-namespace.ts";
import { serviceEndpointRoutes } from "./routes/service-endpoint.ts";
import { teamAreaRoutes } from "./routes/team-area.ts";
import { teamMemberRoutes } from "./routes/team-member.ts";
import { teamRoutes } from "./routes/team.ts";
import { variableGroupRoutes } from "./routes/variable-group.ts";
/** Everything the organisation can do. */
export const allRoutes: readonly Route[] = [
  ...discoveryRoutes(),
  ...connectionDataRoutes,
  ...projectRoutes,
  ...operationRoutes,
  ...repositoryRoutes,
  ...recycleBinRoutes,
  ...refRoutes,
  ...commitRoutes,
  ...itemRoutes,
  ...pullRequestRoutes,
  ...pullRequestReviewerRoutes,
  ...pullRequestThreadRoutes,
  ...pullRequestHistoryRoutes,
  ...policyTypeRoutes,
  ...branchPolicyRoutes,
  ...policyEvaluationRoutes,
  ...pipelineRoutes,
  ...pipelineShortFormRoutes,
  ...pipelineRunRoutes,
  ...buildRoutes,
  ...runLogRoutes,
  ...runArtifactRoutes,
  ...approvalRoutes,
  ...folderRoutes,
  ...queueRoutes,
  ...serviceEndpointRoutes,
  ...variableGroupRoutes,
  ...environmentRoutes,
  ...approvalCheckRoutes,
  ...pipelinePermissionRoutes,
  ...authorizedResourceRoutes,
  ...teamRoutes,
  ...teamMemberRoutes,
  ...teamAreaRoutes,
  ...areaRoutes,
  ...identityRoutes,
  ...graphRoutes,
  ...securityNamespaceRoutes,
  ...accessControlRoutes,
  ...roleAssignmentRoutes,
  ...graphMembershipRoutes,
];
