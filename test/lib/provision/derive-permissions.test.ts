import { describe, expect, test } from "@jest/globals";
import type { Answers } from "../../../lib/answers/answers.ts";
import { permissionResources } from "../../../lib/provision/derive-permissions.ts";
import { anAnswers } from "../../support/an-answers.ts";

/** `resource: pipelines`, as they are written into the service. */
function permissions(differences: Partial<Answers>): readonly string[] {
  return permissionResources(anAnswers(differences)).flatMap((resource) =>
    resource.kind === "pipeline-permission"
      ? [`${resource.resourceKey}: ${resource.pipelineKeys.join(" ").replaceAll("pipeline:", "")}`]
      : [],
  );
}

describe("the permissions of pipelines", () => {
  test("are, for a batch model at the highest level, those that its pipelines use", () => {
    expect(permissions({ maturity_level: 5 })).toEqual([
      "environment:tst: train-evaluate evaluate deploy",
      "variable-group:tst: ci train-evaluate evaluate deploy data-cleansing",
      "environment:qa: release deploy",
      "variable-group:qa: release deploy",
      "environment:prod: release deploy promote",
      "variable-group:prod: release deploy promote monitor",
    ]);
  });

  test("let every pipeline use central templates, unless another project has them", () => {
    const central = { templates: "central", maturity_level: 2 } as const;

    expect(permissions(central).at(-1)).toBe("templates-repository: pr ci train-evaluate evaluate");
    expect(permissions({ ...central, templates_repository: "Platform/shared" })).not.toContain(
      "templates-repository: pr ci train-evaluate evaluate",
    );
  });

  test("leave CI of a REST model without any, which imports nothing", () => {
    expect(permissions({ serving: "rest", maturity_level: 1 })).toEqual([]);
    expect(permissions({ serving: "batch", maturity_level: 1 })).toEqual(["variable-group:tst: ci"]);
  });

  test("let a release without an environment in between promote as the first one", () => {
    const environments = ["dev", "prod"].map((name) => ({ name, workspace_url: "", approvers: [] }));

    const found = permissions({ environments });

    expect(found).toContain("variable-group:dev: ci train-evaluate evaluate release deploy");
    expect(found).toContain("environment:dev: train-evaluate evaluate deploy");
  });

  test("let rules be evaluated without an environment, as nothing from elsewhere can be registered", () => {
    expect(permissions({ model_type: "rule-based", maturity_level: 2 })).toEqual([
      "environment:tst: score-evaluate",
      "variable-group:tst: ci score-evaluate evaluate",
    ]);
  });
});
