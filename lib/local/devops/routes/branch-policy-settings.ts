import { isObject, listIn, objectBody, requireText, textIn, valueIn, type JsonObject } from "../body.ts";
import { ServiceError } from "../service-error.ts";
import type { Organization } from "../state/organization.ts";
import type { BranchPolicyRecord, PolicyScope } from "./branch-policy-record.ts";
import { pipelinesOf } from "./pipeline-record.ts";
import { policyTypes } from "./policy-type.ts";

const buildValidation = "0609b952-1397-4640-95ec-e00a01b2c241";
const requiredReviewers = "fd2167ab-b0be-447a-8ec8-39368250530e";
const mergeStrategy = "fa4e907d-c16b-4a4c-9dfa-4916e5d171ab";
const numbers = new Set(["buildDefinitionId", "minimumApproverCount", "validDuration"]);
const matchKinds = ["Exact", "Prefix", "DefaultBranch"];

export type PolicyContent = Pick<BranchPolicyRecord, "isEnabled" | "isBlocking" | "typeId" | "settings">;

/** A policy configuration as the service keeps it; what it would not take is refused. */
export function parsePolicy(organization: Organization, projectId: string, body: unknown): PolicyContent {
  const given = objectBody(body);
  const typeId = requireText(given, "type", "id").toLowerCase();
  if (!policyTypes.has(typeId)) {
    throw new ServiceError(
      400,
      "PolicyTypeNotFoundException",
      `TF402463: No policy type exists with ID ${typeId}.`,
    );
  }
  const sent = valueIn(given, "settings");
  if (!isObject(sent)) throw refusal("The settings of the policy are missing.");
  const settings = readNumbers(sent);
  if (typeId === buildValidation) refuseUnknownPipeline(organization, projectId, settings);
  if (typeId === requiredReviewers) refuseUnknownReviewers(organization, settings);
  return {
    isEnabled: valueIn(given, "isEnabled") !== false,
    isBlocking: valueIn(given, "isBlocking") === true,
    typeId,
    settings: normalizeSettings(typeId, settings),
  };
}

/** The Azure CLI sends numbers as text; the service takes them and answers with numbers. */
function readNumbers(settings: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      numbers.has(name) && typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value,
    ]),
  );
}

/** The service forgets what is false in a merge strategy, and nowhere else. */
function normalizeSettings(typeId: string, settings: JsonObject): BranchPolicyRecord["settings"] {
  const kept = Object.entries(settings).filter(
    ([name, value]) => name !== "scope" && (typeId !== mergeStrategy || value !== false),
  );
  const scopes = listIn(settings, "scope").filter(isObject);
  if (scopes.length === 0) throw refusal("The policy needs a scope.");
  return { ...Object.fromEntries(kept), scope: scopes.map(normalizeScope) };
}

/** The service spells match kinds with a capital, and names the repository last. */
function normalizeScope(scope: JsonObject): PolicyScope {
  const repositoryId = textIn(scope, "repositoryId")?.toLowerCase() ?? null;
  const refName = textIn(scope, "refName") ?? null;
  const given = textIn(scope, "matchKind");
  if (given === undefined && refName === null) return { repositoryId };
  const matchKind = matchKinds.find((kind) => kind.toLowerCase() === (given ?? "exact").toLowerCase());
  if (matchKind === undefined) throw refusal(`${given} is no kind of match.`);
  if (matchKind === "DefaultBranch" && (refName !== null || repositoryId !== null)) {
    throw refusal("A scope of the default branch names neither a repository nor a branch.");
  }
  return { refName, matchKind, repositoryId };
}

function refuseUnknownPipeline(organization: Organization, projectId: string, settings: JsonObject): void {
  const wanted = valueIn(settings, "buildDefinitionId");
  if (pipelinesOf(organization, projectId).some(({ id }) => id === wanted)) return;
  throw refusal(`The build definition ${String(wanted)} does not exist.`);
}

function refuseUnknownReviewers(organization: Organization, settings: JsonObject): void {
  const ids = listIn(settings, "requiredReviewerIds").map(String);
  const unknown = ids.filter((id) => organization.identity(id) === undefined);
  if (ids.length > 0 && unknown.length === 0) return;
  throw refusal(`The required reviewers are missing or unknown: ${unknown.join(", ")}.`);
}

function refusal(reason: string): ServiceError {
  return new ServiceError(400, "PolicyImplementationException", reason);
}
