import { expect, test } from "@jest/globals";
import { compileTemplate } from "../../../lib/template/compile-template.ts";
import { deriveLocals, localNames } from "../../../lib/template/locals.ts";
import { anAnswers } from "../../support/an-answers.ts";

const locals = deriveLocals({ answers: anAnswers({ team_name: "A: B" }), ownership: [], version: "1.2.3" });

test("inserts a value in the syntax of the file", () => {
  const render = compileTemplate("a.yml.ejs", "team: <%= yaml(answers.team_name) %>\n");

  expect(render(locals)).toBe("team: 'A: B'\n");
});

test("refuses a value that went through no helper, and names the file and the line", () => {
  const render = compileTemplate("a.yml.ejs", "first: line\nteam: <%= answers.team_name %>\n");

  expect(() => render(locals)).toThrow(/a\.yml\.ejs:2[\s\S]*without a helper/);
});

test("refuses a name that does not exist", () => {
  const render = compileTemplate("a.yml.ejs", "team: <%= yaml(team_name) %>\n");

  expect(() => render(locals)).toThrow("team_name is not defined");
});

test("leaves the expressions of Azure Pipelines alone", () => {
  const text = "a: ${{ variables.A }}\nb: $(B)\nc: $[ variables.C ]\n";

  expect(compileTemplate("a.yml.ejs", text)(locals)).toBe(text);
});

test("gives the engine the name of every local", () => {
  expect([...localNames].toSorted()).toEqual(Object.keys(locals).toSorted());
});
