import { publicPath } from "../guard.ts";
import type { WorkspaceRequest, WorkspaceRoute } from "../route.ts";

/** What clients ask a host first: which workspace it is. */
function getConfiguration({ workspace }: WorkspaceRequest): object {
  return {
    oidc_endpoint: `${workspace.url()}/oidc`,
    account_id: "00000000-0000-0000-0000-000000000000",
    workspace_id: workspace.workspaceId,
    cloud: "AZURE",
  };
}

/** Who holds the token. */
function getCurrentUser({ workspace }: WorkspaceRequest): object {
  const { owner } = workspace;
  return {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
    id: "1",
    userName: owner,
    displayName: "Local Owner",
    active: true,
    emails: [{ value: owner, type: "work", primary: true }],
    groups: [{ display: "admins", type: "direct", value: "2" }],
  };
}

export const wellKnownRoutes: readonly WorkspaceRoute[] = [
  { method: "GET", path: publicPath, handle: getConfiguration },
  { method: "GET", path: "/api/2.0/preview/scim/v2/Me", handle: getCurrentUser },
];
