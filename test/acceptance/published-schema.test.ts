import { describe, expect, test } from "@jest/globals";
import { stringify } from "yaml";
import { toJson } from "../../lib/pipelines/yaml-node.ts";
import { hasPipelinesSchema, pipelineProblems } from "../support/azure-pipelines-schema.ts";
import { everyCombination, nameOf } from "../support/every-combination.ts";
import { pipelinesIn, renderYaml, validateRendered } from "../support/rendered-pipelines.ts";
import { validatePipeline } from "../../lib/pipelines/validate/validate-pipeline.ts";

const describeWithSchema = hasPipelinesSchema ? describe : describe.skip;
const highest = everyCombination.filter(({ maturity_level }) => maturity_level === 5);

/** Legal and illegal pipelines, whatever our rules of style say. */
const samples = [
  "steps:\n  - bash: ls\n",
  "steps:\n  - bsh: ls\n",
  "steps:\n  - bash: ls\n    displayname: a\n",
  "steps:\n  - task: Cache@2\n    inputs: { key: a }\n",
  "steps:\n  - task: UsePythonVersion@0\n    inputs: { versionSpc: '3' }\n",
  "steps:\n  - task: PublishTestResults@2\n    inputs: { testResultsFormat: JUnit5 }\n",
  "jobs:\n  - job: A\n    timeoutInMinutes: soon\n    steps: [bash: ls]\n",
  "jobs:\n  - job: A\n    pool: { vmImage: ubuntu-24.04 }\n    steps: [bash: ls]\n",
  "jobs:\n  - job: A\n    strategy: { matrix: { a: { b: c } }, maxParallel: 2 }\n    steps: [bash: ls]\n",
  "jobs:\n  - job: A b\n    steps: [bash: ls]\n",
  "jobs:\n  - deployment: A\n    strategy: { runOnce: { deploy: { steps: [bash: ls] } } }\n",
  "jobs:\n  - deployment: A\n    environment: qa\n    strategy: { runOnce: { deploy: { steps: [bash: ls] } } }\n",
  "jobs:\n  - deployment: A\n    environment: qa\n    strategy: { runonce: { deploy: { steps: [bash: ls] } } }\n",
  "stages:\n  - stage: A\n    lockBehavior: runLatest\n    jobs: [{ job: A, steps: [bash: ls] }]\n",
  "stages:\n  - stage: A\n    lockBehavior: first\n    jobs: [{ job: A, steps: [bash: ls] }]\n",
  "pr: main\nsteps:\n  - bash: ls\n",
  "pr: [main]\nsteps:\n  - bash: ls\n",
  "schedules:\n  - cron: 0 0 * * *\n    branches: { include: [main] }\nsteps:\n  - bash: ls\n",
  "schedules:\n  - corn: 0 0 * * *\n    cron: 0 0 * * *\nsteps:\n  - bash: ls\n",
  "resources:\n  pipelines:\n    - pipeline: a\n      source: b\n      trigger: true\nsteps:\n  - bash: ls\n",
  "resources:\n  repositories:\n    - repository: a\n      name: b/c\n      type: git\n      ref: refs/tags/v1\nsteps:\n  - bash: ls\n",
  "variables:\n  - name: a\n    value: b\n    readonly: true\nsteps:\n  - bash: ls\n",
  "variables:\n  - name: a\n    type: b\nsteps:\n  - bash: ls\n",
  "steps:\n  - checkout: self\n    fetchDepth: 0\n  - publish: a\n    artifact: b\n  - download: current\n    artifact: b\n",
  "steps:\n  - bash: ls\n    target: { commands: restricted, settableVariables: none }\n",
  "steps:\n  - bash: ls\n    env: [A]\n",
  "steps:\n  - bash: ls\n    retryCountOnTaskFailure: 2\n    timeoutInMinutes: 5\n    enabled: false\n",
];

describeWithSchema("the published schema, where ../shared is there,", () => {
  test.each(highest.map((answers) => [nameOf(answers), answers] as const))(
    "accepts what the pipelines of %s become",
    async (_name, answers) => {
      const files = await renderYaml(answers);

      const problems = pipelinesIn(files).flatMap((file) => {
        const { expanded } = validateRendered({ files, file });
        const text = stringify(expanded === undefined ? {} : toJson(expanded.root));
        return pipelineProblems(text).map((problem) => `${file}: ${problem}`);
      });

      expect(problems).toEqual([]);
    },
  );

  test.each(samples)("agrees about\n%s", (sample) => {
    const text = `trigger: none\n${sample}`;
    const { problems } = validatePipeline({ file: "pipeline.yml", read: () => text });

    expect(problems.length > 0).toBe(pipelineProblems(text).length > 0);
  });
});
