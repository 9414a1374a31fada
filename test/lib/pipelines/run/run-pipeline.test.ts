import { describe, expect, test } from "@jest/globals";
import type { RunResult } from "../../../../lib/pipelines/run/run-types.ts";
import { runYaml, type YamlRun } from "../../../support/run-yaml.ts";

const resultsOf = ({ outcome }: YamlRun): Readonly<Record<string, RunResult>> =>
  Object.fromEntries(
    outcome.stages.flatMap(({ name, result, jobs }) => [
      [name, result],
      ...jobs.map((job) => [`${name}.${job.name}`, job.result] as const),
    ]),
  );

describe("the steps of a job", () => {
  test("run in order and pass variables on", async () => {
    const run = await runYaml(`
variables:
  - name: GREETING
    value: hello $(WHO)
  - name: WHO
    value: world
steps:
  - checkout: none
  - bash: |
      echo "##vso[task.setvariable variable=NEXT]second"
      echo "$GREETING"
  - bash: echo "$(NEXT) $NEXT $(date -u +%Y | wc -l)"
`);

    expect(run.outcome.result).toBe("succeeded");
    expect(run.lines).toEqual(["hello world", "second second 1"]);
  });

  test("go on after a failure as their conditions say", async () => {
    const run = await runYaml(`
steps:
  - checkout: none
  - bash: exit 3
  - bash: echo skipped
  - bash: echo always
    condition: always()
  - bash: echo failed $(Agent.JobStatus)
    condition: failed()
  - bash: echo both
    condition: succeededOrFailed()
  - bash: echo never
    condition: and(always(), eq(variables.nothing, 'x'))
  - bash: echo off
    condition: always()
    enabled: false
`);

    expect(run.lines).toEqual(["always", "failed Failed", "both"]);
    expect(run.job("Job").steps.map(({ result }) => result)).toEqual([
      "succeeded",
      "failed",
      "skipped",
      "succeeded",
      "succeeded",
      "succeeded",
      "skipped",
      "skipped",
    ]);
    expect(run.outcome.result).toBe("failed");
  });

  test("may fail where they say so", async () => {
    const run = await runYaml(`
steps:
  - checkout: none
  - bash: exit 1
    continueOnError: true
  - bash: echo $(Agent.JobStatus)
    continueOnError: true
`);

    expect(run.job("Job").steps.map(({ result }) => result)).toEqual([
      "succeeded",
      "succeededWithIssues",
      "succeeded",
    ]);
    expect(run.lines).toEqual(["SucceededWithIssues"]);
    expect(run.outcome.result).toBe("succeededWithIssues");
  });

  test("fail by a condition that cannot be evaluated", async () => {
    const run = await runYaml(`
steps:
  - checkout: none
  - bash: echo never
    condition: eq(nobody.knows, 1)
`);

    expect(run.lines).toEqual([]);
    expect(run.events).toContainEqual(
      expect.objectContaining({ result: "failed", why: expect.stringContaining("nobody") }),
    );
  });

  test("start in the folder of the sources, or in their own", async () => {
    const run = await runYaml(`
steps:
  - checkout: none
  - bash: mkdir inner && basename "$PWD"
  - bash: basename "$PWD"
    workingDirectory: inner
  - bash: echo never
    workingDirectory: $(Build.SourcesDirectory)/missing
`);

    expect(run.lines).toEqual(["s", "inner"]);
    expect(run.outcome.result).toBe("failed");
  });

  test("see open variables in their environment, and secrets only where they are mapped", async () => {
    const groups = {
      keys: {
        "my.open var": { value: "seen", isSecret: false },
        TOKEN: { value: "t0p-s3cret", isSecret: true },
      },
    };
    const run = await runYaml(
      `
variables:
  - group: keys
steps:
  - checkout: none
  - bash: echo "$MY_OPEN_VAR [$TOKEN]"
  - bash: test "$MAPPED" = t0p-s3cret && echo "is $MAPPED"
    env:
      MAPPED: $(TOKEN)
`,
      { groups },
    );

    expect(run.lines).toEqual(["seen []", "is ***"]);
    expect(JSON.stringify(run.events)).not.toContain("t0p-s3cret");
  });

  test("that nothing here emulates are skipped and named", async () => {
    const run = await runYaml(`
steps:
  - checkout: none
  - task: HelmDeploy@0
  - bash: echo on
`);

    expect(run.outcome.notEmulated).toEqual(["the task HelmDeploy@0"]);
    expect(run.job("Job").steps.map(({ result }) => result)).toEqual(["succeeded", "skipped", "succeeded"]);
  });

  test("are told of a variable group that nobody knows", async () => {
    const run = await runYaml(`
variables:
  - group: absent
steps:
  - checkout: none
`);

    expect(run.outcome.notEmulated).toEqual(["the variable group absent, whose values are not known here"]);
  });
});

