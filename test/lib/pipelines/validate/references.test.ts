import { describe, expect, test } from "@jest/globals";
import { findings, pipelineOf } from "../../../support/validate-files.ts";

type Case = readonly [title: string, text: string, finding: string];

const stages = (condition: string): string => `
stages:
  - stage: Build
    jobs:
      - job: Make
        steps:
          - bash: echo "##vso[task.setvariable variable=verdict;isoutput=true]yes"
            name: gate
      - deployment: Ship
        environment: qa
        strategy: { runOnce: { deploy: { steps: [{ bash: ls, name: put }] } } }
  - stage: Test
    jobs:
      - job: Try
        steps: [bash: ls]
  - stage: Release
    dependsOn: [Build]
    condition: ${condition}
    jobs:
      - job: Go
        steps: [bash: ls]
`;

const jobs = (value: string): string => `
jobs:
  - job: Make
    steps:
      - bash: |
          set -e
          echo "##vso[task.setvariable variable=verdict;isoutput=true]yes"
          echo "##vso[task.setvariable variable=local]yes"
        name: gate
  - deployment: Ship
    environment: qa
    strategy: { runOnce: { deploy: { steps: [{ bash: ls, name: put }] } } }
  - job: Legs
    strategy: { matrix: { left: { A: '1' }, right: { A: '2' } } }
    steps: [{ bash: ls, name: look }]
  - job: Other
    steps: [bash: ls]
  - job: Go
    dependsOn: [Make, Ship, Legs]
    variables:
      verdict: ${value}
    steps: [bash: ls]
`;

const step = (condition: string): string => `steps:\n  - bash: ls\n    condition: ${condition}\n`;

