import { expect, test } from "@jest/globals";
import { platformPaths } from "../../lib/template/ownership.ts";
import { readTemplates } from "../../lib/template/read-templates.ts";
import { ownershipFor, renderTree } from "../../lib/template/render-tree.ts";
import type { RenderedFile } from "../../lib/template/rendered-tree.ts";
import { anAnswers } from "../support/an-answers.ts";

// The repository's own tests run the scripts against a stand-in for az. The real one refuses every host but
// Microsoft's own from version 1.0.6 of its extension on, and no package registry has an older extension.

const scripts = ["apply_branch_policies.sh", "azure_devops.sh", "create_repo.sh", "create_team.sh"];

async function scriptsOf(differences: Parameters<typeof anAnswers>[0]): Promise<readonly RenderedFile[]> {
  const tree = renderTree(await readTemplates(), anAnswers(differences));
  return tree.filter(({ path }) => path.startsWith("src/scripts/") && path.endsWith(".sh"));
}

test.each([
  { model_type: "supervised", serving: "batch" },
  { model_type: "rule-based", serving: "rest" },
] as const)("a $model_type $serving repository has the scripts, executable", async (differences) => {
  const found = await scriptsOf(differences);

  expect(found.map(({ path }) => path)).toEqual(scripts.map((name) => `src/scripts/${name}`));
  expect(found.map(({ mode }) => mode)).toEqual(scripts.map(() => "100755"));
});

test("the scripts are the same for every answer", async () => {
  const some = await scriptsOf({ model_name: "iris", team_name: "Blue" });
  const others = await scriptsOf({ model_name: "churn", team_name: "'; rm -rf ~; '" });

  expect(some).toEqual(others);
});

test("the branch policies name the platform's paths as provisioning does", async () => {
  const templates = await readTemplates();
  const answers = anAnswers({});
  const [script] = await scriptsOf(answers);

  const written = /^readonly PLATFORM_PATHS='(.*)'$/m.exec(new TextDecoder().decode(script?.bytes))?.[1];

  expect(written?.split(";")).toEqual(platformPaths(ownershipFor(templates, answers)));
});
