import { variableGroupsForeign } from "../errors/catalogue/provision.ts";
import { sameName, textIn } from "../devops/json.ts";
import type { DesiredState } from "./desired-state.ts";
import type { RemoteState } from "./remote-state.ts";

/**
 * Refuses variable groups that are those of another model: `a-b` in the environment `c` and `a` in `b-c` have the same name
 * for everything. The variable ENVIRONMENT tells them apart; a group that says nothing is taken for ours.
 */
export function refuseForeignGroups(
  { model, resources }: Pick<DesiredState, "model" | "resources">,
  { variableGroups }: Pick<RemoteState, "variableGroups">,
): void {
  const foreign = resources.flatMap((resource) => {
    if (resource.kind !== "variable-group") return [];
    const group = variableGroups.find(({ name }) => sameName(name, resource.name));
    const environment = textIn(group?.variables, "ENVIRONMENT", "value");
    const isOurs = environment === "" || sameName(environment, resource.variables["ENVIRONMENT"] ?? "");
    return isOurs ? [] : [{ name: resource.name, environment }];
  });
  if (foreign.length > 0) throw variableGroupsForeign(model, foreign);
}