describe("a condition is found wrong at its line for", () => {
  test.each<Case>([
    [
      "a function that is misspelt",
      step("succeeds()"),
      "4: Unrecognized value: 'succeeds' is no function here.",
    ],
    [
      "a function of variables",
      step("eq(counter('a', 1), 1)"),
      "4: Unrecognized value: 'counter' is no function here.",
    ],
    ["a parenthesis that is missing", step("and(succeeded(), true"), "4: A ')' is missing at the end."],
    ["an operator", step("succeeded() && true"), "4: Unexpected symbol: '&&'."],
    ["too few arguments", step("and(succeeded())"), "4: and takes at least 2 arguments, not 1."],
    ["an argument of always", step("always('A')"), "4: always takes 0 arguments, not 1."],
    [
      "a name that steps do not know",
      step("and(always(), parameters.a)"),
      "4: 'parameters' is not known here; only variables are.",
    ],
    [
      "results that steps do not know",
      step("eq(dependencies.A.result, 'Failed')"),
      "4: 'dependencies' is not known here; only variables are.",
    ],
    [
      "saying nothing of failures",
      step("eq(variables.a, 'b')"),
      "4: The condition says nothing of what ran before, so it also holds after a failure. Write and(succeeded(), …).",
    ],
    [
      "a constant",
      step("true"),
      "4: The condition says nothing of what ran before, so it also holds after a failure. Write and(succeeded(), …).",
    ],
    [
      "a macro",
      step("and(succeeded(), eq('$(a)', 'b'))"),
      "4: $(a) stays as it is in a condition. Write variables['a'].",
    ],
    [
      "a mistake inside a block",
      "steps:\n  - bash: ls\n    condition: |\n      and(\n        succeeded(),\n        eq(parameters.a, 1))\n",
      "7: 'parameters' is not known here; only variables are.",
    ],
    [
      "a stage that it does not wait for",
      stages("eq(dependencies.Test.result, 'Failed')"),
      "18: dependencies.Test is no stage that this one depends on.",
    ],
    [
      "a job that the stage does not have",
      stages("eq(dependencies.Build.outputs['Mak.gate.verdict'], 'yes')"),
      "18: The stage 'Build' has no job 'Mak' in outputs['Mak.gate.verdict'].",
    ],
    [
      "a step that the job does not have",
      stages("eq(dependencies.Build.outputs['Make.gat.verdict'], 'yes')"),
      "18: The job 'Make' has no step named 'gat'.",
    ],
    [
      "a variable that the step does not set",
      stages("eq(dependencies.Build.outputs['Make.gate.verdikt'], 'yes')"),
      "18: The step 'gate' of the job 'Make' sets no variable 'verdikt'.",
    ],
    [
      "a path without step",
      stages("eq(dependencies.Build.outputs['Make.verdict'], 'yes')"),
      "18: outputs['Make.verdict'] of 'Make' must have the form step.variable.",
    ],
    [
      "the job of a deployment only once",
      stages("eq(dependencies.Build.outputs['Ship.put.address'], 'x')"),
      "18: outputs['Ship.put.address'] of 'Ship' must have the form Ship.step.variable.",
    ],
    [
      "something else than a result",
      stages("eq(dependencies.Build.status, 'Failed')"),
      "18: There is result and outputs to read, no 'status'.",
    ],
    [
      "a name of jobs",
      stages("eq(stageDependencies.Build.Make.result, 'Failed')"),
      "18: 'stageDependencies' is not known here; only variables and pipeline and dependencies are.",
    ],
  ])("%s", (_title, text, finding) => {
    expect(findings(pipelineOf(text))).toContain(`pipeline.yml:${finding}`);
  });

  test.each([
    step("succeededOrFailed()"),
    step("always()"),
    step("false"),
    step("and(succeeded(), ne(variables['Build.Reason'], 'PullRequest'))"),
    step("and(not(canceled()), eq(variables.a, ''))"),
    step("in(variables['Agent.JobStatus'], 'Succeeded', 'SucceededWithIssues')"),
    stages("in(dependencies.Build.result, 'Succeeded', 'Skipped')"),
    stages("and(succeeded('Build'), eq(dependencies.Build.outputs['Make.gate.verdict'], 'yes'))"),
    stages("and(succeeded(), eq(dependencies.build.outputs['ship.Ship.put.address'], 'x'))"),
    stages("and(failed(), eq(dependencies['Build']['outputs']['Make.gate.verdict'], 'no'))"),
  ])("nothing in %s", (text) => {
    expect(findings(pipelineOf(text))).toEqual([]);
  });
});

describe("a variable that is computed at run time is found wrong for", () => {
  test.each<Case>([
    [
      "a job that this one does not wait for",
      jobs("$[ dependencies.Other.result ]"),
      "21: dependencies.Other is no job that this one depends on.",
    ],
    [
      "a step that does not exist",
      jobs("$[ dependencies.Make.outputs['gat.verdict'] ]"),
      "21: The job 'Make' has no step named 'gat'.",
    ],
    [
      "a variable that stays in its job",
      jobs("$[ dependencies.Make.outputs['gate.local'] ]"),
      "21: The step 'gate' sets 'local' without isoutput=true, so nothing else can read it.",
    ],
    [
      "another name than the deployment's",
      jobs("$[ dependencies.Ship.outputs['Make.put.address'] ]"),
      "21: outputs['Make.put.address'] of the deployment 'Ship' must begin with its name.",
    ],
    [
      "no leg",
      jobs("$[ dependencies.Legs.outputs['look.A'] ]"),
      "21: outputs['look.A'] of 'Legs' must have the form leg.step.variable.",
    ],
    [
      "a leg that does not exist",
      jobs("$[ dependencies.Legs.outputs['middle.look.A'] ]"),
      "21: outputs['middle.look.A'] of 'Legs' must begin with a leg of its matrix.",
    ],
    [
      "a stage that does not exist",
      jobs("$[ stageDependencies.Build.Make.outputs['gate.verdict'] ]"),
      "21: stageDependencies.Build is no stage that this one depends on.",
    ],
    ["a text around it", jobs("v$[ variables.a ]"), "21: $[ … ] must be the whole value of a variable."],
    ["nothing inside", jobs("$[ ]"), "21: The expression is empty."],
    [
      "a function of conditions",
      jobs("$[ succeeded() ]"),
      "21: Unrecognized value: 'succeeded' is no function here.",
    ],
    [
      "a status at the root",
      "variables:\n  a: $[ dependencies.A.result ]\nsteps:\n  - bash: ls\n",
      "3: 'dependencies' is not known here; only variables and pipeline are.",
    ],
  ])("%s", (_title, text, finding) => {
    expect(findings(pipelineOf(text))).toContain(`pipeline.yml:${finding}`);
  });

  test.each([
    jobs("$[ dependencies.Make.outputs['gate.verdict'] ]"),
    jobs("$[ dependencies.Ship.outputs['Ship.put.address'] ]"),
    jobs("$[ dependencies.Legs.outputs['left.look.A'] ]"),
    jobs("$[ coalesce(variables.other, dependencies.Make.result) ]"),
    "variables:\n  patch: $[ counter(format('{0}-{1}', 'a', variables['Build.SourceBranch']), 1) ]\nsteps:\n  - bash: ls\n",
  ])("nothing in %s", (text) => {
    expect(findings(pipelineOf(text))).toEqual([]);
  });
});

