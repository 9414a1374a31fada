import { idIn, isObject, sameName, textIn, valueIn, type JsonObject } from "../../devops/json.ts";
import type { DesiredVariableGroup } from "../desired-state.ts";
import type { FieldChange } from "../plan.ts";
import { create, keep, type Resource } from "../resource.ts";
import type { RemoteState, RemoteVariableGroup } from "../remote-state.ts";

/**
 * Variables of one environment. Ours are merged into what is there: variables that people added stay, so does a value that
 * somebody filled in where ours is empty, and a secret keeps its value because it is sent back without one.
 */
export const variableGroupResource: Resource<DesiredVariableGroup> = {
  compare: (desired, remote) => {
    const group = findGroup(desired, remote);
    if (group === undefined) return create;
    if (group.type === "AzureKeyVault")
      return { ...keep(group.id), note: "It is linked to a key vault and left as it is." };
    const changes = changesOf(desired, group);
    return changes.length === 0 ? keep(group.id) : { action: "update", id: group.id, changes };
  },
  apply: async (desired, { action, id }, { http, remote }) => {
    const { name, description } = desired;
    const known = findGroup(desired, remote)?.variables ?? {};
    const { body } = await http.send({
      method: action === "create" ? "POST" : "PUT",
      path:
        action === "create"
          ? "_apis/distributedtask/variablegroups"
          : `_apis/distributedtask/variablegroups/${id ?? ""}`,
      body: {
        name,
        description,
        type: "Vsts",
        variables: mergeVariables(desired, known),
        variableGroupProjectReferences: [
          { projectReference: { id: remote.project.id, name: remote.project.name }, name, description },
        ],
      },
      what: `write the variable group ${name}`,
    });
    return idIn(body, "id");
  },
};

function findGroup(
  { name }: DesiredVariableGroup,
  { variableGroups }: RemoteState,
): RemoteVariableGroup | undefined {
  return variableGroups.find((group) => sameName(group.name, name));
}

function changesOf({ variables }: DesiredVariableGroup, group: RemoteVariableGroup): readonly FieldChange[] {
  return Object.entries(variables).flatMap(([name, wanted]) => {
    const known = variableNamed(group.variables, name);
    if (known === undefined) return [{ field: name, old: "(absent)", new: wanted }];
    const value = textIn(known, "value");
    const isSettled = wanted === "" || valueIn(known, "isSecret") === true || value === wanted;
    return isSettled ? [] : [{ field: name, old: value, new: wanted }];
  });
}

function mergeVariables({ variables }: DesiredVariableGroup, known: JsonObject): JsonObject {
  const kept = Object.entries(known).map(([name, variable]): [string, unknown] => [
    name,
    valueIn(variable, "isSecret") === true ? { isSecret: true } : { value: textIn(variable, "value") },
  ]);
  const ours = Object.entries(variables)
    .filter(([name, wanted]) => {
      const there = variableNamed(known, name);
      return there === undefined || (wanted !== "" && valueIn(there, "isSecret") !== true);
    })
    .map(([name, value]): [string, unknown] => [nameIn(known, name), { value }]);
  return Object.fromEntries([...kept, ...ours]);
}

/** Names of variables ignore case. */
function nameIn(variables: JsonObject, name: string): string {
  return Object.keys(variables).find((candidate) => sameName(candidate, name)) ?? name;
}

function variableNamed(variables: JsonObject, name: string): JsonObject | undefined {
  const found = variables[nameIn(variables, name)];
  return isObject(found) ? found : undefined;
}
