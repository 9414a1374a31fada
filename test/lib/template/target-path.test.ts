import { expect, test } from "@jest/globals";
import { targetMode, targetPath } from "../../../lib/template/target-path.ts";
import { anAnswers } from "../../support/an-answers.ts";

test.each([
  { template: "README.md", path: "README.md" },
  { template: "dot-gitignore", path: ".gitignore" },
  { template: "dot-config/dot-x", path: ".config/.x" },
  { template: "demo_model/model_variables.yml", path: "churn/model_variables.yml" },
  { template: "demo_model/**", path: "churn/**" },
  { template: "docs/demo_model/a.md", path: "docs/demo_model/a.md" },
  { template: "demo_model", path: "demo_model" },
])("puts $template at $path", ({ template, path }) => {
  expect(targetPath(template, anAnswers({ model_folder: "churn" }))).toBe(path);
});

test("makes shell scripts executable and nothing else", () => {
  expect(targetMode("src/scripts/create_repo.sh")).toBe("100755");
  expect(targetMode("src/cli.py")).toBe("100644");
});