/** Leaves a sign beside the folders of the jobs and waits for that of another. */
const meet = (mine: string, other: string): string =>
  [
    "cd $(Pipeline.Workspace)/..; touch",
    `${mine}; for i in $(seq 100); do [ -e ${other} ] && exit 0; sleep 0.05; done; exit 1`,
  ].join(" ");

const job = (name: string, rest: string): string => `
      - job: ${name}
        ${rest}
        steps:
          - checkout: none
          - bash: echo ${name}`;

describe("jobs and stages", () => {
  test.each([
    ["a job after one that failed is skipped", "dependsOn: Bad", "skipped"],
    ["a condition decides", "{dependsOn: Bad, condition: failed()}", "succeeded"],
    ["what comes after a skipped job is skipped", "dependsOn: AfterBad", "skipped"],
    ["a name in a condition decides", "{dependsOn: [Good, Bad], condition: succeeded('Good')}", "succeeded"],
    [
      "results can be read",
      "{dependsOn: Bad, condition: eq(dependencies.Bad.result, 'Failed')}",
      "succeeded",
    ],
    ["a wrong condition is a failure", "{dependsOn: Good, condition: eq(nobody.x, 1)}", "failed"],
  ])("%s", async (_title, settings, expected) => {
    const lines = settings.replaceAll(/^\{|\}$/g, "").replaceAll(/, (?=condition)/g, "\n        ");
    const run = await runYaml(`
stages:
  - stage: S
    jobs:${job("Good", "displayName: Good")}
      - job: Bad
        steps:
          - checkout: none
          - bash: exit 1${job("AfterBad", "dependsOn: Bad")}${job("Asked", lines)}
`);

    expect(run.job("Asked").result).toBe(expected);
  });

  test("run beside each other where nothing is between them", async () => {
    const run = await runYaml(`
jobs:
  - job: One
    steps:
      - checkout: none
      - bash: ${meet("one", "two")}
  - job: Two
    steps:
      - checkout: none
      - bash: ${meet("two", "one")}
`);

    expect(run.outcome.result).toBe("succeeded");
  });

  test("pass outputs on, within a stage and beyond", async () => {
    const run = await runYaml(`
stages:
  - stage: First
    jobs:
      - job: Set
        steps:
          - checkout: none
          - bash: |
              echo "##vso[task.setvariable variable=word;isoutput=true]hello"
              echo "##vso[task.setvariable variable=own]mine"
            name: out
          - bash: echo "$(out.word) [$OUT_WORD] $OWN"
      - job: Get
        dependsOn: Set
        variables:
          - name: got
            value: $[ dependencies.Set.outputs['out.word'] ]
        steps:
          - checkout: none
          - bash: echo "same stage $(got)"
  - stage: Second
    condition: and(succeeded(), eq(dependencies.First.outputs['Set.out.word'], 'hello'))
    jobs:
      - job: Far
        variables:
          - name: got
            value: $[ stageDependencies.First.Set.outputs['out.word'] ]
        steps:
          - checkout: none
          - bash: echo "other stage $GOT"
  - stage: Third
    dependsOn: First
    condition: eq(dependencies.First.outputs['Set.out.word'], 'other')
    jobs:
      - job: Never
        steps:
          - checkout: none
          - bash: echo never
`);

    expect(run.lines).toEqual(["hello [hello] mine", "same stage hello", "other stage hello"]);
    expect(resultsOf(run)).toMatchObject({ First: "succeeded", Second: "succeeded", Third: "skipped" });
  });

  test("wait for the stage before them unless they say otherwise", async () => {
    const run = await runYaml(`
stages:
  - stage: Bad
    jobs:
      - job: J
        steps:
          - checkout: none
          - bash: exit 1
  - stage: After
    jobs:
      - job: J
        steps:
          - checkout: none
          - bash: echo after
  - stage: Free
    dependsOn: []
    jobs:
      - job: J
        steps:
          - checkout: none
          - bash: echo free
  - stage: Cleanup
    dependsOn: [Bad, After]
    condition: always()
    jobs:
      - job: J
        steps:
          - checkout: none
          - bash: echo cleanup
`);

    expect(resultsOf(run)).toEqual({
      Bad: "failed",
      "Bad.J": "failed",
      After: "skipped",
      Free: "succeeded",
      "Free.J": "succeeded",
      Cleanup: "succeeded",
      "Cleanup.J": "succeeded",
    });
    expect(run.outcome.result).toBe("failed");
  });

  test("run each leg of a matrix with its variables", async () => {
    const run = await runYaml(`
jobs:
  - job: M
    strategy:
      matrix:
        one:
          word: eins
        two:
          word: zwei
    steps:
      - checkout: none
      - bash: |
          echo "##vso[task.setvariable variable=w;isoutput=true]$WORD"
          echo "$(word)"
        name: s
  - job: After
    dependsOn: M
    variables:
      - name: both
        value: $[ join('+', split(format('{0},{1}', dependencies.M.outputs['one.s.w'], dependencies.M.outputs['two.s.w']), ',')) ]
    steps:
      - checkout: none
      - bash: echo $(both)
`);

    expect(run.lines).toEqual(["eins", "zwei", "eins+zwei"]);
  });
});

