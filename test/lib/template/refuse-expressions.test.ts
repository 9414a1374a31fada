import { expect, test } from "@jest/globals";
import { EacError } from "../../../lib/errors/eac-error.ts";
import { refuseExpressions } from "../../../lib/template/refuse-expressions.ts";
import { anAnswers } from "../../support/an-answers.ts";

test("accepts text that only looks dangerous to a shell or to YAML", () => {
  const answers = anAnswers({ team_name: "a; rm -rf / # `x` $HOME {{ }} % & 'q' \"q\" <b>" });

  expect(() => refuseExpressions(answers)).not.toThrow();
});

test.each([
  "$(System.AccessToken)",
  "${{ variables.X }}",
  "$[ counter() ]",
  "x ##vso[task.setvariable]",
  "\ud800",
])("refuses %j wherever it stands, and names all places at once", (text) => {
  const answers = anAnswers({
    team_name: text,
    environments: [{ name: "tst", workspace_url: "", approvers: ["ada", `x${text}`] }],
  });

  let problems: readonly string[] = [];
  try {
    refuseExpressions(answers);
  } catch (error) {
    if (!(error instanceof EacError)) throw error;
    problems = error.problems.map(({ path }) => path);
  }

  expect(problems).toEqual(["team_name", "environments.0.approvers.1"]);
});
