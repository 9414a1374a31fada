import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { runGit } from "../../../../../lib/git/run-git.ts";
import { isolateGit } from "../../../../support/git-environment.ts";
import { runYaml } from "../../../../support/run-yaml.ts";
import { temporaryFolder } from "../../../../support/temporary-folder.ts";

isolateGit();

const whys = ({ events }: Awaited<ReturnType<typeof runYaml>>): readonly string[] =>
  events.flatMap((event) => (event.type === "finished" ? (event.why ?? []) : []));

const publishTests = (file: string, inputs: string): string => `
steps:
  - checkout: none
  - bash: |
      mkdir -p out
      echo '${file}' > out/TEST-a.xml
  - task: PublishTestResults@2
    inputs:
      testResultsFiles: TEST-*.xml
      searchFolder: out
      testRunTitle: Mine
${inputs.replaceAll(/^/gm, "      ")}
`;

const publishCoverage = (text: string): string => `
steps:
  - checkout: none
  - bash: echo '${text}' > "$AGENT_TEMPDIRECTORY/coverage.xml"
  - task: PublishCodeCoverageResults@2
    inputs:
      summaryFileLocation: $(Agent.TempDirectory)/coverage.xml
      failIfCoverageEmpty: true
`;

const cached = (key: string): string => `
steps:
  - checkout: none
  - bash: echo content > list.txt
  - task: Cache@2
    inputs:
      key: '${key}'
      restoreKeys: v1
      path: $(Pipeline.Workspace)/.kept
      cacheHitVar: HIT
  - bash: |
      echo "$(HIT) $(cat ../.kept/file 2>/dev/null)"
      mkdir -p ../.kept && echo saved > ../.kept/file
`;

describe("a check-out", () => {
  test("is the commit of the run, clean, and cannot be pushed back", async () => {
    await using folder = await temporaryFolder();
    const git = (...words: readonly string[]): Promise<string> => runGit(folder.path, words);
    await git("init", "--quiet", "--initial-branch", "main");
    await writeFile(join(folder.path, "file.txt"), "first\n");
    await git("add", "--all");
    await git("commit", "--quiet", "--message", "First");
    const commit = (await git("rev-parse", "HEAD")).trim();
    await writeFile(join(folder.path, "file.txt"), "second\n");
    await git("commit", "--quiet", "--all", "--message", "Second");
    await writeFile(join(folder.path, "file.txt"), "not committed\n");

    const run = await runYaml(
      `
steps:
  - bash: |
      cat file.txt
      git rev-parse HEAD
      git push --quiet origin HEAD:refs/heads/stolen 2>/dev/null || echo refused
  - checkout: none
`.replace("  - checkout: none\n", ""),
      { source: { repository: folder.path, branch: "main", commit } },
    );

    expect(run.lines).toEqual([`HEAD is now at ${commit}.`, "first", commit, "refused"]);
    expect(await git("branch", "--list", "stolen")).toBe("");
  });

  test.each([
    ["", "3 "],
    ["fetchDepth: 0", "3 "],
    ["fetchDepth: 2", "2 "],
    ["fetchDepth: 1", "1 "],
    ["fetchTags: true", "3 v1"],
    ["{fetchDepth: 3, fetchTags: true}", "3 v1"],
  ])("with %j has as many commits, and the tags that it asks for", async (settings, expected) => {
    await using folder = await temporaryFolder();
    const git = (...words: readonly string[]): Promise<string> => runGit(folder.path, words);
    await git("init", "--quiet", "--initial-branch", "main");
    for (const message of ["First", "Second", "Third", "Tip"])
      await git("commit", "--quiet", "--allow-empty", "--message", message);
    await git("tag", "v1", "HEAD~3");
    const commit = (await git("rev-parse", "HEAD~1")).trim();
    const keys = settings.replaceAll(/[{}]/g, "").replaceAll(/(?:^|, )(?=\w)/g, "\n    ");

    const run = await runYaml(
      `
steps:
  - checkout: self${keys}
  - bash: echo "$(git rev-list --count HEAD) $(git tag)"
`,
      { source: { repository: folder.path, branch: "main", commit } },
    );

    expect(run.lines.at(-1)).toBe(expected);
  });

  test("of another repository is skipped and named", async () => {
    const run = await runYaml("steps:\n  - checkout: none\n  - checkout: templates\n");

    expect(run.outcome.notEmulated).toEqual(["the check-out of the repository templates"]);
  });
});

