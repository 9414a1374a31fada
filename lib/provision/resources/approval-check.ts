import { idIn, sameName } from "../../devops/json.ts";
import type { DesiredApprovalCheck } from "../desired-state.ts";
import type { FieldChange } from "../plan.ts";
import { create, keep, type Resource } from "../resource.ts";
import type { RemoteCheck, RemoteState } from "../remote-state.ts";

const approval = { id: "8c6f20a7-a545-4486-9777-f762fafe0d4d", name: "Approval" };
/** The longest wait that the service allows: 30 days. */
const timeoutMinutes = 43_200;

/** Who has to say yes before a stage of an environment begins. */
export const approvalCheckResource: Resource<DesiredApprovalCheck> = {
  compare: (desired, remote) => {
    const check = findCheck(desired, remote);
    if (check === undefined) return create;
    const changes = changesOf(desired, check, remote);
    return changes.length === 0 ? keep(check.id) : { action: "update", id: check.id, changes };
  },
  apply: async (desired, { action, id }, run) => {
    const { http, remote } = run;
    const path = `${remote.project.id}/_apis/pipelines/checks/configurations`;
    const { body } = await http.send({
      method: action === "create" ? "POST" : "PATCH",
      path: action === "create" ? path : `${path}/${id ?? ""}`,
      apiVersion: "7.1-preview.1",
      body: {
        type: approval,
        settings: {
          approvers: desired.approvers.map((name) => ({ id: run.identityOf(name) })),
          executionOrder: "anyOrder",
          minRequiredApprovers: 1,
          instructions: desired.instructions,
          requesterCannotBeApprover: desired.requesterCannotApprove,
          blockedApprovers: [],
        },
        resource: { type: "environment", id: run.idOf(desired.environmentKey) },
        timeout: timeoutMinutes,
      },
      what: `require the ${desired.title}`,
    });
    return idIn(body, "id");
  },
};

function findCheck(
  desired: DesiredApprovalCheck,
  { checks, environments }: RemoteState,
): RemoteCheck | undefined {
  const environment = environments.find(({ name }) => sameName(name, desired.environment));
  return checks.find((check) => check.environmentId === environment?.id);
}

function changesOf(
  desired: DesiredApprovalCheck,
  check: RemoteCheck,
  remote: RemoteState,
): readonly FieldChange[] {
  const wanted = desired.approvers.map((name) => identityId(name, remote) ?? name);
  const hasSame =
    wanted.length === check.approverIds.length && wanted.every((id) => check.approverIds.includes(id));
  const cannot = desired.requesterCannotApprove;
  return [
    ...(hasSame
      ? []
      : [{ field: "approvers", old: check.approverIds.join(", "), new: desired.approvers.join(", ") }]),
    ...(cannot === check.requesterCannotApprove
      ? []
      : [
          {
            field: "requester cannot approve",
            old: String(check.requesterCannotApprove),
            new: String(cannot),
          },
        ]),
  ];
}

function identityId(name: string, { identities, teams }: RemoteState): string | undefined {
  return identities.get(name.toLowerCase()) ?? teams.find((team) => sameName(team.name, name))?.id;
}
