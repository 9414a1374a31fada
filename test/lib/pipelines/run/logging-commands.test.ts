import { describe, expect, test } from "@jest/globals";
import { runYaml, type YamlRun } from "../../../support/run-yaml.ts";

const steps = (first: string, second = "true"): string => `
steps:
  - checkout: none
  - bash: |
${first.replaceAll(/^/gm, "      ")}
    name: first
  - bash: |
${second.replaceAll(/^/gm, "      ")}
    condition: always()
`;

/** Makes a folder with a program that says its name, and puts it before those of PATH. */
const tool = (folder: string): string =>
  `mkdir ${folder}; printf "#!/bin/sh\\necho ${folder}" > ${folder}/own-tool; chmod +x ${folder}/own-tool; echo "##vso[task.prependpath]$PWD/${folder}"`;

const firstStep = (run: YamlRun): string | undefined => run.job("Job").steps[1]?.result;

describe("a logging command", () => {
  test("makes a secret that is hidden from then on, and is not exported", async () => {
    const run = await runYaml(
      steps(
        'echo "##vso[task.setvariable variable=key;issecret=true]s3cr3t!"',
        'echo "[$KEY] $(key) s3cr3t!"',
      ),
    );

    expect(run.lines).toEqual(["[] *** ***"]);
  });

  test("makes a secret that is hidden in issues, titles and reasons as well", async () => {
    const run = await runYaml(`
steps:
  - checkout: none
  - bash: echo "##vso[task.setvariable variable=key;issecret=true]s3cr3t"
  - bash: |
      echo "##vso[task.logissue type=error]bad s3cr3t"
      echo "##vso[task.uploadsummary]/no/s3cr3t"
    displayName: With $(key)
  - bash: echo x
    workingDirectory: $(key)
    condition: always()
`);

    expect(run.lines).toContain("bad ***");
    expect(JSON.stringify([run.events, run.outcome])).not.toContain("s3cr3t");
    expect(run.events).toContainEqual(expect.objectContaining({ title: "With ***" }));
  });

  test("hides a value that is no variable", async () => {
    const run = await runYaml(steps('echo "##vso[task.setsecret]hidden-one"\necho hidden-one'));

    expect(run.lines).toEqual(["***"]);
  });

  test.each([
    ["a secret of several lines", "##vso[task.setvariable variable=a;issecret=true]1%0A2", "several lines"],
    ["no name", "##vso[task.setvariable]x", "names no variable"],
    ["no such result", "##vso[task.complete result=Great]", "no result"],
    ["a result in other letters", "##vso[task.complete result=succeeded]", "no result"],
    ["a result that is left out", "##vso[task.complete]done", "names no result"],
    ["an issue of no kind", "##vso[task.logissue type=fatal]x", "error or warning"],
    ["a summary that is not there", "##vso[task.uploadsummary]/nowhere/file.md", "ENOENT"],
    [
      "an artifact with a path as its name",
      "##vso[artifact.upload artifactname=../x]/etc/hosts",
      "no name for an artifact",
    ],
  ])("with %s is an error and fails the step", async (_what, command, reason) => {
    const run = await runYaml(steps(`echo "${command}"`));

    expect(firstStep(run)).toBe("failed");
    expect(run.lines.join("\n")).toContain(reason);
  });

  test("cannot write to a variable that is read-only", async () => {
    const run = await runYaml(`
variables:
  - name: fixed
    value: old
    readonly: true
${steps('echo "##vso[task.setvariable variable=fixed]new"', "echo $(fixed)")}`);

    expect(firstStep(run)).toBe("failed");
    expect(run.lines.at(-1)).toBe("old");
  });

  test("that nobody knows is a warning", async () => {
    const run = await runYaml(steps('echo "##vso[task.unheard of=1]x"'));

    expect(firstStep(run)).toBe("succeeded");
    expect(run.events).toContainEqual(expect.objectContaining({ type: "issue", kind: "warning" }));
  });

  test.each([
    ["Failed", "exit 0", "failed"],
    ["SucceededWithIssues", "exit 0", "succeededWithIssues"],
    ["Succeeded", "exit 1", "failed"],
  ])("completes with %s where the script says %s, and the step has %s", async (result, end, expected) => {
    const run = await runYaml(steps(`echo "##vso[task.complete result=${result}]"\n${end}`));

    expect(firstStep(run)).toBe(expected);
  });

  test("tells an issue by its other name", async () => {
    const run = await runYaml(steps('echo "##vso[task.issue type=error]odd"'));

    expect(run.events).toContainEqual(expect.objectContaining({ kind: "error", message: "odd" }));
  });

  test("tells an issue with its place", async () => {
    const run = await runYaml(
      steps('echo "##vso[task.logissue type=warning;sourcepath=src/a.py;linenumber=3;code=W1]odd"'),
    );

    expect(run.events).toContainEqual(
      expect.objectContaining({ type: "issue", kind: "warning", message: "src/a.py:3: odd (W1)" }),
    );
  });

  test("puts a folder before those of PATH", async () => {
    const run = await runYaml(
      steps(
        'mkdir bin; printf "#!/bin/sh\\necho found" > bin/own-tool; chmod +x bin/own-tool; echo "##vso[task.prependpath]$PWD/bin"',
        "own-tool",
      ),
    );

    expect(run.lines).toEqual(["found"]);
  });

  test("puts the last folder first", async () => {
    const run = await runYaml(steps(`${tool("first")}\n${tool("second")}`, "own-tool"));

    expect(run.lines).toEqual(["second"]);
  });

  test("tags and numbers the run", async () => {
    const run = await runYaml(
      steps(
        'echo "##vso[build.addbuildtag]nightly"\necho "##vso[build.updatebuildnumber]1.2.3"',
        "echo $(Build.BuildNumber)",
      ),
    );

    expect(run.outcome).toMatchObject({ tags: ["nightly"], number: "1.2.3" });
    expect(run.lines).toEqual(["1.2.3"]);
  });

  test("collects files in an artifact", async () => {
    const run = await runYaml(
      steps('echo a > a.txt; echo "##vso[artifact.upload artifactname=kept]$PWD/a.txt"', "true"),
    );

    expect(Object.keys(run.outcome.artifacts)).toEqual(["kept"]);
  });
});
