import { describe, expect, test } from "@jest/globals";
import { expanded, problemsOf, type Files } from "../../../support/expand-files.ts";

const steps = (text: string): Files => ({
  "pipeline.yml": `parameters:\n  - { name: names, type: object, default: [a, b] }\n  - { name: map, type: object, default: { x: 1, y: 2 } }\n  - { name: none, type: object, default: [] }\nsteps:\n${text}`,
});

const bash = (text: string): { readonly bash: string } => ({ bash: text });

describe("a directive", () => {
  test.each<readonly [title: string, text: string, result: readonly unknown[]]>([
    ["if leaves a step in", "  - ${{ if true }}:\n      - bash: a", [bash("a")]],
    ["if leaves a step out", "  - ${{ if false }}:\n      - bash: a\n  - bash: b", [bash("b")]],
    ["if takes any value that is not empty as true", "  - ${{ if 'no' }}:\n      - bash: a", [bash("a")]],
    [
      "elseif is asked only after its if",
      "  - ${{ if true }}:\n      - bash: a\n  - ${{ elseif true }}:\n      - bash: b",
      [bash("a")],
    ],
    [
      "elseif may follow an elseif",
      "  - ${{ if false }}:\n      - bash: a\n  - ${{ elseif false }}:\n      - bash: b\n  - ${{ elseif true }}:\n      - bash: c\n  - ${{ else }}:\n      - bash: d",
      [bash("c")],
    ],
    [
      "else takes what is left",
      "  - ${{ if false }}:\n      - bash: a\n  - ${{ else }}:\n      - bash: b",
      [bash("b")],
    ],
    [
      "if begins a new chain",
      "  - ${{ if true }}:\n      - bash: a\n  - ${{ if false }}:\n      - bash: b\n  - ${{ else }}:\n      - bash: c",
      [bash("a"), bash("c")],
    ],
    [
      "if stands in an if",
      "  - ${{ if true }}:\n      - ${{ if false }}:\n          - bash: a\n      - ${{ else }}:\n          - bash: b",
      [bash("b")],
    ],
    ["if gives a step as a mapping", "  - ${{ if true }}:\n      bash: a", [bash("a")]],
    ["if gives a key", "  - bash: a\n    ${{ if true }}:\n      name: b", [{ bash: "a", name: "b" }]],
    [
      "else gives another key",
      "  - bash: a\n    ${{ if false }}:\n      name: b\n    ${{ else }}:\n      name: c",
      [{ bash: "a", name: "c" }],
    ],
    ["if without value gives nothing", "  - bash: a\n  - ${{ if true }}:", [bash("a")]],
    [
      "each repeats a step",
      "  - ${{ each n in parameters.names }}:\n      - bash: ${{ n }}",
      [bash("a"), bash("b")],
    ],
    [
      "each of nothing gives nothing",
      "  - ${{ each n in parameters.none }}:\n      - bash: ${{ n }}\n  - bash: z",
      [bash("z")],
    ],
    [
      "each reads the keys of a mapping",
      "  - ${{ each p in parameters.map }}:\n      - bash: ${{ p.key }}=${{ p.value }}",
      [bash("x=1"), bash("y=2")],
    ],
    [
      "each stands in an each",
      "  - ${{ each n in parameters.names }}:\n      - ${{ each p in parameters.map }}:\n          - bash: ${{ n }}${{ p.key }}",
      [bash("ax"), bash("ay"), bash("bx"), bash("by")],
    ],
    [
      "each takes what a function gives",
      "  - ${{ each n in split('c,d', ',') }}:\n      - bash: ${{ n }}",
      [bash("c"), bash("d")],
    ],
    [
      "each gives keys",
      "  - bash: a\n    env:\n      ${{ each p in parameters.map }}:\n        V_${{ p.key }}: ${{ p.value }}",
      [{ bash: "a", env: { V_x: "1", V_y: "2" } }],
    ],
    [
      "insert adds what a mapping holds",
      "  - bash: a\n    env:\n      A: b\n      ${{ insert }}: ${{ parameters.map }}",
      [{ bash: "a", env: { A: "b", x: "1", y: "2" } }],
    ],
    ["a key may be an expression", "  - ${{ lower('BASH') }}: a", [bash("a")]],
    ["words of it may stand in texts", "  - bash: if each else insert", [bash("if each else insert")]],
    [
      "the name of each hides nothing after it",
      "  - ${{ each variables in parameters.names }}:\n      - bash: ${{ variables }}\n  - bash: ${{ variables['Build.SourceBranchName'] }}",
      [bash("a"), bash("b"), bash("main")],
    ],
  ])("%s", (_title, text, result) => {
    expect(expanded(steps(text))).toEqual({ steps: result });
  });

  test.each<readonly [title: string, text: string, problem: string]>([
    [
      "else without if",
      "  - bash: a\n  - ${{ else }}:\n      - bash: b",
      "7: ${{ else }} must follow directly after its if.",
    ],
    [
      "a step between if and else",
      "  - ${{ if true }}:\n      - bash: a\n  - bash: b\n  - ${{ else }}:\n      - bash: c",
      "9: ${{ else }} must follow directly after its if.",
    ],
    [
      "elseif after else",
      "  - ${{ if false }}:\n      - bash: a\n  - ${{ else }}:\n      - bash: b\n  - ${{ elseif true }}:\n      - bash: c",
      "10: ${{ elseif }} must follow directly after its if.",
    ],
    ["if without colon", "  - bash: a\n  - ${{ if true }}", "7: ${{ if true }} needs a colon after it."],
    [
      "else without colon in a branch that is not taken",
      "  - ${{ if false }}:\n      - ${{ else }}",
      "7: ${{ else }} needs a colon after it.",
    ],
    ["if without condition", "  - ${{ if }}:\n      - bash: a", "6: The condition is missing."],
    ["each without collection", "  - ${{ each n }}:\n      - bash: a", "6: Write `each name in collection`."],
    [
      "a key that comes twice",
      "  - bash: a\n    name: b\n    ${{ if true }}:\n      name: c",
      "9: The key 'name' stands here twice after expansion.",
    ],
    [
      "a list where keys are wanted",
      "  - bash: a\n    env:\n      ${{ insert }}: ${{ parameters.names }}",
      "8: ${{ insert }} needs a mapping here.",
    ],
    ["a text among steps", "  - ls", "6: Each of the steps must be a mapping."],
    [
      "the name of each after its end",
      "  - ${{ each n in parameters.names }}:\n      - bash: ${{ n }}\n  - bash: ${{ n }}",
      "8: Unrecognized value: 'n'.",
    ],
  ])("is refused for %s", (_title, text, problem) => {
    expect(problemsOf(steps(text))).toEqual([`pipeline.yml:${problem}`]);
  });
});

