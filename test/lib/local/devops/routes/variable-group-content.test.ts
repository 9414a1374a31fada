import { describe, expect, test } from "@jest/globals";
import { parseVariableGroup } from "../../../../../lib/local/devops/routes/variable-group-content.ts";
import { ensureProject } from "../../../../../lib/local/devops/routes/project.ts";
import { aRequest } from "../../../../support/a-request.ts";

const old = { token: { value: "hidden", isSecret: true }, plain: { value: "shown", isSecret: false } };

describe("the variables of a group", () => {
  test.each([
    { name: "keep a secret that comes without a value", given: { isSecret: true }, value: "hidden" },
    {
      name: "keep a secret that comes with an empty value",
      given: { isSecret: true, value: "" },
      value: "hidden",
    },
    {
      name: "replace a secret that comes with a value",
      given: { isSecret: true, value: "new" },
      value: "new",
    },
    { name: "are emptied when they stop being a secret", given: { isSecret: false }, value: "" },
  ])("$name", async ({ given, value }) => {
    await using request = await aRequest({ body: { name: "iris", variables: { token: given } } });
    const { id } = ensureProject(request.organization, "AnalyticsOps", "");

    const { variables } = parseVariableGroup({ ...request, params: { project: id } }, old);

    expect(variables).toEqual({ token: { value, isSecret: given.isSecret } });
  });

  test("do not take a value from what was no secret", async () => {
    await using request = await aRequest({
      body: { name: "iris", variables: { plain: { isSecret: true } } },
    });
    const { id } = ensureProject(request.organization, "AnalyticsOps", "");

    const { variables } = parseVariableGroup({ ...request, params: { project: id } }, old);

    expect(variables).toEqual({ plain: { value: "", isSecret: true } });
  });
});
