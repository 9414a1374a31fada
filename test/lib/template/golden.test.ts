import { describe, expect, test } from "@jest/globals";
import type { Answers } from "../../../lib/answers/answers.ts";
import { ownerOf } from "../../../lib/template/ownership.ts";
import { readTemplates } from "../../../lib/template/read-templates.ts";
import { ownershipFor, renderTree } from "../../../lib/template/render-tree.ts";
import { anAnswers } from "../../support/an-answers.ts";
import { golden } from "../../support/golden.ts";

const kinds = (["supervised", "unsupervised", "rule-based"] as const).flatMap((model_type) =>
  (["batch", "rest"] as const).map((serving) => ({ model_type, serving })),
);

/** One model with every default, and one that differs wherever the pipelines can differ. */
const examples: readonly { readonly name: string; readonly answers: Answers }[] = [
  { name: "iris", answers: anAnswers() },
  {
    name: "payment-rules",
    answers: anAnswers({
      model_name: "payment-rules",
      team_name: "Risk & Control: payments",
      model_type: "rule-based",
      serving: "rest",
      maturity_level: 5,
      environment_file: "pip",
      model_folder: "rules",
      default_branch: "release/main",
      environments: [
        { name: "tst", workspace_url: "https://adb-1.1.azuredatabricks.net", approvers: [] },
        { name: "pre-prod", workspace_url: "", approvers: ["ada@example.com", "Release Board"] },
        { name: "prod", workspace_url: "https://adb-2.2.azuredatabricks.net", approvers: [] },
      ],
      cluster: { ...anAnswers().cluster, min_workers: 2, max_workers: 4 },
      members: ["ada@example.com", "grace_hopper@example.com"],
      platform_team: "ML Platform",
      templates: "central",
      notifications: { slack: "#payment-alerts" },
      azure_devops: {
        organization_url: "https://dev.azure.com/contoso",
        project: "Analytics Ops",
        repository: "payment-rules-mvp",
      },
      agent_pool: "ML agents",
    }),
  },
];

describe("the rendered repository", () => {
  test.each(kinds)("has the expected files for $model_type $serving", async (kind) => {
    const templates = await readTemplates();
    const answers = anAnswers(kind);

    const list = renderTree(templates, answers)
      .map(
        ({ path, mode }) => `${mode} ${ownerOf(ownershipFor(templates, answers), path).padEnd(8)} ${path}\n`,
      )
      .join("");

    expect(list).toBe(golden(`files/${kind.model_type}-${kind.serving}.txt`, list));
  });

  test.each(examples)(
    "has the expected pipelines, variables and operations page for $name",
    async ({ name, answers }) => {
      const files = renderTree(await readTemplates(), answers).filter(({ path }) =>
        /^pipelines\/|model_variables\.yml$|^docs\/operations\.md$|^\.git/.test(path),
      );

      for (const { path, bytes } of files) {
        const text = Buffer.from(bytes).toString("utf8");
        expect({ path, text }).toEqual({ path, text: golden(`${name}/${path}`, text) });
      }
    },
  );
});
