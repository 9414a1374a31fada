import { expect, test } from "@jest/globals";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { deriveLocals, localNames } from "../../../lib/template/locals.ts";
import { anAnswers } from "../../support/an-answers.ts";

const context = { ownership: [{ path: "src/**", owner: "platform" as const }], version: "1.2.3" };

test("gives each environment the end of its names and its Azure DevOps environment", () => {
  const environments = [
    { name: "tst", workspace_url: "", approvers: [] },
    { name: "pre-prod", workspace_url: "", approvers: [] },
  ];

  const locals = deriveLocals({ ...context, answers: anAnswers({ environments }) });

  expect(locals.environments.map(({ suffix, resource }) => [suffix, resource])).toEqual([
    ["TST", "iris-tst"],
    ["PRE_PROD", "iris-pre-prod"],
  ]);
});

test("names copied templates beside the pipeline", () => {
  const locals = deriveLocals({ ...context, answers: anAnswers() });

  expect(locals.template("template_ci_x.yml")).toBe("templates/template_ci_x.yml");
});

test("names central templates in their repository, at the tag of this version", () => {
  const locals = deriveLocals({ ...context, answers: anAnswers({ templates: "central" }) });

  expect(locals.template("template_ci_x.yml")).toBe("/pipelines/templates/template_ci_x.yml@templates");
  expect(locals.templatesRef).toBe("refs/tags/v1.2.3");
});

test("lists the platform's paths as a reviewer policy writes them", () => {
  expect(deriveLocals({ ...context, answers: anAnswers() }).platformPaths).toEqual(["/src/*"]);
});

test("names each local in the reference, and no other", async () => {
  const page = await readFile(join(import.meta.dirname, "../../../docs/reference/templates.md"), "utf8");
  const section = page.split(/^## /m).find((text) => text.startsWith("Rendered files")) ?? "";

  const named = [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);

  expect(new Set(named)).toEqual(new Set(localNames));
});
