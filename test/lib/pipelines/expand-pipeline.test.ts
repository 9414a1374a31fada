import { describe, expect, test } from "@jest/globals";
import { expanded, problemsOf, type Files } from "../../support/expand-files.ts";

const script = (text: string): { readonly script: string } => ({ script: text });

describe("a pipeline with directives becomes", () => {
  test.each<readonly [title: string, files: Files, result: unknown]>([
    [
      "the branch whose condition holds",
      {
        "pipeline.yml": `
steps:
  - \${{ if eq(variables['Build.Reason'], 'Schedule') }}:
      - script: scheduled
  - \${{ elseif eq(variables['Build.Reason'], 'Manual') }}:
      - script: manual
      - script: again
  - \${{ else }}:
      - script: other`,
      },
      { steps: [script("manual"), script("again")] },
    ],
    [
      "the last branch where no condition holds",
      {
        "pipeline.yml": `
steps:
  - \${{ if false }}:
      - script: one
  - \${{ elseif false }}:
      - script: two
  - \${{ else }}:
      - script: three`,
      },
      { steps: [script("three")] },
    ],
    [
      "conditional keys of a mapping",
      {
        "pipeline.yml": `
steps:
  - script: one
    \${{ if true }}:
      displayName: yes
    \${{ else }}:
      displayName: no
    env:
      \${{ insert }}:
        A: \${{ 1 }}
      \${{ format('{0}_{1}', 'B', 'C') }}: \${{ lower('X') }}`,
      },
      { steps: [{ script: "one", displayName: "yes", env: { A: "1", B_C: "x" } }] },
    ],
    [
      "one item for each of a list",
      {
        "pipeline.yml": `
parameters:
  - name: names
    type: object
    default: [a, b]
steps:
  - \${{ each name in parameters.names }}:
      - script: \${{ name }}
      - \${{ if eq(name, 'b') }}:
          - script: only \${{ name }}`,
      },
      { steps: [script("a"), script("b"), script("only b")] },
    ],
    [
      "one item for each pair of a mapping",
      {
        "pipeline.yml": `
parameters:
  - name: pairs
    type: object
    default: { one: 1, two: 2 }
steps:
  - script: x
    env:
      \${{ each pair in parameters.pairs }}:
        \${{ pair.key }}: v\${{ pair.value }}`,
      },
      { steps: [{ script: "x", env: { one: "v1", two: "v2" } }] },
    ],
    [
      "nothing for each of nothing",
      { "pipeline.yml": "steps:\n  - ${{ each x in variables.none }}:\n      - script: x\n  - script: y" },
      { steps: [script("y")] },
    ],
    [
      "a value chosen by conditions",
      {
        "pipeline.yml": `
steps:
  - script: x
    displayName:
      \${{ if true }}: yes
      \${{ else }}: no`,
      },
      { steps: [{ script: "x", displayName: "yes" }] },
    ],
    [
      "the items of a list that an expression gives",
      {
        "pipeline.yml": `
parameters:
  - name: more
    type: stepList
    default:
      - script: one
      - script: two
steps:
  - \${{ parameters.more }}
  - \${{ if true }}:
      - \${{ parameters.more }}`,
      },
      {
        steps: ["one", "two", "one", "two"].map((text) => ({ task: "CmdLine@2", inputs: { script: text } })),
      },
    ],
    [
      "texts with values in them",
      {
        "pipeline.yml":
          "steps:\n  - script: a${{ 1 }}b${{ true }}c${{ variables.none }}d${{ 'it''s }} fine' }}",
      },
      { steps: [script("a1bTruecdit's }} fine")] },
    ],
    [
      "what it is where the service expands nothing",
      { "pipeline.yml": "trigger:\n  branches:\n    include: ['${{ no }}']\nsteps: []" },
      { trigger: { branches: { include: ["${{ no }}"] } }, steps: [] },
    ],
    [
      "values that are not expanded a second time",
      {
        "pipeline.yml":
          "parameters:\n  - name: text\n    default: x\nsteps:\n  - script: ${{ parameters.text }}",
      },
      { steps: [script("x")] },
    ],
  ])("%s", (_title, files, result) => {
    expect(expanded(files)).toEqual(
      expect.objectContaining(typeof result === "object" && result !== null ? result : {}),
    );
  });

  test("text of a user stays text", () => {
    const files = {
      "pipeline.yml": "parameters:\n  - name: t\n    default: a\nsteps:\n  - script: ${{ parameters.t }}",
    };

    expect(expanded(files, { t: "${{ variables.secret }}" })).toMatchObject({
      steps: [script("${{ variables.secret }}")],
    });
  });
});

