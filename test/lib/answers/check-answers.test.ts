import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parse } from "yaml";
import { answersSchema } from "../../../lib/answers/answers-schema.ts";
import { checkAnswers } from "../../../lib/answers/check-answers.ts";
import { formatAnswers } from "../../../lib/answers/format-answers.ts";
import { parseAnswers } from "../../../lib/answers/parse-answers.ts";
import type { Problem } from "../../../lib/errors/eac-error.ts";
import { anAnswers } from "../../support/an-answers.ts";

const required = { model_name: "iris", team_name: "data-science" };

function problemsOf(input: unknown): readonly Problem[] {
  const checked = checkAnswers(input);
  return checked.ok ? [] : checked.problems;
}

describe("checkAnswers", () => {
  test("fills every default when only the required answers are given", () => {
    expect(checkAnswers(required)).toEqual({ ok: true, answers: anAnswers() });
  });

  test("does not change what it is given", () => {
    const input = { ...required, cluster: {} };

    checkAnswers(input);

    expect(input).toEqual({ ...required, cluster: {} });
  });

  test("reports schema and name problems of all answers at once", () => {
    const problems = problemsOf({
      model_name: "Churn2",
      model_type: "supervized",
      maturity_level: "3",
      reviewer: { minimum: 1 },
      cluster: { min_workers: 3 },
      environments: [{ name: "tst" }, { name: "tst", colour: "red" }],
      default_branch: "a..b",
      azure_devops: { organization_url: "https://dev.azure.com/contoso/AnalyticsOps" },
    });

    expect(problems.map(({ path }) => path).toSorted()).toEqual([
      "azure_devops.organization_url",
      "cluster.max_workers",
      "default_branch",
      "environments[1].colour",
      "environments[1].name",
      "maturity_level",
      "model_name",
      "model_type",
      "reviewer",
      "team_name",
    ]);
  });

  test.each([
    { input: { model_name: "Churn2" }, path: "model_name", says: "Try churn2." },
    { input: { model_name: "My Ünit Model" }, path: "model_name", says: "Try my-unit-model." },
    { input: { model_name: "class" }, path: "model_name", says: "keyword of Python" },
    { input: { model_name: "pandas" }, path: "model_name", says: "would hide" },
    { input: { model_name: "con" }, path: "model_name", says: "Windows refuses" },
    { input: { model_name: "ab" }, path: "model_name", says: "at least 3 characters" },
    { input: { model_name: "a".repeat(41) }, path: "model_name", says: "41 characters long; 40 are allowed" },
    { input: { model_name: 123 }, path: "model_name", says: 'Quote it: "123".' },
    { input: { model_type: "supervized" }, path: "model_type", says: "Did you mean supervised?" },
    { input: { maturity_level: "3" }, path: "maturity_level", says: "Write it without quotes: 3." },
    { input: { maturity_level: 6 }, path: "maturity_level", says: "the most is 5" },
    { input: { modle_name: "x" }, path: "modle_name", says: "Did you mean model_name?" },
    {
      input: { registry: { livecycle: "stages" } },
      path: "registry.livecycle",
      says: "Did you mean lifecycle?",
    },
    { input: { environments: "tst" }, path: "environments", says: "Write it as a list" },
    { input: { environments: [{ name: "tst" }] }, path: "environments", says: "at least 2 entries" },
    {
      input: { environments: [{ name: "tst" }, { name: "QA" }] },
      path: "environments[1].name",
      says: "Try qa.",
    },
    {
      input: { environments: [{ name: "tst" }, { name: "qa", workspace_url: "http://x.net" }] },
      path: "environments[1].workspace_url",
      says: "https:// and a host name",
    },
    { input: { members: ["a@b.c", "a@b.c"] }, path: "members", says: "the same entry twice" },
    {
      input: { cluster: { min_workers: 5, max_workers: 2 } },
      path: "cluster.min_workers",
      says: "more than",
    },
    { input: { model_folder: "tests" }, path: "model_folder", says: "would hide" },
    { input: { model_folder: "json" }, path: "model_folder", says: "Python's own module json" },
    { input: { model_folder: "../x" }, path: "model_folder", says: "lower-case letters" },
    { input: { default_branch: "feature/" }, path: "default_branch", says: "empty part" },
    { input: { default_branch: "x.lock" }, path: "default_branch", says: ".lock" },
    { input: { default_branch: "-x" }, path: "default_branch", says: "beginning with a letter" },
    { input: { team_name: "a/b" }, path: "team_name", says: "may not contain" },
    { input: { team_name: "two\nlines" }, path: "team_name", says: "one line of text" },
    {
      input: { business: { category: "$(rm -rf)" } },
      path: "business.category",
      says: "Azure Pipelines would evaluate",
    },
    { input: { azure_devops: { repository: "COM1" } }, path: "azure_devops.repository", says: "Windows" },
    { input: { azure_devops: { project: "a\\b" } }, path: "azure_devops.project", says: "may not contain" },
    { input: { templates: "central" }, path: "templates", says: "does not offer yet" },
    {
      input: { dataset: { template_file: "../../etc/passwd" } },
      path: "dataset.template_file",
      says: "relative path",
    },
  ])("refuses $input", ({ input, path, says }) => {
    const problem = problemsOf({ ...required, ...input }).find((candidate) => candidate.path === path);

    expect(`${problem?.message} ${problem?.suggestion}`).toContain(says);
  });

  test.each([
    { url: "https://dev.azure.com/contoso", says: undefined },
    { url: "https://contoso.visualstudio.com", says: undefined },
    { url: "https://contoso.visualstudio.com/DefaultCollection", says: undefined },
    { url: "https://tfs.example.com/tfs/DefaultCollection", says: undefined },
    { url: "http://127.0.0.1:8080/local", says: undefined },
    {
      url: "https://dev.azure.com/contoso/AnalyticsOps",
      says: "Write https://dev.azure.com/contoso, and the project as",
    },
    { url: "https://contoso.visualstudio.com/AnalyticsOps", says: "has the project in it" },
    { url: "https://dev.azure.com", says: "names no organisation" },
    { url: "http://dev.azure.com/contoso", says: "is not https" },
    { url: "contoso", says: "is no URL" },
    { url: "https://kim:secret@dev.azure.com/contoso", says: "holds a user name or token" },
    { url: "https://dev.azure.com/contoso?x=1", says: "query" },
  ])("takes $url as organisation or says what is wrong", ({ url, says }) => {
    const [problem] = problemsOf({ ...required, azure_devops: { organization_url: url } });

    if (says === undefined) expect(problem).toBeUndefined();
    else expect(`${problem?.message} ${problem?.suggestion}`).toContain(says);
    expect(JSON.stringify(problem ?? "")).not.toContain("secret");
  });

  test.each([[null], [[]], ["text"], [undefined], [7]])("refuses %p, which is no mapping", (input) => {
    expect(problemsOf(input)).toMatchObject([{ rule: "type" }]);
  });

  test("takes keys of Object's prototype as the unknown answers that they are", () => {
    const input: unknown = JSON.parse(
      '{"model_name":"iris","team_name":"t","__proto__":{"x":1},"constructor":1}',
    );

    expect(problemsOf(input).map(({ path }) => path)).toEqual(["__proto__", "constructor"]);
  });

  test("reports a value inside itself instead of running for ever", () => {
    const loop: Record<string, unknown> = { ...required };
    loop["dataset"] = loop;

    expect(problemsOf(loop).length).toBeGreaterThan(0);
  });

  test("never throws, whatever it is given", () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withMap: true, withNullPrototype: true }), (input) => {
        expect(() => checkAnswers(input)).not.toThrow();
      }),
    );
  });

  test("accepts only model names that are legal in every place where they are used", () => {
    const words = fc.oneof(fc.string({ maxLength: 45 }), fc.stringMatching(/^[a-z][a-z0-9-]{0,44}$/));
    fc.assert(
      fc.property(words, (name) => {
        if (!checkAnswers({ ...required, model_name: name }).ok) return;
        expect(name).toMatch(/^[a-z]([a-z0-9-]*[a-z0-9])?$/);
        expect(name).not.toContain("--");
        expect(`${name}-${"e".repeat(20)}`.length).toBeLessThanOrEqual(63);
        expect(["con", "nul", "class", "import", "lambda", "pandas"]).not.toContain(name);
      }),
      { numRuns: 500 },
    );
  });
});

describe("formatAnswers", () => {
  test("writes text that reads back as the same answers, whatever text they hold", () => {
    const line = fc.string({ minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(
        fc.record({ team_name: line, category: line, member: line }),
        ({ team_name, category, member }) => {
          const checked = checkAnswers({ ...required, team_name, business: { category }, members: [member] });
          if (!checked.ok) return;
          expect(parseAnswers(parse(formatAnswers(checked.answers)))).toEqual(checked.answers);
        },
      ),
      { numRuns: 300 },
    );
  });
});

test("the sample answers are valid", () => {
  const folder = join(import.meta.dirname, "../../../docs/examples");
  const names = readdirSync(folder);

  const invalid = names.filter((name) => !checkAnswers(parse(readFileSync(join(folder, name), "utf8"))).ok);

  expect(names).toEqual(expect.arrayContaining(["iris.yml", "cashflow2.yml"]));
  expect(invalid).toEqual([]);
});

test("the type of the answers has exactly the names of the schema", () => {
  expect(Object.keys(answersSchema.properties ?? {})).toEqual(Object.keys(anAnswers()));
});
