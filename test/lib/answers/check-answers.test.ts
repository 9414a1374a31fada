import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parse } from "yaml";
import { answersSchema, type SchemaNode } from "../../../lib/answers/answers-schema.ts";
import { checkAnswers } from "../../../lib/answers/check-answers.ts";
import { deriveNames } from "../../../lib/answers/derived-names.ts";
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
    { input: { members: ["a@b.c", "a@b.c"] }, path: "members[1]", says: "as members[0] is already" },
    {
      input: { environments: [{ name: "tst" }, { name: "qa", approvers: ["Lena@b.c", "lena@b.c"] }] },
      path: "environments[1].approvers[1]",
      says: "as environments[1].approvers[0] is already",
    },
    { input: { members: [" a@b.c"] }, path: "members[0]", says: "without a blank at either end" },
    { input: { members: ["a\u0085b"] }, path: "members[0]", says: "one line of text" },
    { input: { team_name: "" }, path: "team_name", says: "has to be some text" },
    { input: { team_name: "nul" }, path: "team_name", says: "Windows refuses" },
    { input: { model_name: "Class" }, path: "model_name", says: "Try class-model." },
    { input: { model_name: "email" }, path: "model_name", says: "Python's own module email" },
    { input: { model_name: "py-compile" }, path: "model_name", says: "Python's own module py_compile" },
    {
      input: { model_name: "eac", environments: [{ name: "tst" }, { name: "platform" }] },
      path: "environments[1].name",
      says: "eac-platform belongs to the platform",
    },
    { input: { model_folder: "build" }, path: "model_folder", says: ".gitignore" },
    { input: { default_branch: "refs/heads/main" }, path: "default_branch", says: "Try main." },
    { input: { cluster: null }, path: "cluster", says: "Leave the whole line out" },
    { input: { notifications: { slack: null } }, path: "notifications.slack", says: "begins with #" },
    { input: { github_token: "x" }, path: "github_token", says: "secrets are never answers" },
    { input: { artifactory_repository: "a/../b" }, path: "artifactory_repository", says: "relative path" },
    {
      input: { environments: [{ name: "tst" }, { name: "qa", workspace_url: "https://adb-1.net/?o=1" }] },
      path: "environments[1].workspace_url",
      says: "Write https://adb-1.net.",
    },
    {
      input: { cluster: { min_workers: 5, max_workers: 2 } },
      path: "cluster.min_workers",
      says: "more than",
    },
    {
      input: { registry: { register_model: false } },
      path: "registry.register_model",
      says: "only a rule-based one can do without",
    },
    {
      input: { model_type: "rule-based", serving: "rest", registry: { register_model: false } },
      path: "registry.register_model",
      says: "serves a REST model from the registry",
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
    { input: { templates: "shared" }, path: "templates", says: "central" },
    { input: { templates_repository: "a/b/c" }, path: "templates_repository", says: "may not contain" },
    { input: { templates_repository: "Platform/" }, path: "templates_repository", says: "has a name" },
    { input: { templates_repository: "/templates" }, path: "templates_repository", says: "has a name" },
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
    { url: "https://kim:secret word@dev.azure.com/contoso", says: "without blanks" },
    { url: "https://dev.azure.com/con\ntoso", says: "without blanks" },
    { url: "https:\\\\dev.azure.com\\contoso", says: "without blanks" },
    { url: "http://localhost:8080/local", says: undefined },
    { url: "http://localhost:8080", says: "names no organisation" },
    { url: "http://127.0.0.1.example.com/x", says: "is not https" },
    { url: "https://tfs.example.com/Collection", says: undefined },
    { url: "file:///etc/passwd", says: "is not https" },
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

  test("refuses lists that nest without end", () => {
    const nested = Array.from({ length: 20_000 }).reduce<unknown>((inside) => [inside], 1);

    expect(problemsOf({ ...required, members: nested })).toMatchObject([{ path: "members[0]" }]);
  });

  const words = fc.oneof(fc.string({ maxLength: 45 }), fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9 -]{0,44}$/));

  test("accepts only model names that are legal in every place where they are used", () => {
    const environment = fc.stringMatching(/^[a-z][a-z0-9-]{0,24}$/);
    fc.assert(
      fc.property(words, environment, (name, last) => {
        const checked = checkAnswers({
          ...required,
          model_name: name,
          environments: [{ name: "tst" }, { name: last }],
        });
        if (!checked.ok) return;
        const names = deriveNames(checked.answers);
        const label = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
        expect(names.environment(last)).toMatch(label);
        expect(names.repository).toMatch(label);
        expect(names.pythonPackage).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
        expect(["con", "nul", "class", "import", "lambda", "match", "pandas", "email"]).not.toContain(
          names.pythonPackage,
        );
        expect(names.pipeline("train-evaluate").length).toBeLessThanOrEqual(255);
      }),
      { numRuns: 500 },
    );
  });

  test("suggests only model names that it accepts", () => {
    fc.assert(
      fc.property(
        fc.oneof(words, fc.constantFrom("Class", "Con", "AB", "Py_Compile", "É", "Docs")),
        (name) => {
          const suggestion = problemsOf({ ...required, model_name: name }).find(
            ({ rule }) => rule === "pattern",
          )?.suggestion;
          const suggested = /^Try (.+)\.$/.exec(suggestion ?? "")?.[1];
          expect(suggested === undefined ? [] : problemsOf({ ...required, model_name: suggested })).toEqual(
            [],
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  test("accepts only branches that git accepts", () => {
    const characters = fc.constantFrom(..."aaaZ9bb../-_@~".split(""));
    const names = fc.oneof(
      fc.string({ unit: characters, maxLength: 12 }),
      fc.constantFrom("x.lock", "a.lock/b", "HEAD", "@"),
    );
    const accepted = fc
      .sample(names, { numRuns: 400, seed: 7 })
      .filter((name) => checkAnswers({ ...required, default_branch: name }).ok);

    const refused = accepted.filter(
      (name) => spawnSync("git", ["check-ref-format", "--branch", name]).status !== 0,
    );

    expect(accepted.length).toBeGreaterThan(5);
    expect(refused).toEqual([]);
  });
});

test("the sample answers are valid", () => {
  const folder = join(import.meta.dirname, "../../../docs/examples");
  const names = readdirSync(folder);

  const invalid = names.filter((name) => !checkAnswers(parse(readFileSync(join(folder, name), "utf8"))).ok);

  expect(names).toEqual(expect.arrayContaining(["iris.yml", "cashflow2.yml"]));
  expect(invalid).toEqual([]);
});

test("the type of the answers has exactly the names and defaults of the schema, at every depth", () => {
  const world = flatten(anAnswers({ cluster: { ...anAnswers().cluster, min_workers: 1, max_workers: 2 } }));

  expect(schemaPaths(answersSchema)).toEqual(new Set(world));
});

test("exactly the six questions of the contract are prompts", () => {
  const prompts = Object.entries(answersSchema.properties ?? {}).filter(
    ([, node]) => node["x-prompt"] !== undefined,
  );

  expect(prompts.map(([name]) => name)).toEqual([
    "model_name",
    "team_name",
    "model_type",
    "serving",
    "environments",
    "maturity_level",
  ]);
});

function schemaPaths(node: SchemaNode, prefix = ""): Set<string> {
  const paths = Object.entries(node.properties ?? {}).flatMap(([name, inner]) => {
    const path = `${prefix}${name}`;
    if (inner.properties !== undefined) return [...schemaPaths(inner, `${path}.`)];
    if (inner.items?.properties !== undefined) return [...schemaPaths(inner.items, `${path}[].`)];
    return [path];
  });
  return new Set(paths);
}

function flatten(value: object, prefix = ""): string[] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    const path = `${prefix}${name}`;
    if (Array.isArray(inner) && inner.some((item) => typeof item === "object"))
      return inner.flatMap((item: object) => flatten(item, `${path}[].`));
    return typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? flatten(inner, `${path}.`)
      : [path];
  });
}