describe("each with keys behind it", () => {
  test.each<readonly [title: string, text: string, result: readonly unknown[]]>([
    [
      "gives one step",
      "  - ${{ each p in parameters.step }}:\n      ${{ p.key }}: ${{ p.value }}\n  - bash: z",
      [{ bash: "a", name: "b" }, bash("z")],
    ],
    [
      "gives one step of each step",
      "  - ${{ each s in parameters.steps }}:\n      - ${{ each p in s }}:\n          ${{ if ne(p.key, 'name') }}:\n            ${{ p.key }}: ${{ p.value }}",
      [bash("a"), bash("c")],
    ],
    [
      "stands beside other keys",
      "  - ${{ each p in parameters.step }}:\n      ${{ p.key }}: ${{ p.value }}\n    enabled: false",
      [{ bash: "a", name: "b", enabled: "false" }],
    ],
    [
      "gives no step of nothing",
      "  - ${{ each p in parameters.nothing }}:\n      ${{ p.key }}: ${{ p.value }}\n  - bash: z",
      [bash("z")],
    ],
  ])("%s", (_title, text, result) => {
    const files = {
      "pipeline.yml": `
parameters:
  - { name: step, type: object, default: { bash: a, name: b } }
  - { name: steps, type: object, default: [{ bash: a, name: b }, { bash: c }] }
  - { name: nothing, type: object, default: {} }
steps:
${text}`,
    };

    expect(expanded(files)).toEqual({ steps: result });
  });
});

