import { describe, expect, test } from "@jest/globals";
import { environmentResources } from "../../../lib/provision/derive-environments.ts";
import { refuseForeignGroups } from "../../../lib/provision/refuse-foreign-groups.ts";
import { anAnswers } from "../../support/an-answers.ts";

const environments = ["tst", "qa", "prod"].map((name) => ({ name, workspace_url: "", approvers: [] }));
const answers = anAnswers({ model_name: "credit-risk", environments });
const desired = { model: answers.model_name, resources: environmentResources(answers) };

/** What there is when the group of the environment qa is there already. */
function withGroup(variables: Readonly<Record<string, unknown>>, type = "Vsts"): void {
  refuseForeignGroups(desired, {
    variableGroups: [{ id: "1", name: "Credit-Risk-qa", type, variables }],
  });
}

describe("a variable group that is there already", () => {
  test("is refused when another model, named credit, has the environment risk-qa", () => {
    expect(() => {
      withGroup({ ENVIRONMENT: { value: "risk-qa" } });
    }).toThrow(
      expect.objectContaining({
        code: "EAC_PROVISION_GROUP_FOREIGN",
        problems: [
          {
            path: "credit-risk-qa",
            rule: "foreign",
            message: 'The variable group exists, and its variable ENVIRONMENT says "risk-qa".',
          },
        ],
      }),
    );
  });

  test.each([
    ["it is for this environment", { ENVIRONMENT: { value: "qa" } }],
    ["nobody filled it in", { ENVIRONMENT: { value: "" } }],
    ["it says nothing of it", {}],
    ["it is linked to a key vault", { ENVIRONMENT: { enabled: true } }],
  ])("is taken for ours when %s", (_, variables) => {
    expect(() => {
      withGroup(variables);
    }).not.toThrow();
  });
});