describe("variables", () => {
  test("see those before them, in both forms, and stay within their stage", () => {
    const files = {
      "pipeline.yml": `
variables:
  a: 1
  b: \${{ variables.a }}2
stages:
  - stage: One
    variables:
      - name: c
        value: \${{ variables.b }}3
      - \${{ if eq(variables.c, '123') }}:
          - name: d
            value: yes
    jobs:
      - job: J
        steps:
          - script: \${{ variables.c }}\${{ variables.d }}
  - stage: Two
    jobs:
      - job: J
        steps:
          - script: "[\${{ variables.c }}]"`,
    };

    expect(expanded(files)).toMatchObject({
      variables: [
        { name: "a", value: "1" },
        { name: "b", value: "12" },
      ],
      stages: [
        { variables: [{ name: "c", value: "123" }, { name: "d" }], jobs: [{ steps: [script("123yes")] }] },
        { jobs: [{ steps: [script("[]")] }] },
      ],
    });
  });

  test("come from templates, and groups are kept for the run", () => {
    const files = {
      "pipeline.yml": `
variables:
  - group: secrets
  - template: vars.yml
    parameters: { name: iris }
steps:
  - script: \${{ variables.MODEL }}`,
      "vars.yml": "parameters:\n  - name: name\nvariables:\n  model: ${{ parameters.name }}",
    };

    expect(expanded(files)).toMatchObject({
      variables: [{ group: "secrets" }, { name: "model", value: "iris" }],
      steps: [script("iris")],
    });
  });
});

describe("templates", () => {
  test("of stages, jobs and steps are replaced, with paths relative to their own file", () => {
    const files = {
      "pipeline.yml": "stages:\n  - template: parts/stages.yml\n    parameters: { name: A }",
      "parts/stages.yml":
        "parameters:\n  - name: name\nstages:\n  - stage: ${{ parameters.name }}\n    jobs:\n      - template: jobs/job.yml",
      "parts/jobs/job.yml":
        "jobs:\n  - job: J\n    steps:\n      - template: /root.yml\n      - template: ../step.yml",
      "root.yml": "steps:\n  - script: root",
      "parts/step.yml": "steps:\n  - script: step",
    };

    expect(expanded(files)).toEqual({
      stages: [{ stage: "A", jobs: [{ job: "J", steps: [script("root"), script("step")] }] }],
    });
  });

  test("of other repositories stay there", () => {
    const files = {
      "pipeline.yml":
        "resources:\n  repositories:\n    - repository: shared\n      name: platform\nsteps:\n  - template: a/one.yml@shared",
      "a/one.yml@shared": "steps:\n  - template: two.yml\n  - template: /own.yml@self",
      "a/two.yml@shared": "steps:\n  - script: two",
      "own.yml": "steps:\n  - script: own",
    };

    expect(expanded(files)).toMatchObject({ steps: [script("two"), script("own")] });
  });

  test("fill the hooks of a deployment", () => {
    const files = {
      "pipeline.yml": `
jobs:
  - deployment: D
    environment: qa
    strategy:
      runOnce:
        deploy:
          steps:
            - template: steps.yml
        on:
          failure:
            steps:
              - \${{ if true }}:
                  - template: steps.yml`,
      "steps.yml": "steps:\n  - script: s",
    };

    expect(expanded(files)).toMatchObject({
      jobs: [
        {
          strategy: {
            runOnce: { deploy: { steps: [script("s")] }, on: { failure: { steps: [script("s")] } } },
          },
        },
      ],
    });
  });

  test("that are extended give the stages", () => {
    const files = {
      "pipeline.yml": `
trigger: none
extends:
  template: base.yml
  parameters:
    steps:
      - template: own.yml`,
      "base.yml":
        "parameters:\n  - name: steps\n    type: stepList\nstages:\n  - stage: S\n    jobs:\n      - job: J\n        steps:\n          - ${{ parameters.steps }}",
      "own.yml": "steps:\n  - script: own",
    };

    expect(expanded(files)).toMatchObject({
      trigger: "none",
      stages: [
        { stage: "S", jobs: [{ job: "J", steps: [{ task: "CmdLine@2", inputs: { script: "own" } }] }] },
      ],
    });
  });

  test("without typed parameters take any", () => {
    const files = {
      "pipeline.yml": "steps:\n  - template: t.yml\n    parameters: { b: 2 }",
      "t.yml": "parameters: { a: 1 }\nsteps:\n  - script: ${{ parameters.a }}${{ parameters.b }}",
    };

    expect(expanded(files)).toEqual({ steps: [script("12")] });
  });
});

