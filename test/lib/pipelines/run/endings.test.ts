import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { runYaml } from "../../../support/run-yaml.ts";

/** Whether any process has the word in its command line. */
function isRunning(word: string): boolean {
  return execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).includes(`sleep ${word}`);
}

/** A number of seconds that no other process sleeps. */
function uniqueSeconds(): string {
  return `1000.${Number.parseInt(randomUUID().slice(0, 8), 16)}`;
}

describe("a step that hangs", () => {
  test("ends at its own time limit, and later steps run", async () => {
    const seconds = uniqueSeconds();
    const run = await runYaml(`
steps:
  - checkout: none
  - bash: sleep ${seconds}
    timeoutInMinutes: 0.01
  - bash: echo after
    condition: always()
`);

    expect(run.job("Job").steps.map(({ result }) => result)).toEqual(["succeeded", "failed", "succeeded"]);
    expect(run.events).toContainEqual(expect.objectContaining({ why: "It ran longer than 0.01 minutes." }));
    expect(isRunning(seconds)).toBe(false);
  });

  test("ends at the time limit of its job, which is canceled, and the run has failed", async () => {
    const seconds = uniqueSeconds();
    const run = await runYaml(`
jobs:
  - job: J
    timeoutInMinutes: 0.01
    steps:
      - checkout: none
      - bash: trap '' TERM; sleep ${seconds} & wait; sleep ${seconds}
      - bash: echo never
      - bash: echo last
        condition: always()
`);

    expect(run.lines).toEqual(["last"]);
    expect(run.job("J").result).toBe("canceled");
    expect(run.outcome.result).toBe("failed");
    expect(isRunning(seconds)).toBe(false);
  });
});

describe("a run that is canceled", () => {
  test("leaves no process, whatever its steps started, and starts nothing more", async () => {
    const seconds = uniqueSeconds();
    const stop = new AbortController();
    const run = await runYaml(
      `
stages:
  - stage: A
    jobs:
      - job: J
        steps:
          - checkout: none
          - bash: |
              setsid sleep ${seconds} &
              echo ready
              sleep ${seconds}
          - bash: echo never
  - stage: B
    condition: always()
    jobs:
      - job: J
        steps:
          - checkout: none
          - bash: echo never
`,
      {
        signal: stop.signal,
        report: (event) => {
          if (event.type === "line" && event.text === "ready") stop.abort();
        },
      },
    );

    expect(run.outcome.result).toBe("canceled");
    expect(run.outcome.stages.map(({ result }) => result)).toEqual(["canceled", "canceled"]);
    expect(isRunning(seconds)).toBe(false);
  });
});

test("what a step leaves in the background runs until its job ends, and not longer", async () => {
  const seconds = uniqueSeconds();
  const run = await runYaml(`
steps:
  - checkout: none
  - bash: sleep ${seconds} & echo started
  - bash: ps -eo args | grep -c "^sleep ${seconds}"
`);

  expect(run.lines).toEqual(["started", "1"]);
  expect(isRunning(seconds)).toBe(false);
});

test("output without an end is cut with a notice, and the step goes on", async () => {
  const run = await runYaml(`
steps:
  - checkout: none
  - bash: head -c 30000000 /dev/zero | tr '\\\\0' 'x'; echo; yes | head -n 3000000; echo "##vso[task.setvariable variable=a]1"
  - bash: echo on
`);

  expect(run.lines.join("").length).toBeLessThan(11_000_000);
  expect(run.lines).toContain("The output is cut here: a step may write 10 MB.");
  expect(run.lines.at(-1)).toBe("on");
});

test("a step is tried again as often as it says", async () => {
  const run = await runYaml(`
steps:
  - checkout: none
  - bash: echo x >> tries; test $(wc -l < tries) -ge 2
    retryCountOnTaskFailure: 2
  - bash: wc -l < tries
`);

  expect(run.outcome.result).toBe("succeeded");
  expect(run.lines.at(-1)?.trim()).toBe("2");
});

test("a text full of shell characters is a text", async () => {
  const branch = `x';touch hacked;$(touch hacked)\`touch hacked\``;
  const run = await runYaml(
    `
steps:
  - checkout: none
  - bash: echo "$BUILD_SOURCEBRANCH" && ls
`,
    { source: { repository: "/nowhere", branch, commit: "0".repeat(40) } },
  );

  expect(run.lines).toEqual([`refs/heads/${branch}`]);
});

test("a time limit beyond what a timer counts is no limit that has passed", async () => {
  const run = await runYaml(`
jobs:
  - job: J
    timeoutInMinutes: 40000
    steps:
      - checkout: none
      - bash: echo fine
        timeoutInMinutes: 90000
`);

  expect(run.outcome.result).toBe("succeeded");
});

test("a job that waits for its turn when the run is canceled does not begin, not even what always runs", async () => {
  const stop = new AbortController();
  const jobs = Array.from(
    { length: 12 },
    (_, index) => `
  - job: J${index}
    steps:
      - checkout: none
      - bash: sleep 30
      - bash: echo last
        condition: always()`,
  );
  const run = await runYaml(`jobs:${jobs.join("")}`, {
    signal: stop.signal,
    report: (event) => {
      if (event.type === "started" && event.at.step === 2) stop.abort();
    },
  });

  const begun = run.outcome.stages.flatMap((stage) => stage.jobs).filter(({ steps }) => steps.length > 0);
  expect(run.outcome.result).toBe("canceled");
  expect(begun.length).toBeLessThanOrEqual(4);
});

test("a question that nobody answers ends with the time of its step", async () => {
  const run = await runYaml(
    `
jobs:
  - job: J
    pool: server
    steps:
      - task: ManualValidation@1
        timeoutInMinutes: 0.005
`,
    { approve: () => new Promise(() => undefined) },
  );

  expect(run.job("J").steps).toMatchObject([{ result: "failed" }]);
});

test("each leg of a matrix has the time of the job for itself, and the end of a late one names it", async () => {
  const run = await runYaml(`
jobs:
  - job: J
    timeoutInMinutes: 0.05
    strategy:
      matrix:
        first: { seconds: 1.2 }
        second: { seconds: 1.2 }
        late: { seconds: 30 }
        last: { seconds: 1.2 }
    steps:
      - checkout: none
      - bash: sleep $(seconds) && echo done
`);

  expect(run.lines).toEqual(["done", "done", "done"]);
  expect(run.job("J").result).toBe("canceled");
  expect(run.events).toContainEqual(
    expect.objectContaining({ type: "finished", why: "late: It ran longer than 0.05 minutes." }),
  );
});
