import { isObject, listIn, objectBody, requireText, textIn, valueIn } from "../body.ts";
import type { RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import type { Variable, VariableGroupRecord } from "./variable-group-record.ts";

export type VariableGroupContent = Pick<
  VariableGroupRecord,
  "projectId" | "name" | "description" | "variables"
>;

/** A group as the service keeps it; `old` gives the values of secrets that come back without one. */
export function parseVariableGroup(
  { organization, params, body }: RouteRequest,
  old: VariableGroupRecord["variables"],
): VariableGroupContent {
  const content = objectBody(body);
  const references = listIn(content, "variableGroupProjectReferences");
  if (references.length > 1)
    throw new ServiceError(500, "VssServiceException", "Sharing of variable group is not allowed.");
  const [reference] = references;
  const projectId =
    textIn(reference, "projectReference", "id") ??
    textIn(reference, "projectReference", "name") ??
    params["project"];
  if (projectId === undefined) throw refusal("Atleast one variable group project reference is required");
  const variables = parseVariables(valueIn(content, "variables"), old);
  if (Object.keys(variables).length === 0)
    throw refusal("Variable group must have at least one variable defined.");
  return {
    projectId: organization.project(projectId).id,
    name: textIn(reference, "name") ?? requireText(content, "name"),
    description: textIn(reference, "description") ?? textIn(content, "description") ?? "",
    variables,
  };
}

/** An empty value of a secret, or none, keeps the value that it has. */
function parseVariables(
  given: unknown,
  old: VariableGroupRecord["variables"],
): VariableGroupRecord["variables"] {
  const entries = Object.entries(isObject(given) ? given : {}).map(([name, variable]): [string, Variable] => {
    if (!isObject(variable)) throw refusal(`Variable ${name} is not valid.`);
    const isSecret = variable["isSecret"] === true;
    const value = textIn(variable, "value") ?? "";
    const known = Object.hasOwn(old, name) ? old[name] : undefined;
    const keeps = isSecret && value === "" && known?.isSecret === true;
    return [name, { isSecret, value: keeps ? known.value : value }];
  });
  return Object.fromEntries(entries);
}

function refusal(message: string): ServiceError {
  return new ServiceError(400, "ArgumentException", message);
}