describe("test results", () => {
  const bad = `<testsuite><testcase name="a"/><testcase name="b"><failure/></testcase></testsuite>`;

  test("are told, and fail the step only where it says so", async () => {
    const lenient = await runYaml(publishTests(bad, "failTaskOnFailedTests: false"));
    const strict = await runYaml(publishTests(bad, "failTaskOnFailedTests: true"));

    expect(lenient.outcome.result).toBe("succeeded");
    expect(lenient.events).toContainEqual(
      expect.objectContaining({ type: "tests", title: "Mine", passed: 1, failed: 1, skipped: 0 }),
    );
    expect(whys(strict)).toContain("1 tests failed.");
  });

  test.each([
    ["true", "failed"],
    ["false", "succeeded"],
  ])("that are missing: failTaskOnMissingResultsFile %s is %s", async (setting, expected) => {
    const text = publishTests("x", `failTaskOnMissingResultsFile: ${setting}`).replace(
      "TEST-*.xml\n      search",
      "no-*.xml\n      search",
    );
    const run = await runYaml(text);

    expect(run.outcome.result).toBe(expected);
  });

  test("that are no JUnit file fail the step", async () => {
    const run = await runYaml(publishTests("<html/>", "mergeTestResults: true"));

    expect(whys(run)).toContain("TEST-a.xml is no JUnit file.");
  });
});

describe("coverage", () => {
  test("is told", async () => {
    const run = await runYaml(publishCoverage(`<coverage line-rate="0.875" lines-valid="8"/>`));

    expect(run.lines).toEqual(["coverage.xml: 87.5 % of the lines are covered."]);
  });

  test("of no line fails the step", async () => {
    const run = await runYaml(publishCoverage(`<coverage line-rate="0" lines-valid="0"/>`));

    expect(run.outcome.result).toBe("failed");
  });
});

test("a cache gives a later run the folder of its key, or of the beginning of one", async () => {
  await using folder = await temporaryFolder();
  const differences = {
    environ: { PATH: process.env["PATH"] ?? "", XDG_CACHE_HOME: folder.path },
    source: { repository: "/r", branch: "main", commit: "0".repeat(40) },
  };
  const last = async (key: string): Promise<string | undefined> =>
    (await runYaml(cached(key), differences)).lines.at(-1);

  expect(await last('v1 | "linux" | list.txt')).toBe("false ");
  expect(await last('v1 | "linux" | list.txt')).toBe("true saved");
  expect(await last('v1 | "mac" | list.txt')).toBe("inexact saved");
  expect(await last('v2 | "linux"')).toBe("inexact saved");
});

test("a cache is kept for its pipeline and branch, and a pull request reads that of its target", async () => {
  await using folder = await temporaryFolder();
  const environ = { PATH: process.env["PATH"] ?? "", XDG_CACHE_HOME: folder.path };
  const source = { repository: "/r", branch: "main", commit: "0".repeat(40) };
  const hit = async (pipeline: string, branch: string, target?: string): Promise<string | undefined> => {
    const variables = {
      "Build.DefinitionName": pipeline,
      "Build.SourceBranch": `refs/${branch}`,
      ...(target === undefined ? {} : { "System.PullRequest.TargetBranch": `refs/${target}` }),
    };
    return (await runYaml(cached('v1 | "linux"'), { environ, source, variables })).lines.at(-1);
  };

  expect(await hit("ci", "heads/develop")).toBe("false ");
  expect(await hit("ci", "heads/develop")).toBe("true saved");
  expect(await hit("pr", "heads/develop")).toBe("false ");
  expect(await hit("ci", "pull/1/merge", "heads/develop")).toBe("true saved");
  expect(await hit("ci", "pull/1/merge", "heads/main")).toBe("false ");
  expect(await hit("ci", "pull/1/merge", "heads/main")).toBe("true saved");
  expect(await hit("ci", "heads/main")).toBe("false ");
  expect(await hit("ci", "heads/feature")).toBe("true saved");
});

