import { describe, expect, test } from "@jest/globals";
import { Secret } from "../../../../../lib/errors/secret.ts";
import { groupsWithServices, type RunServices } from "../../../../../lib/local/devops/runs/run-services.ts";
import { expandPipeline } from "../../../../../lib/pipelines/expand-pipeline.ts";
import type { MapNode } from "../../../../../lib/pipelines/yaml-node.ts";

const services: RunServices = {
  urls: () => ({ databricks: "http://127.0.0.1:1", mlflow: "http://127.0.0.1:2" }),
  settled: () => Promise.resolve(),
};
const token = new Secret("a-token");

function pipelineWith(env: string): MapNode {
  const text = `trigger: none\nsteps:\n  - bash: ls\n    env:\n      NAME: ${env}\n`;
  return expandPipeline({ file: "p.yml", read: () => text }).root;
}

function open(value: string): { readonly value: string; readonly isSecret: boolean } {
  return { value, isSecret: false };
}

describe("the variable groups of a run on this machine", () => {
  test("lead to the Databricks workspace that a step signs in to, with its token", () => {
    const root = pipelineWith("$(DATABRICKS_TOKEN)");

    const groups = groupsWithServices({ "iris-tst": { ENVIRONMENT: open("tst") } }, services, {
      root,
      token,
    });

    expect(groups).toEqual({
      "iris-tst": {
        ENVIRONMENT: open("tst"),
        DATABRICKS_AUTH_TYPE: open("pat"),
        DATABRICKS_HOST: open("http://127.0.0.1:1"),
        DATABRICKS_TOKEN: { value: "a-token", isSecret: true },
      },
    });
  });

  test("keep what somebody filled in, and fill what is empty", () => {
    const root = pipelineWith("$(CMR_TOKEN)");
    const own = { cmr_token: { value: "theirs", isSecret: true }, CMR_URI: open("") };

    const groups = groupsWithServices({ "iris-tst": own }, services, { root, token });

    expect(groups).toEqual({ "iris-tst": { ...own, CMR_URI: open("http://127.0.0.1:2") } });
  });

  test("let REST services run here, where no cloud is", () => {
    const root = pipelineWith("$(DEPLOY_TARGET_PROD)");

    const groups = groupsWithServices({ "iris-prod": {} }, services, { root, token });

    expect(groups).toEqual({ "iris-prod": { DEPLOY_TARGET_PROD: open("local") } });
  });

  test("hold nothing for a pipeline that mentions no server", () => {
    const root = pipelineWith("$(Build.BuildId)");

    expect(groupsWithServices({ "iris-tst": {} }, services, { root, token })).toEqual({ "iris-tst": {} });
  });
});
