import { listReply, type JsonObject } from "../body.ts";
import { location } from "../location.ts";
import type { Route, RouteReply } from "../route.ts";

/** The permissions of git by name, lowest bit first. */
const gitActions = [
  "Administer",
  "GenericRead",
  "GenericContribute",
  "ForcePush",
  "CreateBranch",
  "CreateTag",
  "ManageNote",
  "PolicyExempt",
  "CreateRepository",
  "DeleteRepository",
  "RenameRepository",
  "EditPolicies",
  "RemoveOthersLocks",
  "ManagePermissions",
  "PullRequestContribute",
  "PullRequestBypassPolicy",
];

/** The namespaces of what is kept here; the service has dozens more. */
const namespaces: readonly JsonObject[] = [
  namespace("2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87", "Git Repositories", gitActions),
  namespace("33344d9c-fc72-4d6f-aba5-fa317101a7e9", "Build", []),
  namespace("b7e84409-6553-448a-bbb2-af228e07cbeb", "Library", []),
  namespace("83d4c2e6-e57d-4d6e-892b-b87222b7ad20", "Environment", []),
  namespace("52d39943-cb85-4d7f-8fa8-c6baac873819", "Project", []),
  namespace("83e28ad4-2d72-4ceb-97b0-c7726d5502c3", "CSS", []),
  namespace("5a27515b-ccd7-42c9-84f1-54c998f03866", "Identity", []),
];

function namespace(namespaceId: string, name: string, actions: readonly string[]): JsonObject {
  return {
    namespaceId,
    name,
    displayName: name,
    separatorValue: "/",
    actions: actions.map((action, index) => ({
      bit: 2 ** index,
      name: action,
      displayName: action,
      namespaceId,
    })),
  };
}

const locationOfNamespaces = location({
  id: "ce7b9f95-fde9-4be8-a86d-83b366f0b87a",
  area: "Security",
  resourceName: "SecurityNamespaces",
  routeTemplate: "_apis/{resource}/{securityNamespaceId}",
});

/** The service answers an empty list for a namespace that it does not know. */
function listNamespaces(id: string | undefined): RouteReply {
  const shown = namespaces.filter(({ namespaceId }) => (id?.toLowerCase() ?? namespaceId) === namespaceId);
  return { status: 200, body: listReply(shown) };
}

export const securityNamespaceRoutes: readonly Route[] = [
  {
    location: locationOfNamespaces,
    method: "GET",
    requires: [],
    handle: () => listNamespaces(undefined),
  },
  {
    location: locationOfNamespaces,
    method: "GET",
    requires: ["securityNamespaceId"],
    handle: ({ params }) => listNamespaces(params["securityNamespaceId"]),
  },
];
