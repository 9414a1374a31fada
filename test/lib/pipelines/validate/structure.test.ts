import { describe, expect, test } from "@jest/globals";
import { findings, pipelineOf } from "../../../support/validate-files.ts";

type Case = readonly [title: string, text: string, finding: string];

const step = "steps:\n  - bash: ls\n";

describe("a pipeline is found wrong at its line for", () => {
  test.each<Case>([
    [
      "a key that no pipeline has",
      `stagse: []\n${step}`,
      "2: A pipeline has no key 'stagse'. Did you mean stages?",
    ],
    ["nothing to do", "name: x\n", "1: A pipeline needs stages, jobs or steps."],
    ["steps beside jobs", `${step}jobs: []\n`, "1: A pipeline has jobs or steps, not both."],
    [
      "a lock that does not exist",
      `lockBehavior: first\n${step}`,
      "2: 'lockBehavior' must be one of sequential, runLatest, not 'first'.",
    ],
    [
      "a pool with a key of its own",
      `pool: { vmimage: a }\n${step}`,
      "2: 'pool' has no key 'vmimage'. Did you mean vmImage?",
    ],
    [
      "a demand that is none",
      `pool: { name: a, demands: [python -is 3] }\n${step}`,
      "2: 'python -is 3' is no demand; write a name, or name -equals value.",
    ],
    [
      "a stage with a blank in its name",
      "stages:\n  - stage: Deploy QA\n    jobs:\n      - job: A\n        steps: [bash: ls]\n",
      "3: 'stage' must be letters, digits and underscores, beginning with a letter, not 'Deploy QA'.",
    ],
    ["a stage without jobs", "stages:\n  - stage: A\n", "3: The stage 'A' has no jobs."],
    [
      "a key that no stage has",
      "stages:\n  - stage: A\n    when: always()\n    jobs:\n      - job: A\n        steps: [bash: ls]\n",
      "4: A stage has no key 'when'.",
    ],
    [
      "a stage that starts by chance",
      "stages:\n  - stage: A\n    trigger: never\n    jobs:\n      - job: A\n        steps: [bash: ls]\n",
      "4: 'trigger' must be one of manual, automatic, not 'never'.",
    ],
    [
      "what is neither job nor deployment",
      "jobs:\n  - name: A\n    steps: [bash: ls]\n",
      "3: A job begins with job or deployment.",
    ],
    ["a job without steps", "jobs:\n  - job: A\n", "3: The job 'A' has no steps."],
    [
      "a time limit in words",
      "jobs:\n  - job: A\n    timeoutInMinutes: ten\n    steps: [bash: ls]\n",
      "4: 'timeoutInMinutes' must be a whole number, not 'ten'.",
    ],
    [
      "a workspace that is cleaned of something else",
      "jobs:\n  - job: A\n    workspace: { clean: some }\n    steps: [bash: ls]\n",
      "4: 'clean' must be one of outputs, resources, all, not 'some'.",
    ],
    [
      "two stages of one name in other letters",
      "stages:\n  - stage: A\n    jobs: [{ job: A, steps: [bash: ls] }]\n  - stage: a\n    jobs: [{ job: A, steps: [bash: ls] }]\n",
      "5: There are two stages 'a'.",
    ],
    [
      "two jobs of one name",
      "jobs:\n  - job: A\n    steps: [bash: ls]\n  - job: A\n    steps: [bash: ls]\n",
      "5: There are two jobs 'A'.",
    ],
    [
      "two steps of one name",
      "steps:\n  - bash: ls\n    name: one\n  - bash: ls\n    name: one\n",
      "6: There are two steps 'one'.",
    ],
    [
      "a stage that waits for none that exists",
      "stages:\n  - stage: Build\n    jobs: [{ job: A, steps: [bash: ls] }]\n  - stage: B\n    dependsOn: Built\n    jobs: [{ job: A, steps: [bash: ls] }]\n",
      "6: The stage 'B' depends on the stage 'Built', which does not exist. Did you mean Build?",
    ],
    [
      "a job that waits for itself",
      "jobs:\n  - job: A\n    dependsOn: A\n    steps: [bash: ls]\n",
      "4: The jobs A wait for each other in a circle.",
    ],
    [
      "stages that wait for each other by their order",
      "stages:\n  - stage: A\n    dependsOn: B\n    jobs: [{ job: A, steps: [bash: ls] }]\n  - stage: B\n    jobs: [{ job: A, steps: [bash: ls] }]\n",
      "4: The stages A, B wait for each other in a circle.",
    ],
    [
      "a deployment without environment",
      "jobs:\n  - deployment: A\n    strategy: { runOnce: { deploy: { steps: [bash: ls] } } }\n",
      "3: The deployment 'A' names no environment.",
    ],
    [
      "a deployment without strategy",
      "jobs:\n  - deployment: A\n    environment: qa\n    steps: [bash: ls]\n",
      "3: The deployment 'A' has no strategy.",
    ],
    [
      "a deployment by two strategies",
      "jobs:\n  - deployment: A\n    environment: qa\n    strategy:\n      runOnce: { deploy: { steps: [bash: ls] } }\n      canary: { deploy: { steps: [bash: ls] } }\n",
      "6: The deployment 'A' needs one of runOnce, rolling and canary.",
    ],
    [
      "a deployment of the name of a hook",
      "jobs:\n  - deployment: deploy\n    environment: qa\n    strategy: { runOnce: { deploy: { steps: [bash: ls] } } }\n",
      "3: The service does not support the name deploy for a deployment.",
    ],
    [
      "a hook that does not exist",
      "jobs:\n  - deployment: A\n    environment: qa\n    strategy:\n      runOnce:\n        deploy: { steps: [bash: ls] }\n        on: { failed: { steps: [bash: ls] } }\n",
      "8: 'on' has no key 'failed'.",
    ],
    [
      "a matrix beside parallel parts",
      "jobs:\n  - job: A\n    strategy:\n      parallel: 2\n      matrix: { a: { b: c } }\n    steps: [bash: ls]\n",
      "5: A job has a matrix or runs in parallel parts, not both.",
    ],
    [
      "a leg with a dot",
      "jobs:\n  - job: A\n    strategy:\n      matrix:\n        3.12: { PYTHON: '3.12' }\n    steps: [bash: ls]\n",
      "6: '3.12' is no name of a leg: letters, digits and underscores, a letter first.",
    ],
    [
      "a leg that is no mapping",
      "jobs:\n  - job: A\n    strategy:\n      matrix:\n        new: 3.12\n    steps: [bash: ls]\n",
      "6: The leg 'new' must be a mapping of variables.",
    ],
    [
      "a leg with a list",
      "jobs:\n  - job: A\n    strategy:\n      matrix:\n        new:\n          versions: [1, 2]\n    steps: [bash: ls]\n",
      "7: The variable 'versions' of a leg must be a single value.",
    ],
    ["a variable without name", `variables:\n  - value: a\n${step}`, "3: A variable needs its name."],
    [
      "a variable with a type",
      `variables:\n  - name: a\n    type: b\n${step}`,
      "4: A variable has no key 'type'.",
    ],
    [
      "a constant that is maybe one",
      `variables:\n  - name: a\n    value: b\n    readonly: maybe\n${step}`,
      "5: 'readonly' must be true or false, not 'maybe'.",
    ],
  ])("%s", (_title, text, finding) => {
    expect(findings(pipelineOf(text))).toContain(`pipeline.yml:${finding}`);
  });
});