test("a cache keeps links as they are, and nothing that is no file", async () => {
  await using folder = await temporaryFolder();
  const text = `
steps:
  - checkout: none
  - task: Cache@2
    inputs:
      key: '"links"'
      path: c
  - bash: |
      cat c/short/file 2>/dev/null
      mkdir -p c/long && echo kept > c/long/file && ln -s long c/short && ln -s /etc/hostname c/absolute && mkfifo c/pipe
      readlink c/short c/absolute
      ls c
`;
  const environ = { PATH: process.env["PATH"] ?? "", HOME: folder.path };
  const source = { repository: "/the-same", branch: "main", commit: "0".repeat(40) };

  const first = await runYaml(text, { environ, source });
  const second = await runYaml(text.replace(/mkdir.*$/m, ""), { environ, source });

  expect(first.outcome.result).toBe("succeeded");
  expect(second.lines).toEqual([
    expect.stringMatching(/^Restored/),
    "kept",
    "long",
    "/etc/hostname",
    "absolute",
    "long",
    "short",
  ]);
});

test("an artifact has what its links lead to, and nothing that is no file", async () => {
  const run = await runYaml(`
jobs:
  - job: A
    steps:
      - checkout: none
      - bash: |
          mkdir -p p/d && echo real > p/d/f
          cd p && ln -s d/f link && ln -s d folder && ln -s /nowhere dangling && ln -s ../.. d/up && mkfifo pipe
          echo "##vso[artifact.upload artifactname=commanded]$PWD"
      - publish: p
        artifact: published
  - job: B
    dependsOn: A
    steps:
      - checkout: none
      - download: current
      - bash: cd "$(Pipeline.Workspace)" && find published commanded -type f | LC_ALL=C sort && cat published/link
`);

  const files = ["d/f", "folder/f", "link"];
  expect(run.lines.slice(-7)).toEqual([
    ...files.map((file) => `commanded/${file}`),
    ...files.map((file) => `published/${file}`),
    "real",
  ]);
});

test("an artifact that cannot be published is none", async () => {
  const run = await runYaml(`
steps:
  - checkout: none
  - bash: mkdir p && echo x > p/f && ln -s f p/a && mkdir -p "$(Pipeline.Workspace)/../../artifacts" && touch "$(Pipeline.Workspace)/../../artifacts/taken"
  - publish: p
    artifact: taken
`);

  expect(run.outcome.result).toBe("failed");
  expect(run.outcome.artifacts).toEqual({});
});

test("a Python script runs with its arguments", async () => {
  const run = await runYaml(`
steps:
  - checkout: none
  - task: PythonScript@0
    inputs:
      scriptSource: inline
      script: |
        import sys
        print(sys.argv[1:])
      pythonInterpreter: python3
      arguments: one "two three"
`);

  expect(run.lines).toEqual(["['one', 'two three']"]);
});

describe("AzureCLI", () => {
  const step = `
steps:
  - checkout: none
  - task: AzureCLI@2
    inputs:
      azureSubscription: x
      scriptType: bash
      scriptLocation: inlineScript
      inlineScript: az account show
`;

  test("runs where az is", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "az"), "#!/bin/sh\necho az $@\n", { mode: 0o755 });
    const run = await runYaml(step, { environ: { PATH: `${folder.path}:${process.env["PATH"] ?? ""}` } });

    expect(run.lines).toEqual(["az account show"]);
    expect(run.outcome.notEmulated).toEqual([expect.stringContaining("service connection")]);
  });

  test("is skipped and named where it is not", async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, "bin"));
    const run = await runYaml(step, { environ: { PATH: join(folder.path, "bin") } });

    expect(run.job("Job").steps.at(-1)?.result).toBe("skipped");
    expect(run.outcome.notEmulated).toEqual(["AzureCLI, because az is not on this machine"]);
  });
});

test("a manual validation asks whoever approves", async () => {
  const text = `
jobs:
  - job: Ask
    pool: server
    steps:
      - task: ManualValidation@1
        displayName: Look at the scores
        inputs:
          notifyUsers: ''
`;
  const asked: string[] = [];
  const run = await runYaml(text, {
    approve: ({ environment }) => {
      asked.push(environment);
      return Promise.resolve("rejected");
    },
  });

  expect(asked).toEqual(["Look at the scores"]);
  expect(run.outcome.result).toBe("failed");
});