describe("variables of a stage", () => {
  test("name the outputs of the jobs of stages before it", async () => {
    const run = await runYaml(`
stages:
  - stage: A
    jobs:
      - job: J
        steps:
          - checkout: none
          - bash: echo "##vso[task.setvariable variable=x;isOutput=true]from A"
            name: s
  - stage: B
    displayName: B $(v)
    variables:
      v: $[ stageDependencies.A.J.outputs['s.x'] ]
    jobs:
      - job: J
        steps:
          - checkout: none
          - bash: echo "$(v)"
`);

    expect(run.lines).toEqual(["from A"]);
    expect(run.outcome.stages.map(({ title }) => title)).toEqual(["A", "B from A"]);
  });

  test("that cannot be evaluated fail their stage, and what depends on it does not run", async () => {
    const run = await runYaml(`
stages:
  - stage: A
    variables:
      v: $[ format('{9}', 'x') ]
    jobs:
      - job: J
        steps: [{ checkout: none }]
  - stage: B
    jobs:
      - job: J
        steps: [{ checkout: none }]
`);

    expect(resultsOf(run)).toEqual({ A: "failed", B: "skipped" });
    expect(run.events).toContainEqual(
      expect.objectContaining({ type: "finished", why: expect.stringMatching(/^The variable v cannot be/) }),
    );
  });
});

test("a variable of a job that cannot be evaluated fails the job and no other", async () => {
  const run = await runYaml(`
jobs:
  - job: A
    variables:
      v: $[ format('{9}', 'x') ]
    steps: [{ checkout: none }]
  - job: B
    steps: [{ checkout: none }]
`);

  expect(run.job("A").result).toBe("failed");
  expect(run.job("B").result).toBe("succeeded");
});

test("a job that may fail is told with the result that it counts with", async () => {
  const run = await runYaml(`
jobs:
  - job: J
    continueOnError: true
    steps:
      - checkout: none
      - bash: exit 1
`);

  const told = run.events.find(
    (event) => event.type === "finished" && event.at.job === "J" && !event.at.step,
  );
  expect(told).toMatchObject({ result: "succeededWithIssues" });
  expect(run.job("J").result).toBe("succeededWithIssues");
});

