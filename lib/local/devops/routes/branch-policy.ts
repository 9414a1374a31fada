import { listReply, type JsonObject } from "../body.ts";
import { identityReference } from "../identity-reference.ts";
import { location } from "../location.ts";
import { page } from "../page.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import { isBranchPolicy, scopeApplies, type BranchPolicyRecord } from "./branch-policy-record.ts";
import { parsePolicy } from "./branch-policy-settings.ts";
import { policyTypes } from "./policy-type.ts";
import { isRepository, repositoryKind, type RepositoryRecord } from "./repository-record.ts";

const kind = "branch-policy";

const configurations = location({
  id: "dad91cbe-d183-45f8-9c6e-9c1164472121",
  area: "policy",
  resourceName: "configurations",
  routeTemplate: "{project}/_apis/{area}/{resource}/{configurationId}",
});

const byRepository = location({
  id: "2c420070-a0a2-49cc-9639-c9f271c5ff07",
  area: "git",
  resourceName: "policyConfigurations",
  routeTemplate: "{project}/_apis/{area}/policy/configurations",
});

function createPolicy(request: RouteRequest): RouteReply {
  const { organization, params, body } = request;
  const project = organization.project(params["project"] ?? "");
  const content = parsePolicy(organization, project.id, body);
  const policy: BranchPolicyRecord = {
    id: organization.nextNumber(kind),
    projectId: project.id,
    revision: 1,
    createdDate: organization.now(),
    ...content,
  };
  organization.put(kind, policy);
  // The answer to a POST names its date without the zone; later answers have it.
  const createdDate = policy.createdDate.replace(/Z$/, "");
  return { status: 200, body: { ...policyBody(policy, request), createdDate } };
}

/** A PUT takes the whole configuration, counts the revision up and has a new date. */
function updatePolicy(request: RouteRequest): RouteReply {
  const { organization, body } = request;
  const old = findPolicy(request);
  const content = parsePolicy(organization, old.projectId, body);
  if (content.typeId !== old.typeId) {
    throw new ServiceError(
      400,
      "PolicyTypeCannotBeChangedException",
      "The type of a policy configuration cannot be changed.",
    );
  }
  const policy: BranchPolicyRecord = {
    ...old,
    ...content,
    revision: old.revision + 1,
    createdDate: organization.now(),
  };
  organization.put(kind, policy);
  return { status: 200, body: policyBody(policy, request) };
}

function deletePolicy(request: RouteRequest): RouteReply {
  request.organization.remove(kind, findPolicy(request).id);
  return { status: 204 };
}

/** `scope` is what the command line of the service sends: `<repository id without hyphens>[:<ref>]`. */
function listPolicies(request: RouteRequest): RouteReply {
  const [id, refName] = request.query.get("scope")?.split(":") ?? [];
  if (id === undefined) return listReplyOf(policiesOf(request), request);
  const repository = request.organization
    .list(repositoryKind, isRepository)
    .find((candidate) => candidate.id.replaceAll("-", "") === id.toLowerCase());
  return listReplyOf(policiesFor(request, repository, refName), request);
}

/** The policies that apply to a repository, or to one of its branches; without a repository, those of the whole project. */
function listPoliciesOfRepository(request: RouteRequest): RouteReply {
  const { organization, query } = request;
  const repositoryId = query.get("repositoryid")?.toLowerCase();
  const repository = organization.list(repositoryKind, isRepository).find(({ id }) => id === repositoryId);
  return listReplyOf(policiesFor(request, repository, query.get("refname")), request);
}

function policiesFor(
  request: RouteRequest,
  repository: RepositoryRecord | undefined,
  refName: string | undefined,
): readonly BranchPolicyRecord[] {
  const target = { repositoryId: repository?.id, refName, defaultBranch: repository?.defaultBranch };
  return policiesOf(request).filter(({ settings }) =>
    (settings.scope ?? []).some((scope) => scopeApplies(scope, target)),
  );
}

function policiesOf({ organization, params, query }: RouteRequest): readonly BranchPolicyRecord[] {
  const project = organization.project(params["project"] ?? "");
  const type = query.get("policytype")?.toLowerCase();
  return organization
    .list(kind, isBranchPolicy)
    .filter((policy) => policy.projectId === project.id && (type ?? policy.typeId) === policy.typeId);
}

function listReplyOf(policies: readonly BranchPolicyRecord[], request: RouteRequest): RouteReply {
  const { shown, headers } = page(policies, request.query);
  return { status: 200, headers, body: listReply(shown.map((policy) => policyBody(policy, request))) };
}

function findPolicy({ organization, params }: RouteRequest): BranchPolicyRecord {
  const project = organization.project(params["project"] ?? "");
  const policy = organization
    .list(kind, isBranchPolicy)
    .find(({ id, projectId }) => String(id) === params["configurationId"] && projectId === project.id);
  if (policy !== undefined) return policy;
  throw new ServiceError(
    404,
    "PolicyConfigurationNotFoundException",
    `Policy configuration ${params["configurationId"]} does not exist.`,
  );
}

/** The service's form of a policy configuration. */
export function policyBody(policy: BranchPolicyRecord, { identity, baseUrl }: RouteRequest): JsonObject {
  const self = `${baseUrl}/${policy.projectId}/_apis/policy/configurations/${policy.id}`;
  const typeUrl = `${baseUrl}/${policy.projectId}/_apis/policy/types/${policy.typeId}`;
  return {
    createdBy: identityReference(identity, baseUrl),
    createdDate: policy.createdDate,
    isEnabled: policy.isEnabled,
    isBlocking: policy.isBlocking,
    isDeleted: false,
    settings: policy.settings,
    isEnterpriseManaged: false,
    _links: { self: { href: self }, policyType: { href: typeUrl } },
    revision: policy.revision,
    id: policy.id,
    url: self,
    type: { id: policy.typeId, url: typeUrl, displayName: policyTypes.get(policy.typeId) ?? "" },
  };
}

export const branchPolicyRoutes: readonly Route[] = [
  { location: configurations, method: "POST", requires: ["project"], handle: createPolicy },
  { location: configurations, method: "GET", requires: ["project"], handle: listPolicies },
  {
    location: configurations,
    method: "GET",
    requires: ["project", "configurationId"],
    handle: (request) => ({ status: 200, body: policyBody(findPolicy(request), request) }),
  },
  { location: configurations, method: "PUT", requires: ["project", "configurationId"], handle: updatePolicy },
  {
    location: configurations,
    method: "DELETE",
    requires: ["project", "configurationId"],
    handle: deletePolicy,
  },
  { location: byRepository, method: "GET", requires: ["project"], handle: listPoliciesOfRepository },
];
