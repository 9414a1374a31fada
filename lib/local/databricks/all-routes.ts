import type { WorkspaceRoute } from "./route.ts";
import { clusterRoutes } from "./routes/cluster.ts";
import { jobRoutes } from "./routes/job.ts";
import { libraryRoutes } from "./routes/library.ts";
import { runRoutes } from "./routes/run.ts";
import { secretRoutes } from "./routes/secret.ts";
import { wellKnownRoutes } from "./routes/well-known.ts";
import { workspaceObjectRoutes } from "./routes/workspace-object.ts";

/** Everything the workspace can do. */
export const allWorkspaceRoutes: readonly WorkspaceRoute[] = [
  ...wellKnownRoutes,
  ...workspaceObjectRoutes,
  ...clusterRoutes,
  ...libraryRoutes,
  ...jobRoutes,
  ...runRoutes,
  ...secretRoutes,
];
