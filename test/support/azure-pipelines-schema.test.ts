import { describe, expect, test } from "@jest/globals";
import { hasPipelinesSchema, pipelineProblems } from "./azure-pipelines-schema.ts";

const describeWithSchema = hasPipelinesSchema ? describe : describe.skip;

const wrong = [
  { name: "an unknown key", text: "trigger: none\nstagse: []\n" },
  { name: "a key written twice", text: "trigger: none\ntrigger: none\nsteps:\n  - bash: echo\n" },
  { name: "an unknown task", text: "steps:\n  - task: UsePython@9\n" },
  {
    name: "an unknown input",
    text: "steps:\n  - task: UsePythonVersion@0\n    inputs:\n      versionSpc: '3'\n",
  },
  { name: "an input that is missing", text: "steps:\n  - task: Cache@2\n    inputs:\n      key: a\n" },
  {
    name: "a step's key among the inputs",
    text: "steps:\n  - task: Cache@2\n    inputs:\n      key: a\n      path: b\n      displayName: c\n",
  },
  { name: "a timeout that is no number", text: "jobs:\n  - job: A\n    timeoutInMinutes: soon\n" },
  { name: "a condition that is misspelt", text: "steps:\n  - bash: echo\n    conditions: always()\n" },
  { name: "a deployment without environment", text: "jobs:\n  - deployment: A\n    strategy: {}\n" },
  { name: "a stage with a blank in its name", text: "stages:\n  - stage: Deploy QA\n" },
  { name: "a lock behaviour that does not exist", text: "trigger: none\nlockBehavior: first\n" },
];

describeWithSchema("the check of pipelines, skipped where ../shared is absent", () => {
  test.each(wrong)("finds $name", ({ text }) => {
    expect(pipelineProblems(text)).not.toEqual([]);
  });

  test("accepts expressions where the service does", () => {
    const text =
      "trigger: none\npool:\n  vmImage: ${{ variables.IMAGE }}\njobs:\n  - job: A\n    timeoutInMinutes: ${{ parameters.minutes }}\n";

    expect(pipelineProblems(text)).toEqual([]);
  });
});
