import { describe, expect, test } from "@jest/globals";
import { runYaml } from "../../../support/run-yaml.ts";

/** What a run writes of a variable with this value. */
async function valueOf(expression: string): Promise<string | undefined> {
  const { lines } = await runYaml(`
resources:
  repositories:
    - { repository: tools, type: git, name: Platform/tools, ref: v1 }
variables:
  word: Iris
  nothing: ''
  result: ${expression}
steps:
  - checkout: none
  - bash: echo "<$RESULT>"`);
  return lines.find((line) => line.startsWith("<"))?.slice(1, -1);
}

describe("a variable that is written as a runtime expression is", () => {
  test.each<readonly [expression: string, value: string]>([
    ["$[upper(variables.word)]", "IRIS"],
    ["$[ eq(variables['Build.SourceBranch'], 'refs/heads/main') ]", "True"],
    ["$[variables.nobody]", ""],
    ["$[coalesce(variables.nothing, variables.word)]", "Iris"],
    ["before $[variables.word]", "before $[variables.word]"],
    ["$[counter('', 7)]", "7"],
    ["$[resources.repositories.tools.name]", "Platform/tools"],
    ["$[resources.repositories['tools'].ref]", "refs/heads/v1"],
    ["$[resources.repositories.self.ref]", "refs/heads/main"],
  ])("%s: %s", async (expression, value) => {
    expect(await valueOf(expression)).toBe(value);
  });

  test.each<readonly [pattern: string, form: RegExp]>([
    ["{0:yyyyMMdd}", /^20\d{6}$/],
    ["{0:yy.M.d}", /^\d{2}\.\d{1,2}\.\d{1,2}$/],
    ["{0:HH}h{0:mm}m{0:ss}.{0:fff}s", /^\d{2}h\d{2}m\d{2}\.\d{3}s$/],
    [String.raw`{0:\y\e\a\r yyyy zzz}`, /^year 20\d{2} \+00:00$/],
    ["{0}", /^20\d{2}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\+00:00$/],
  ])("the time at which the run began, as %s", async (pattern, form) => {
    expect(await valueOf(`$[format('${pattern}', pipeline.startTime)]`)).toMatch(form);
  });

  test("no pattern of a date that does not exist", async () => {
    const { outcome } = await runYaml(`
variables:
  when: $[format('{0:yyyyy}', pipeline.startTime)]
steps:
  - checkout: none`);

    expect(outcome.result).toBe("failed");
  });
});

test("a variable follows another one that a step before sets", async () => {
  const { lines } = await runYaml(`
variables:
  all: $(one) and $(two)
  one: 1
steps:
  - checkout: none
  - bash: echo "##vso[task.setvariable variable=two]2"
  - bash: echo "<$(all)>"`);

  expect(lines).toContain("<1 and 2>");
});

test("a logging command that is not obeyed here is named", async () => {
  const { outcome } = await runYaml(`
steps:
  - checkout: none
  - bash: echo "##vso[results.publish type=JUnit]a.xml"`);

  expect(outcome.notEmulated).toContain("the logging command ##vso[results.publish]");
});

test("containers and services of a job are named, not left out in silence", async () => {
  const { outcome } = await runYaml(`
jobs:
  - job: A
    container: ubuntu
    services: { database: postgres }
    steps:
      - checkout: none
      - bash: ls`);

  expect(outcome.notEmulated).toEqual(["containers of jobs", "services of jobs"]);
});