const pipeline = (declaration: string): Files => ({
  "pipeline.yml": `parameters:\n  - name: p\n${declaration}\nsteps:\n  - script: "[\${{ parameters.p }}]"`,
});

describe("parameters", () => {
  test.each([
    ["    type: number", "1.5", "[1.5]"],
    ["    type: boolean", "true", "[True]"],
    ["    type: boolean", false, "[False]"],
    ["    type: boolean", "yes", "[True]"],
    ["    values: [a, b]", "b", "[b]"],
    ["    type: number\n    values: [1, 2]", "2", "[2]"],
  ])("%j take %j", (declaration, given, text) => {
    expect(expanded(pipeline(declaration), { p: given })).toMatchObject({ steps: [script(text)] });
  });

  test("take the first of their values where nothing is given", () => {
    expect(expanded(pipeline("    values: [a, b]"))).toMatchObject({ steps: [script("[a]")] });
  });

  test.each([
    ["    type: number", "one", "The parameter 'p' must be a number, not 'one'."],
    ["    type: boolean", "maybe", "The parameter 'p' must be true or false, not 'maybe'."],
    ["    values: [a, b]", "c", "The parameter 'p' must be one of a, b, not 'c'."],
    ["    type: text", "c", "There is no type of parameters 'text'."],
    ["    defautl: a", "c", "A parameter has no property 'defautl'."],
    ["  - name: P", "c", "The parameter 'P' is declared twice."],
  ])("%j refuse %j", (declaration, given, message) => {
    expect(problemsOf(pipeline(declaration), { p: given })).toEqual([expect.stringContaining(message)]);
  });
});

