import { isObject, listReply, objectBody, requireText, valueIn, type JsonObject } from "../body.ts";
import { identityReference } from "../identity-reference.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import { page } from "../page.ts";
import { isBranchPolicy, type BranchPolicyRecord } from "./branch-policy-record.ts";
import { policyTypes } from "./policy-types.ts";

const kind = "branch-policy";
const mergeStrategy = "fa4e907d-c16b-4a4c-9dfa-4916e5d171ab";

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

const types = location({
  id: "44096322-2d3d-466a-bb30-d1b7de69f61f",
  area: "policy",
  resourceName: "types",
  routeTemplate: "{project}/_apis/{area}/{resource}/{typeId}",
});

function createPolicy(request: RouteRequest): RouteReply {
  const { organization } = request;
  const project = organization.project(request.params["project"] ?? "");
  const policy: BranchPolicyRecord = {
    id: organization.nextNumber(kind),
    projectId: project.id,
    revision: 1,
    createdDate: organization.now(),
    ...parsePolicy(request.body),
  };
  organization.put(kind, policy);
  // The answer to a POST names its date without the zone; later answers have it.
  return {
    status: 200,
    body: { ...policyBody(policy, request), createdDate: policy.createdDate.replace(/Z$/, "") },
  };
}

/** A PUT takes the whole configuration, counts the revision up and has a new date. */
function updatePolicy(request: RouteRequest): RouteReply {
  const old = findPolicy(request);
  const policy: BranchPolicyRecord = {
    ...old,
    ...parsePolicy(request.body),
    revision: old.revision + 1,
    createdDate: request.organization.now(),
  };
  request.organization.put(kind, policy);
  return { status: 200, body: policyBody(policy, request) };
}

function deletePolicy(request: RouteRequest): RouteReply {
  request.organization.remove(kind, findPolicy(request).id);
  return { status: 204 };
}

function listPolicies(request: RouteRequest): RouteReply {
  const project = request.organization.project(request.params["project"] ?? "");
  const type = request.query.get("policytype")?.toLowerCase();
  const all = request.organization
    .list(kind, isBranchPolicy)
    .filter((policy) => policy.projectId === project.id && (type ?? policy.typeId) === policy.typeId);
  const { shown, headers } = page(all, request.query);
  return { status: 200, headers, body: listReply(shown.map((policy) => policyBody(policy, request))) };
}

function listPoliciesOfRepository(request: RouteRequest): RouteReply {
  const { organization, query, params } = request;
  const project = organization.project(params["project"] ?? "");
  const repositoryId = query.get("repositoryid")?.toLowerCase();
  const refName = query.get("refname");
  const type = query.get("policytype")?.toLowerCase();
  const applies = organization
    .list(kind, isBranchPolicy)
    .filter((policy) => policy.projectId === project.id && (type ?? policy.typeId) === policy.typeId)
    .filter(({ settings }) =>
      (settings.scope ?? []).some(
        (scope) =>
          (scope.repositoryId ?? repositoryId) === repositoryId &&
          (refName === undefined || (scope.refName ?? refName) === refName),
      ),
    );
  return { status: 200, body: listReply(applies.map((policy) => policyBody(policy, request))) };
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
    `TF401232: Policy configuration ${params["configurationId"]} does not exist.`,
  );
}

function parsePolicy(
  body: unknown,
): Pick<BranchPolicyRecord, "isEnabled" | "isBlocking" | "typeId" | "settings"> {
  const given = objectBody(body);
  const typeId = requireText(given, "type", "id").toLowerCase();
  if (!policyTypes.has(typeId))
    throw new ServiceError(
      400,
      "PolicyTypeNotFoundException",
      `TF402463: No policy type exists with ID ${typeId}.`,
    );
  const settings = valueIn(given, "settings");
  if (!isObject(settings))
    throw new ServiceError(
      400,
      "PolicyImplementationException",
      "TF402463: The policy settings are missing.",
    );
  return {
    isEnabled: valueIn(given, "isEnabled") !== false,
    isBlocking: valueIn(given, "isBlocking") === true,
    typeId,
    settings: normalizeSettings(typeId, settings),
  };
}

/** The service spells match kinds with a capital, orders a scope's keys, and forgets what is false in a merge strategy. */
function normalizeSettings(typeId: string, settings: JsonObject): BranchPolicyRecord["settings"] {
  const kept = Object.entries(settings).filter(
    ([name, value]) => name !== "scope" && (typeId !== mergeStrategy || value !== false),
  );
  const scope = settings["scope"];
  const scopes = Array.isArray(scope) ? scope.filter(isObject).map(normalizeScope) : [];
  return { ...Object.fromEntries(kept), scope: scopes };
}

function normalizeScope(scope: JsonObject): Readonly<Record<string, string | null>> {
  const text = (name: string): string | null => {
    const value = scope[name];
    return typeof value === "string" ? value : null;
  };
  const matchKind = text("matchKind");
  const capital = matchKind === null ? null : matchKind.charAt(0).toUpperCase() + matchKind.slice(1);
  return {
    refName: text("refName"),
    matchKind: capital,
    repositoryId: text("repositoryId")?.toLowerCase() ?? null,
  };
}

function policyBody(policy: BranchPolicyRecord, { identity, baseUrl }: RouteRequest): JsonObject {
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
  {
    location: types,
    method: "GET",
    requires: ["project"],
    handle: ({ baseUrl }) => {
      const value = [...policyTypes].map(([id, displayName]) => ({
        id,
        displayName,
        description: displayName,
        url: `${baseUrl}/_apis/policy/types/${id}`,
      }));
      return { status: 200, body: listReply(value) };
    },
  },
];