describe("nothing is found in", () => {
  test.each([
    "container: python:3.12\nsteps:\n  - bash: ls\n",
    "resources:\n  - repo: self\nsteps:\n  - bash: ls\n",
    "resources:\n  pipelines:\n    - pipeline: model-ci\n      source: ci\nsteps:\n  - download: model-ci\n",
    "pool: { name: a, image: b, os: linux }\nsteps:\n  - bash: ls\n",
    "steps:\n  - task: PublishTestResults@2\n    inputs: { testresultsformat: xUnit }\n",
    "jobs:\n  - job:\n    steps: [bash: ls]\n  - job:\n    steps: [bash: ls]\n",
    "stages:\n  - stage:\n    jobs:\n      - job:\n        steps: [bash: ls]\n",
    "jobs:\n  - job: A\n    strategy: { parallel: 2 }\n    pool: server\n    steps: [bash: ls]\n",
    "schedules:\n  - cron: '*/15 8-17 1,15 Jan-Jun Mon-Fri'\n    branches: { include: [main] }\nsteps:\n  - bash: ls\n",
    "pool: { name: a, demands: [npm, Agent.Version -gtVersion 3.1.0, os -equals Linux] }\nsteps:\n  - bash: ls\n",
    "steps:\n  - checkout: git://project/other@refs/tags/v1\n",
    "steps:\n  - bash: |\n      set -o errexit\n      one\n      two\n",
    "steps:\n  - bash: |\n      # one command\n      one \\\n        --more\n",
  ])("%s", (text) => {
    expect(findings(pipelineOf(text))).toEqual([]);
  });
});

describe("a file without declared parameters", () => {
  test("reads unknown ones as nothing, and that is advice", () => {
    const files = {
      ...pipelineOf("steps:\n  - template: t.yml\n    parameters: { b: c }\n"),
      "t.yml": "parameters: { a: b }\nsteps:\n  - bash: a${{ parameters.c }}\n",
    };

    expect(findings(files)).toEqual([
      "pipeline.yml:4: t.yml declares no parameter 'b'.",
      "t.yml:3: There is no parameter 'c'.",
    ]);
  });
});

