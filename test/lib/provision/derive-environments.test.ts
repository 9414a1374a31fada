import { describe, expect, test } from "@jest/globals";
import type { Answers } from "../../../lib/answers/answers.ts";
import { environmentResources } from "../../../lib/provision/derive-environments.ts";
import { anAnswers } from "../../support/an-answers.ts";

function approvals(differences: Partial<Answers>): readonly unknown[] {
  return environmentResources(anAnswers(differences)).flatMap((resource) =>
    resource.kind === "approval-check"
      ? [[resource.environment, resource.approvers, resource.requesterCannotApprove]]
      : [],
  );
}

function variableNames(serving: Answers["serving"]): readonly string[] {
  return environmentResources(anAnswers({ serving })).flatMap((resource) =>
    resource.kind === "variable-group" ? Object.keys(resource.variables) : [],
  );
}

describe("the environments of a model", () => {
  test("are all behind an approval; in production nobody approves what he started", () => {
    const environments = [
      { name: "tst", workspace_url: "", approvers: ["ada@example.com"] },
      { name: "qa", workspace_url: "", approvers: [] },
      { name: "prod", workspace_url: "", approvers: ["Release Board"] },
    ];

    expect(approvals({ environments })).toEqual([
      ["iris-tst", ["ada@example.com"], false],
      ["iris-qa", ["data-science"], false],
      ["iris-prod", ["Release Board"], true],
    ]);
  });

  test("need no acceptance where nothing is registered yet", () => {
    expect(approvals({ maturity_level: 1 })).toHaveLength(2);
    expect(approvals({ maturity_level: 2 })).toHaveLength(3);
  });

  test("ask for what a REST service has to know of Azure, and for nothing of it for a batch model", () => {
    expect(variableNames("rest")).toContain("AZURE_RESOURCE_GROUP");
    expect(variableNames("batch").filter((name) => /^(?:AZURE|ACR|AKS|ACI)_/.test(name))).toEqual([]);
  });
});
