import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import {
  readVariableGroups,
  variableGroupsFile,
  type Groups,
} from "../../../../lib/cli/pipelines/variable-groups.ts";
import { runGit } from "../../../../lib/git/run-git.ts";
import { anAnswers } from "../../../support/an-answers.ts";
import { isolateGit } from "../../../support/git-environment.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

isolateGit();

async function read(
  text: string,
  differences: Partial<Parameters<typeof readVariableGroups>[0]> = {},
): Promise<Groups> {
  await using folder = await temporaryFolder();
  await runGit(folder.path, ["init", "--quiet"]);
  await writeFile(join(folder.path, variableGroupsFile), text);
  const sources = { folder: folder.path, answers: undefined, local: {}, environ: { FROM_HERE: "e" } };
  return await readVariableGroups({ ...sources, ...differences });
}

const open = (value: string): { readonly value: string; readonly isSecret: false } => ({
  value,
  isSecret: false,
});

describe("the variable groups of a run", () => {
  test("let REST services run on this machine where its servers run, unless the file says otherwise", async () => {
    const sources = {
      answers: anAnswers({ serving: "rest" }),
      local: { CMR_URI: open("http://127.0.0.1:1") },
    };

    const groups = await read("iris-prod: {DEPLOY_TARGET_PROD: aks}", sources);
    const without = await read("other: {}", { ...sources, local: {} });

    expect(groups["iris-qa"]?.["DEPLOY_TARGET_QA"]).toEqual(open("local"));
    expect(groups["iris-prod"]?.["DEPLOY_TARGET_PROD"]).toEqual(open("aks"));
    expect(without["iris-qa"]?.["DEPLOY_TARGET_QA"]).toBeUndefined();
  });
});

describe("the file of variable groups", () => {
  test("holds texts and secrets, also from the environment", async () => {
    const groups = await read(
      "g:\n  A: text\n  N: 3\n  E:\n  S: {secret: hidden}\n  FROM_HERE: {secret: }\n",
    );

    expect(groups).toEqual({
      g: {
        A: { value: "text", isSecret: false },
        N: { value: "3", isSecret: false },
        E: { value: "", isSecret: false },
        S: { value: "hidden", isSecret: true },
        FROM_HERE: { value: "e", isSecret: true },
      },
    });
  });

  test.each([
    ["g: text", "the group g must be a mapping"],
    ["[a]", "mapping of variable groups"],
    ["g:\n  A: [1]", "g.A must be a text or"],
    ["g:\n  A: {hidden: s3cret}", "g.A must be a text or"],
    ["g:\n  ELSEWHERE: {secret: }", "no environment variable has its name"],
    ["g:\n  A: 's3cret\n", "variable_groups.local.yml cannot be used"],
  ])("that holds %j is refused with its reason and without its values", async (text, reason) => {
    const refusal = await read(text).catch((error: unknown) => String(error));

    expect(refusal).toContain(reason);
    expect(refusal).not.toContain("s3cret");
  });

  test("wins over the local organisation, and that over what provisioning writes", async () => {
    const groups = await read("iris-qa:\n  CMR_URI: own\n", {
      answers: anAnswers(),
      local: { CMR_URI: open("local"), WORKSPACE_URL: open("local") },
    });

    expect(groups["iris-qa"]).toMatchObject({
      CMR_URI: open("own"),
      WORKSPACE_URL: open("local"),
      ENVIRONMENT: open("qa"),
    });
    expect(groups["iris-tst"]).toMatchObject({ CMR_URI: open("local") });
  });
});
