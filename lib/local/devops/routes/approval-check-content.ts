import { isObject, listIn, objectBody, requireText, textIn, valueIn } from "../body.ts";
import { ServiceError } from "../service-error.ts";
import type { Organization } from "../state/organization.ts";
import type { ApprovalCheckRecord } from "./approval-check-record.ts";
import { resourceExists } from "./protected-resource.ts";

const approval = "8c6f20a7-a545-4486-9777-f762fafe0d4d";
const task = "fe1de3ee-a436-41b4-bb20-f6eb4cb879a7";
const checkTypes: ReadonlyMap<string, string> = new Map([
  [approval, "Approval"],
  [task, "Task Check"],
  ["2ef31ad6-baa0-403a-8b45-2cbc9b4e5563", "ExclusiveLock"],
  ["4020e66e-b0f3-47e1-bc88-48f3cc59b5f3", "ExtendsCheck"],
]);
const executionOrders = ["anyorder", "insequence"];
const longestTimeout = 43_200;

export type ApprovalCheckContent = Pick<
  ApprovalCheckRecord,
  "checkType" | "resource" | "settings" | "timeout"
>;

/** A check as the service keeps it; what is not named keeps its `old` value. */
export function parseApprovalCheck(
  organization: Organization,
  projectId: string,
  { body, old }: { readonly body: unknown; readonly old?: ApprovalCheckContent },
): ApprovalCheckContent {
  const content = { ...old, type: old?.checkType, ...objectBody(body) };
  const resource = {
    type: requireText(content, "resource", "type").toLowerCase(),
    id: requireText(content, "resource", "id"),
    name: textIn(content, "resource", "name") ?? "",
  };
  if (!resourceExists(organization, projectId, resource)) throw unreachable();
  const checkType = parseType(requireText(content, "type", "id").toLowerCase());
  const settings = valueIn(content, "settings");
  if (checkType.id === approval) refuseApproval(organization, settings);
  if (checkType.id === task) requireText(settings, "definitionRef", "name");
  return {
    checkType,
    resource,
    settings: isObject(settings) ? settings : {},
    timeout: parseTimeout(valueIn(content, "timeout") ?? longestTimeout),
  };
}

/** What the service says of a resource that is gone. */
export function unreachable(): ServiceError {
  return new ServiceError(
    403,
    "AccessDeniedException",
    "The user does not have required permissions to view assignment on the resource.",
  );
}

function parseType(id: string): ApprovalCheckRecord["checkType"] {
  const name = checkTypes.get(id);
  if (name === undefined) throw refusal(`There is no check type ${id}.`);
  return { id, name };
}

function parseTimeout(timeout: unknown): number {
  if (typeof timeout === "number" && timeout >= 1 && timeout <= longestTimeout) return timeout;
  throw refusal(`The timeout has to be from 1 to ${longestTimeout} minutes.`);
}

/** Approvers are named by the ids that identities have here, not by those of another directory. */
function refuseApproval(organization: Organization, settings: unknown): void {
  const ids = [...listIn(settings, "approvers"), ...listIn(settings, "blockedApprovers")].map(
    (approver) => textIn(approver, "id") ?? "",
  );
  const unknown = ids.filter((id) => organization.identity(id) === undefined);
  if (unknown.length > 0) throw refusal(`The following identities are invalid: ${unknown.join(", ")}`);
  if (listIn(settings, "approvers").length === 0) throw refusal("An approval needs at least one approver.");
  const order = textIn(settings, "executionOrder") ?? "anyOrder";
  if (!executionOrders.includes(order.toLowerCase()))
    throw refusal("The execution order has to be anyOrder or inSequence.");
  refuseMinimum(settings);
}

/** 0 asks all approvers. */
function refuseMinimum(settings: unknown): void {
  const minimum = valueIn(settings, "minRequiredApprovers") ?? 0;
  const most = listIn(settings, "approvers").length;
  const isPossible = typeof minimum === "number" && minimum >= 0 && minimum <= most;
  if (!isPossible) throw refusal(`The number of required approvers has to be from 0 to ${most}.`);
}

function refusal(message: string): ServiceError {
  return new ServiceError(400, "InvalidCheckConfigurationException", message);
}