describe("a macro is found wrong for", () => {
  test.each<Case>([
    [
      "a variable that nobody defines",
      "steps:\n  - publish: $(folder)\n",
      "3: There is no variable 'folder'.",
    ],
    [
      "a variable of another stage",
      "stages:\n  - stage: A\n    variables: { folder: a }\n    jobs: [{ job: A, steps: [publish: $(folder)] }]\n  - stage: B\n    jobs: [{ job: B, steps: [publish: $(folder)] }]\n",
      "7: There is no variable 'folder'.",
    ],
    [
      "an output of a step that has no name",
      "steps:\n  - publish: $(gate.folder)\n",
      "3: There is no variable 'gate.folder'.",
    ],
    [
      "the run of a pipeline that is not declared",
      "steps:\n  - publish: $(resources.pipeline.ci.runID)\n",
      "3: There is no variable 'resources.pipeline.ci.runID'.",
    ],
    [
      "an expression that reads a variable too early",
      "variables:\n  a: ${{ variables.b }}\n  b: 1\nsteps:\n  - bash: ls\n",
      "3: There is no variable 'b' in the YAML before this place.",
    ],
    [
      "an environment that is known too late",
      "jobs:\n  - deployment: A\n    environment: $(where)\n    strategy: { runOnce: { deploy: { steps: [bash: ls] } } }\n",
      "4: The environment must be known when the run is planned, and $(where) is not. Use ${{ … }} with a parameter or a variable of the YAML.",
    ],
  ])("%s", (_title, text, finding) => {
    expect(findings(pipelineOf(text))).toContain(`pipeline.yml:${finding}`);
  });

  test.each([
    "variables: { folder: a }\nsteps:\n  - publish: $(FOLDER)/b\n",
    "variables:\n  - group: any\nsteps:\n  - publish: $(folder)\n",
    "steps:\n  - bash: echo $(date) $(git rev-parse HEAD) $(ls)\n",
    "steps:\n  - bash: make\n    name: gate\n  - publish: $(gate.folder)\n",
    "steps:\n  - bash: echo '##vso[task.setvariable variable=folder]a'\n  - publish: $(folder)\n",
    "jobs:\n  - job: A\n    strategy: { matrix: { a: { folder: b } } }\n    steps:\n      - publish: $(folder)\n",
    "resources:\n  pipelines:\n    - pipeline: ci\n      source: ci\nsteps:\n  - publish: $(resources.pipeline.ci.runID)\n",
    "steps:\n  - publish: $(Pipeline.Workspace)/$(Build.BuildId)\n",
  ])("nothing in %s", (text) => {
    expect(findings(pipelineOf(text))).toEqual([]);
  });

  test("a name that a known variable group does not have", () => {
    const text = "variables:\n  - group: any\nsteps:\n  - publish: $(folder)/$(flder)\n";

    expect(findings(pipelineOf(text), { groups: { any: ["folder"] } })).toEqual([
      "pipeline.yml:5: There is no variable 'flder'. Did you mean $(folder)?",
    ]);
  });
});

describe("a condition that no run comes to", () => {
  test.each<Case>([
    [
      "in the steps of a parameter that is not inserted",
      `
parameters:
  - name: extra
    type: stepList
    default:
      - bash: ls
        condition: succeeds()
steps:
  - bash: ls
`,
      "7: Unrecognized value: 'succeeds' is no function here.",
    ],
    [
      "behind an if that does not hold",
      `
steps:
  - \${{ if eq(1, 2) }}:
      - bash: ls
        condition: eq(1, 2
  - bash: ls
`,
      "5: ",
    ],
  ])("is judged by its form %s", (_title, text, finding) => {
    const found = findings(pipelineOf(text));

    expect(found).toEqual([expect.stringContaining(`pipeline.yml:${finding}`)]);
  });

  test("is left alone where an expression writes it, and told once where a run comes to it", () => {
    const written = findings(
      pipelineOf(`
steps:
  - bash: ls
    condition: \${{ replace('succeeded()', 'x', 'y') }}
`),
    );
    const used = findings(pipelineOf("steps:\n  - bash: ls\n    condition: succeeds()\n"));

    expect(written).toEqual([]);
    expect(used).toHaveLength(1);
  });
});