describe("triggers and resources are found wrong for", () => {
  test.each<Case>([
    [
      "a trigger of one branch without list",
      "pr: main\n",
      "2: 'pr' must be one of none, a list, a mapping, not 'main'.",
    ],
    ["branches without include", "pr:\n  branches: [main]\n", "3: 'branches' must be a mapping."],
    [
      "a schedule without time",
      "schedules:\n  - branches: { include: [main] }\n",
      "3: A schedule needs its time, cron.",
    ],
    [
      "a schedule without branches",
      "schedules:\n  - cron: 0 0 * * *\n",
      "3: A schedule needs the branches that it runs for.",
    ],
    [
      "four fields",
      "schedules:\n  - cron: 0 0 * *\n    branches: { include: [main] }\n",
      "3: '0 0 * *' is no schedule of five fields: minute, hour, day, month, day of the week.",
    ],
    [
      "minute 60",
      "schedules:\n  - cron: 60 0 * * *\n    branches: { include: [main] }\n",
      "3: '60' is no minute of a schedule; it goes from 0 to 59.",
    ],
    [
      "day 0",
      "schedules:\n  - cron: 0 0 0 * *\n    branches: { include: [main] }\n",
      "3: '0' is no day of a schedule; it goes from 1 to 31.",
    ],
    [
      "a month that is no name",
      "schedules:\n  - cron: 0 0 1 Foo *\n    branches: { include: [main] }\n",
      "3: 'Foo' is no month of a schedule; it goes from 1 to 12.",
    ],
    [
      "an eighth day of the week",
      "schedules:\n  - cron: 0 0 * * 1-7\n    branches: { include: [main] }\n",
      "3: '1-7' is no day of the week of a schedule; it goes from 0 to 6.",
    ],
    [
      "a range that goes backwards",
      "schedules:\n  - cron: 30-10 0 * * *\n    branches: { include: [main] }\n",
      "3: '30-10' is no minute of a schedule; it goes from 0 to 59.",
    ],
    [
      "a pipeline without source",
      "resources:\n  pipelines:\n    - pipeline: ci\n",
      "4: A pipeline resource needs its source.",
    ],
    [
      "another repository in the old list",
      "resources:\n  - repo: other\n",
      "3: 'repo' must be one of self, not 'other'.",
    ],
    [
      "a key that the old list does not know",
      "resources:\n  - repo: self\n    branch: main\n",
      "4: A repository resource has no key 'branch'.",
    ],
    [
      "a branch that is known too late",
      "resources:\n  repositories:\n    - repository: a\n      ref: $[variables.b]\n",
      "5: 'ref' must be known when the pipeline is read, and a runtime expression is not.",
    ],
    [
      "a repository without name",
      "resources:\n  repositories:\n    - name: a/b\n",
      "4: A repository resource needs its name, repository.",
    ],
    [
      "a kind of repository that does not exist",
      "resources:\n  repositories:\n    - repository: a\n      type: gitlab\n",
      "5: 'type' must be one of git, github, githubenterprise, bitbucket, not 'gitlab'.",
    ],
    [
      "an expression in a filter",
      "pr:\n  branches: { include: ['${{ variables.b }}'] }\n",
      "3: The service expands no expressions under 'pr'.",
    ],
    [
      "an expression in a source",
      "resources:\n  pipelines:\n    - pipeline: ci\n      source: ${{ variables.s }}\n",
      "5: The service expands no expressions under 'resources'.",
    ],
  ])("%s", (_title, text, finding) => {
    expect(findings(pipelineOf(`${text}${step}`))).toContain(`pipeline.yml:${finding}`);
  });

  test("a trigger that is left out", () => {
    expect(findings({ "pipeline.yml": step })).toEqual([
      "pipeline.yml:1: Without trigger every push to every branch starts the pipeline. Write trigger: none, or the branches.",
    ]);
  });
});