describe("a pipeline is refused, with file and line, for", () => {
  test.each<readonly [title: string, files: Files, problem: string]>([
    [
      "YAML that is none",
      { "pipeline.yml": "steps:\n  - a: b: c" },
      "pipeline.yml:2: This is not valid YAML",
    ],
    ["a tab", { "pipeline.yml": "steps:\n\t- script: x" }, "pipeline.yml:2: This is not valid YAML"],
    [
      "a key twice",
      { "pipeline.yml": "steps: []\nsteps: []" },
      "pipeline.yml:2: The key 'steps' stands here twice.",
    ],
    [
      "an alias",
      { "pipeline.yml": "steps:\n  - &a\n    script: x\n  - *a" },
      "pipeline.yml:4: Anchors and aliases are not part of Azure Pipelines.",
    ],
    [
      "a missing template",
      { "pipeline.yml": "steps:\n  - template: no.yml" },
      "pipeline.yml:2: The file no.yml does not exist.",
    ],
    [
      "a template outside the repository",
      { "pipeline.yml": "steps:\n  - template: ../no.yml" },
      "pipeline.yml:2: The template ../no.yml is outside the repository.",
    ],
    [
      "a template of another kind",
      { "pipeline.yml": "steps:\n  - template: t.yml", "t.yml": "jobs:\n  - job: J" },
      "t.yml:1: t.yml is a template of jobs; steps are wanted here.",
    ],
    [
      "templates in a circle",
      { "pipeline.yml": "steps:\n  - template: t.yml", "t.yml": "steps:\n  - template: t.yml" },
      "t.yml:2: Templates are nested more than 20 deep.",
    ],
    [
      "an undeclared parameter",
      {
        "pipeline.yml": "steps:\n  - template: t.yml\n    parameters:\n      b: 1",
        "t.yml": "parameters:\n  - name: a\n    default: 1\nsteps: []",
      },
      "pipeline.yml:4: t.yml has no parameter 'b'.",
    ],
    [
      "a missing parameter",
      { "pipeline.yml": "steps:\n  - template: t.yml", "t.yml": "parameters:\n  - name: a\nsteps: []" },
      "pipeline.yml:2: t.yml needs the parameter 'a'.",
    ],
    [
      "a parameter of another type",
      {
        "pipeline.yml": "steps:\n  - template: t.yml\n    parameters:\n      a: x",
        "t.yml": "parameters:\n  - name: a\n    type: number\nsteps: []",
      },
      "pipeline.yml:4: The parameter 'a' must be a number, not 'x'.",
    ],
    [
      "a key beside template",
      { "pipeline.yml": "steps:\n  - template: t.yml\n    condition: x", "t.yml": "steps: []" },
      "pipeline.yml:3: 'condition' cannot stand beside template.",
    ],
    [
      "a mistake in an expression that is not needed",
      { "pipeline.yml": "steps:\n  - ${{ if false }}:\n      - script: ${{ 3 + 4 }}" },
      "pipeline.yml:3: Unexpected symbol: '+'.",
    ],
    [
      "an unknown name",
      { "pipeline.yml": "steps:\n  - script: x\n  - script: ${{ parms.a }}" },
      "pipeline.yml:3: Unrecognized value: 'parms'.",
    ],
    [
      "a parameter that nobody declared",
      { "pipeline.yml": "parameters: []\nsteps:\n  - script: ${{ parameters.a }}" },
      "pipeline.yml:3: There is no parameters.a.",
    ],
    [
      "an else of its own",
      { "pipeline.yml": "steps:\n  - script: x\n  - ${{ else }}:\n      - script: y" },
      "pipeline.yml:3: ${{ else }} must follow directly after its if.",
    ],
    [
      "an open expression",
      { "pipeline.yml": "steps:\n  - script: ${{ 'a'" },
      "pipeline.yml:2: The expression is not closed by '}}'.",
    ],
    [
      "an object in a text",
      {
        "pipeline.yml":
          "parameters:\n  - name: o\n    type: object\n    default: {a: 1}\nsteps:\n  - script: x${{ parameters.o }}",
      },
      "pipeline.yml:6: An object cannot be part of a text.",
    ],
    [
      "variables on both sides of extends",
      {
        "pipeline.yml": "variables: {a: 1}\nextends:\n  template: base.yml",
        "base.yml": "variables: {b: 1}\nsteps: []",
      },
      "base.yml:1: 'variables' is already defined by the pipeline that extends this file.",
    ],
  ])("%s", (_title, files, problem) => {
    const [first = "", ...others] = problemsOf(files);

    expect(others).toEqual([]);
    expect(first.slice(0, problem.length)).toBe(problem);
  });

  test("every problem of a declaration and a call at once", () => {
    const files = {
      "pipeline.yml": "steps:\n  - template: t.yml\n    parameters:\n      a: x\n      c: 1",
      "t.yml": "parameters:\n  - name: a\n    type: number\n  - name: b\nsteps: []",
    };

    expect(problemsOf(files)).toEqual([
      "pipeline.yml:4: The parameter 'a' must be a number, not 'x'.",
      "pipeline.yml:2: t.yml needs the parameter 'b'.",
      "pipeline.yml:5: t.yml has no parameter 'c'.",
    ]);
  });
});