describe("variables written as a mapping", () => {
  test("see those before them, also in conditions between them", () => {
    const files = {
      "pipeline.yml": `
variables:
  \${{ if true }}:
    first: a
    second: \${{ variables.first }}b
  \${{ if eq(variables.second, 'ab') }}:
    third: \${{ variables.second }}c
  \${{ else }}:
    third: wrong
  fourth: \${{ variables.fifth }}
  fifth: e
steps:
  - bash: \${{ variables.third }}`,
    };

    expect(expanded(files)).toMatchObject({
      variables: [
        { name: "first", value: "a" },
        { name: "second", value: "ab" },
        { name: "third", value: "abc" },
        { name: "fourth", value: "" },
        { name: "fifth", value: "e" },
      ],
      steps: [bash("abc")],
    });
  });
});

describe("a parameter", () => {
  test.each<readonly [title: string, declaration: string, expression: string, result: string]>([
    [
      "of null is nothing to an object",
      "type: object, default: null",
      "iif(parameters.p, 'yes', 'no')",
      "no",
    ],
    ["of null is its letters to a text", "type: string, default: null", "parameters.p", "null"],
    ["in apostrophes is no null", "type: object, default: 'null'", "parameters.p", "null"],
    [
      "of a deployment has an environment with a name",
      "type: deployment, default: { deployment: D, environment: qa }",
      "parameters.p.environment.name",
      "qa",
    ],
    ["of texts is a list", "type: stringList, default: [a, b]", "join('+', parameters.p)", "a+b"],
    [
      "of steps is a list",
      "type: stepList, default: [{ bash: a }, { bash: b }]",
      "length(parameters.p)",
      "2",
    ],
    ["of no type is a text", "default: 1.0", "parameters.p", "1.0"],
    ["of a number loses what says nothing", "type: number, default: 1.0", "parameters.p", "1"],
    ["of a boolean knows yes", "type: boolean, default: yes", "parameters.p", "True"],
    ["of a pool is an object", "type: pool, default: { vmImage: a }", "parameters.p.vmImage", "a"],
  ])("%s", (_title, declaration, expression, result) => {
    const files = {
      "pipeline.yml": `parameters:\n  - { name: p, ${declaration} }\nsteps:\n  - bash: \${{ ${expression} }}`,
    };

    expect(expanded(files)).toEqual({ steps: [bash(result)] });
  });

  test.each<readonly [title: string, declaration: string, problem: string]>([
    ["a text for a list of texts", "type: stringList, default: a", "must be a list of texts, not 'a'."],
    [
      "an expression for a default",
      "default: '${{ variables.a }}'",
      "What a parameter declares must be written out",
    ],
    ["a list for a text", "type: string, default: [a]", "must be a text, not a list."],
    ["a mapping for steps", "type: stepList, default: { bash: a }", "steps must be a list."],
    [
      "a name with a hyphen",
      "type: string, name: a-b",
      "A parameter needs a name of letters, digits and underscores.",
    ],
  ])("refuses %s", (_title, declaration, problem) => {
    const name = declaration.includes("name:") ? "" : "name: p, ";
    const files = { "pipeline.yml": `parameters:\n  - { ${name}${declaration} }\nsteps:\n  - bash: a` };

    expect(problemsOf(files)).toEqual([expect.stringContaining(problem)]);
    expect(problemsOf(files)[0]).toMatch(/^pipeline.yml:2: /);
  });
});

