import { idIn, listIn, sameName, textIn, valueIn, type JsonObject } from "../../devops/json.ts";
import type { BranchPolicyName, DesiredBranchPolicy } from "../desired-state.ts";
import type { FieldChange } from "../plan.ts";
import { create, keep, type Resource, type Run } from "../resource.ts";
import type { RemotePolicy, RemoteState } from "../remote-state.ts";

const typeIds: Readonly<Record<BranchPolicyName, string>> = {
  "minimum-reviewers": "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd",
  "comment-resolution": "c6a1889d-b943-4856-b76f-9e46bb6b0df2",
  "merge-strategy": "fa4e907d-c16b-4a4c-9dfa-4916e5d171ab",
  "build-validation": "0609b952-1397-4640-95ec-e00a01b2c241",
  "required-reviewers": "fd2167ab-b0be-447a-8ec8-39368250530e",
};

/** How long a green PR run counts while the target branch moves on. */
const validDurationMinutes = 720;

/** Shown to reviewers, and the mark by which this policy is found again when its paths change. */
const platformMessage = "The platform team owns these paths.";

interface Ids {
  readonly pipeline: string;
  readonly reviewer: string;
}

/** One protection of the default branch of this very repository; a policy without a repository would be one for all. */
export const branchPolicyResource: Resource<DesiredBranchPolicy> = {
  compare: (desired, remote) => {
    const [policy, ...others] = findPolicies(desired, remote);
    if (policy === undefined) return create;
    const changes = changesOf(settingsOf(desired, remoteIds(desired, remote)), policy);
    const note =
      others.length === 0
        ? {}
        : { note: `${others.length} more of this policy on the same branch, made by hand.` };
    return {
      ...(changes.length === 0 ? keep(policy.id) : { action: "update", id: policy.id, changes }),
      ...note,
    };
  },
  apply: async (desired, { action, id }, run) => {
    const { http, remote } = run;
    const path = `${remote.project.id}/_apis/policy/configurations`;
    const ids = runIds(desired, run);
    const scope = [
      { repositoryId: run.idOf("repository"), refName: `refs/heads/${desired.branch}`, matchKind: "Exact" },
    ];
    const { body } = await http.send({
      method: action === "create" ? "POST" : "PUT",
      path: action === "create" ? path : `${path}/${id ?? ""}`,
      body: {
        isEnabled: true,
        isBlocking: true,
        type: { id: typeIds[desired.policy] },
        settings: { ...settingsOf(desired, ids), scope },
      },
      what: `write the ${desired.title}`,
    });
    return idIn(body, "id");
  },
};

function settingsOf(desired: DesiredBranchPolicy, ids: Ids): JsonObject {
  switch (desired.policy) {
    case "minimum-reviewers":
      return {
        minimumApproverCount: desired.minimumReviewers,
        creatorVoteCounts: false,
        allowDownvotes: false,
        resetOnSourcePush: true,
      };
    case "comment-resolution":
      return {};
    case "merge-strategy":
      return { allowSquash: true, allowNoFastForward: false, allowRebase: false, allowRebaseMerge: false };
    case "build-validation":
      return {
        buildDefinitionId: Number(ids.pipeline),
        displayName: desired.displayName,
        queueOnSourceUpdateOnly: true,
        manualQueueOnly: false,
        validDuration: validDurationMinutes,
      };
    case "required-reviewers":
      return {
        requiredReviewerIds: [ids.reviewer],
        filenamePatterns: desired.platformPaths,
        minimumApproverCount: 1,
        creatorVoteCounts: false,
        message: platformMessage,
      };
  }
}

/** Same type, and this branch of this repository alone; several builds or reviewer lists are told apart by name and message. */
function findPolicies(
  desired: DesiredBranchPolicy,
  { policies, repository }: RemoteState,
): readonly RemotePolicy[] {
  return policies.filter(
    ({ typeId, settings }) =>
      sameName(typeId, typeIds[desired.policy]) &&
      isScopeOf(settings, repository?.id, desired.branch) &&
      isOurKind(desired, settings),
  );
}

function isOurKind({ policy, displayName }: DesiredBranchPolicy, settings: JsonObject): boolean {
  if (policy === "build-validation") return sameName(textIn(settings, "displayName"), displayName);
  return policy !== "required-reviewers" || textIn(settings, "message") === platformMessage;
}

/** A policy that also covers other branches was made by somebody else and stays theirs. */
function isScopeOf(settings: JsonObject, repositoryId: string | undefined, branch: string): boolean {
  const [scope, ...others] = listIn(settings, "scope");
  return (
    others.length === 0 &&
    textIn(scope, "repositoryId") === repositoryId &&
    textIn(scope, "refName") === `refs/heads/${branch}`
  );
}

/** The service forgets what is false in some types, so absent and false are the same. */
function changesOf(wanted: JsonObject, policy: RemotePolicy): readonly FieldChange[] {
  const switches: readonly (readonly [string, unknown, unknown])[] = [
    ["enabled", policy.isEnabled, true],
    ["blocking", policy.isBlocking, true],
  ];
  const fields = Object.entries(wanted).map(
    ([name, value]) => [name, valueIn(policy.settings, name), value] as const,
  );
  return [...switches, ...fields]
    .filter(([, old, now]) => JSON.stringify(old ?? false) !== JSON.stringify(now ?? false))
    .map(([field, old, now]) => ({ field, old: shown(old), new: shown(now) }));
}

function shown(value: unknown): string {
  return value === undefined ? "(absent)" : JSON.stringify(value);
}

function runIds({ policy, pipelineKey, platformTeam }: DesiredBranchPolicy, run: Run): Ids {
  return {
    pipeline: policy === "build-validation" ? run.idOf(pipelineKey) : "0",
    reviewer: policy === "required-reviewers" ? run.identityOf(platformTeam) : "",
  };
}

function remoteIds(desired: DesiredBranchPolicy, { pipelines, identities }: RemoteState): Ids {
  const pipeline = pipelines.find(({ name }) => sameName(name, desired.displayName));
  return {
    pipeline: pipeline?.id ?? "0",
    reviewer: identities.get(desired.platformTeam.toLowerCase()) ?? "",
  };
}