test("a skipped stage and a skipped job are told with their titles", async () => {
  const run = await runYaml(`
stages:
  - stage: A
    jobs:
      - job: J
        displayName: A job of many words
        condition: "false"
        steps: [{ checkout: none }]
  - stage: B
    displayName: A stage of many words
    condition: "false"
    jobs:
      - job: J
        steps: [{ checkout: none }]
`);

  const titles = run.events.flatMap((event) =>
    event.type === "finished" && event.result === "skipped" ? [event.title] : [],
  );
  expect(titles).toEqual(expect.arrayContaining(["A job of many words", "A stage of many words"]));
});

test("a matrix may be the output of another job", async () => {
  const run = await runYaml(`
jobs:
  - job: Give
    steps:
      - checkout: none
      - bash: echo "##vso[task.setvariable variable=legs;isOutput=true]{'a':{'v':'1'},'b':{'v':'2'}}"
        name: m
  - job: Take
    dependsOn: Give
    strategy:
      matrix: $[ dependencies.Give.outputs['m.legs'] ]
    steps:
      - checkout: none
      - bash: echo leg $(v)
  - job: Bad
    dependsOn: Give
    strategy:
      matrix: $[ dependencies.Give.outputs['m.nothing'] ]
    steps:
      - checkout: none
`);

  expect(run.lines).toEqual(["leg 1", "leg 2"]);
  expect(run.job("Bad").result).toBe("failed");
});

test("what programs see of the environment has the names that a step maps, and PATH as it was set", async () => {
  const run = await runYaml(`
steps:
  - checkout: none
  - bash: |
      echo "[$lower][$LOWER][$padded]"
      echo "##vso[task.setvariable variable=PATH]/somewhere:$PATH"
    env:
      lower: mapped
      padded: " text "
  - bash: echo "\${PATH%%:*}"
`);

  expect(run.lines).toEqual(["[mapped][][text]", "/somewhere"]);
});

test("a secret is in no tag and no number of a run", async () => {
  const run = await runYaml(
    `
variables:
  - group: g
steps:
  - checkout: none
  - bash: |
      echo "##vso[build.addbuildtag]tag-$S"
      echo "##vso[build.updatebuildnumber]number-$S"
    env:
      S: $(TOKEN)
`,
    { groups: { g: { TOKEN: { value: "planted", isSecret: true } } } },
  );

  expect(run.outcome).toMatchObject({ tags: ["tag-***"], number: "number-***" });
});

test("a logging command is obeyed behind output that is cut, and a failure by one is explained", async () => {
  const run = await runYaml(`
steps:
  - checkout: none
  - bash: |
      yes x | head -300000
      echo "##vso[task.setvariable variable=late]obeyed"
  - bash: |
      echo "late: $(late)"
      echo "##vso[task.complete result=Failed]"
`);

  expect(run.lines.slice(-2)).toEqual(["The output is cut here: a step may write 10 MB.", "late: obeyed"]);
  expect(run.events).toContainEqual(
    expect.objectContaining({ result: "failed", why: "A logging command in its output says so." }),
  );
});

test("what a step asks for again and again and is not emulated is told once for each step", async () => {
  const run = await runYaml(`
steps:
  - checkout: none
  - bash: for i in 1 2 3; do echo "##vso[task.settaskvariable variable=a]b"; done
  - bash: echo "##vso[task.settaskvariable variable=a]b"
`);

  expect(run.events.filter(({ type }) => type === "not emulated")).toHaveLength(2);
  expect(run.outcome.notEmulated).toHaveLength(1);
});

test("a log that cannot be written ends no run, and that is told once", async () => {
  const run = await runYaml(`
steps:
  - checkout: none
  - bash: |
      cd "$(Pipeline.Workspace)/../.."
      rm -r logs && touch logs
  - bash: echo goes on
`);

  expect(run.outcome.result).toBe("succeeded");
  expect(run.lines).toEqual([expect.stringMatching(/^From here on no log is kept: ENOTDIR/), "goes on"]);
});