describe("variables that a parameter gives", () => {
  test.each<readonly [kind: string, value: string]>([
    ["a mapping", "{ first: a, second: b }"],
    ["a list", "[{ name: first, value: a }, { name: second, value: b }]"],
  ])("as %s are known to what follows", (_kind, value) => {
    const files = {
      "pipeline.yml": `
parameters:
  - { name: given, type: object, default: ${value} }
variables: \${{ parameters.given }}
steps:
  - bash: \${{ variables.second }}`,
    };

    expect(expanded(files)).toEqual({
      variables: [
        { name: "first", value: "a" },
        { name: "second", value: "b" },
      ],
      steps: [bash("b")],
    });
  });
});

test("a default in a mapping of parameters must be written out, too", () => {
  const files = {
    "pipeline.yml": "variables: { a: b }\nsteps:\n  - template: t.yml\n",
    "t.yml": "parameters:\n  given: ${{ variables.a }}\nsteps:\n  - bash: ls\n",
  };

  expect(problemsOf(files)).toEqual([
    "t.yml:2: What a parameter declares must be written out, without expressions.",
  ]);
});

describe("a step that is a parameter", () => {
  test.each<readonly [written: string, step: unknown]>([
    ["script: a", { task: "CmdLine@2", inputs: { script: "a" } }],
    ["bash: a, name: b", { task: "Bash@3", name: "b", inputs: { targetType: "inline", script: "a" } }],
    [
      "pwsh: a, workingDirectory: b, condition: always()",
      {
        task: "PowerShell@2",
        condition: "always()",
        inputs: { targetType: "inline", pwsh: "true", script: "a", workingDirectory: "b" },
      },
    ],
    ["powershell: a", { task: "PowerShell@2", inputs: { targetType: "inline", script: "a" } }],
    ["checkout: self", { checkout: "self" }],
    ["task: Cache@2, inputs: { key: a }", { task: "Cache@2", inputs: { key: "a" } }],
  ])("%s is the task that runs it", (written, step) => {
    const files = {
      "pipeline.yml": `extends:\n  template: t.yml\n  parameters:\n    more:\n      - { ${written} }`,
      "t.yml": "parameters:\n  - { name: more, type: stepList }\nsteps:\n  - ${{ parameters.more }}",
    };

    expect(expanded(files)).toEqual({ steps: [step] });
  });

  test("can be refused by the name of that task", () => {
    const files = {
      "pipeline.yml":
        "extends:\n  template: t.yml\n  parameters:\n    more:\n      - script: a\n      - task: Cache@2",
      "t.yml": `
parameters:
  - { name: more, type: stepList }
steps:
  - \${{ each step in parameters.more }}:
      - \${{ if not(startsWith(step.task, 'CmdLine')) }}:
          - \${{ step }}`,
    };

    expect(expanded(files)).toEqual({ steps: [{ task: "Cache@2" }] });
  });
});

describe("an expansion ends", () => {
  test("where texts grow without end", () => {
    const lines = Array.from(
      { length: 40 },
      (_, index) => `  v${index + 1}: \${{ format('{0}{0}', variables.v${index}) }}`,
    );
    const files = { "pipeline.yml": `variables:\n  v0: abcdefgh\n${lines.join("\n")}\nsteps:\n  - bash: a` };

    expect(problemsOf(files)).toEqual([expect.stringContaining("The pipeline grows too large here")]);
  });

  test("where templates call each other without end", () => {
    const files = {
      "pipeline.yml": "steps:\n  - template: a.yml",
      "a.yml": "steps:\n  - template: pipeline_steps.yml\n  - template: pipeline_steps.yml",
      "pipeline_steps.yml": "steps:\n  - template: a.yml",
    };

    expect(problemsOf(files)).toEqual([expect.stringContaining("Templates are nested more than 20 deep.")]);
  });

  test("where more than a hundred files take part", () => {
    const calls = Array.from({ length: 101 }, (_, index) => `  - template: t${index}.yml`);
    const files = {
      "pipeline.yml": `steps:\n${calls.join("\n")}`,
      ...Object.fromEntries(calls.map((_call, index) => [`t${index}.yml`, "steps:\n  - bash: a"])),
    };

    expect(problemsOf(files)).toEqual(["pipeline.yml:101: A pipeline may use 100 files at most."]);
  });
});
