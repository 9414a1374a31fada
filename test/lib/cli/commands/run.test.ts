import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { createContext, type Context } from "../../../../lib/cli/context.ts";
import { runPipelines } from "../../../../lib/cli/commands/pipelines.ts";
import { runRun } from "../../../../lib/cli/commands/run.ts";
import type { CommandInput, CommandOutcome } from "../../../../lib/cli/command.ts";
import { interrupted } from "../../../../lib/errors/catalogue/scaffold.ts";
import { EacError } from "../../../../lib/errors/eac-error.ts";
import { runGit } from "../../../../lib/git/run-git.ts";
import { textReporter } from "../../../../lib/report/text-reporter.ts";
import { collectingOutput, type CollectingOutput } from "../../../support/collecting-output.ts";
import { isolateGit } from "../../../support/git-environment.ts";
import { temporaryFolder, type TemporaryFolder } from "../../../support/temporary-folder.ts";

isolateGit();

interface Repository extends AsyncDisposable {
  readonly folder: string;
  readonly output: CollectingOutput;
  run(
    words: readonly string[],
    differences?: Partial<Context>,
    values?: CommandInput["values"],
  ): Promise<CommandOutcome>;
  check(where?: string): Promise<CommandOutcome>;
}

function input(positionals: readonly string[]): CommandInput {
  return { positionals, flags: new Set(), values: new Map() };
}

/** A repository with one commit, and a context that leaves this machine alone. */
async function repositoryWith(
  files: Readonly<Record<string, string>>,
  options: { readonly isTerminal?: boolean } = {},
): Promise<Repository> {
  const parent: TemporaryFolder = await temporaryFolder();
  const folder = join(parent.path, "repository");
  await mkdir(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  await runGit(folder, ["init", "--quiet", "--initial-branch", "main"]);
  await runGit(folder, ["add", "--all"]);
  await runGit(folder, ["commit", "--quiet", "--allow-empty", "--message", "First"]);
  const output = collectingOutput(options);
  const context = (differences: Partial<Context>): Context => ({
    ...createContext(false),
    cwd: folder,
    output,
    reporter: textReporter(output),
    ask: undefined,
    environ: { PATH: process.env["PATH"] ?? "", HOME: parent.path },
    localFolder: join(parent.path, "local"),
    ...differences,
  });
  return {
    folder,
    output,
    run: (words, differences = {}, values = new Map()) =>
      runRun({ ...input(words), values }, context(differences)),
    check: (where = ".") => runPipelines(input(["check", where]), context({})),
    [Symbol.asyncDispose]: () => parent[Symbol.asyncDispose](),
  };
}

async function errorOf(work: Promise<unknown>): Promise<EacError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof EacError) return error;
  throw error;
}

const head = "trigger: none\npool: { vmImage: ubuntu-24.04 }\n";

const downloading = (step: string): string => `${head}
resources:
  pipelines:
    - pipeline: other
      source: \\models\\iris\\iris-train
jobs:
  - job: J
    steps:
      - checkout: none
${step}
`;

describe("a run that could only fail at its download", () => {
  test("is refused before it begins", async () => {
    await using repository = await repositoryWith({ "a.yml": downloading("      - download: other") });

    const error = await errorOf(repository.run(["a.yml"]));

    expect(error).toMatchObject({ code: "EAC_PIPELINES_RESOURCE_MISSING", exitCode: 6 });
    expect(error.message).toContain("no run of iris-train has succeeded on this machine");
    expect(repository.output.text()).toBe("");
  });

  test.each([
    ["has a condition", "      - download: other\n        condition: eq(variables['Build.Reason'], 'y')"],
    ["is not enabled", "      - download: other\n        enabled: false"],
    ["is another", "      - download: none"],
  ])("begins where the download %s", async (_why, step) => {
    await using repository = await repositoryWith({ "a.yml": downloading(step) });

    expect(await repository.run(["a.yml"])).toMatchObject({ exitCode: 0 });
  });
});

describe("a folder", () => {
  test.each([
    ["run", "nowhere"],
    ["run", "a.yml"],
    ["check", "nowhere"],
  ])("that is none is refused by %s %s", async (command, where) => {
    await using repository = await repositoryWith({ "a.yml": head });

    const error = await errorOf(
      command === "run" ? repository.run(["a.yml", where]) : repository.check(where),
    );

    expect(error).toMatchObject({ exitCode: 64, message: `${JSON.stringify(where)} is no folder.` });
  });

  test("without any pipeline has not been checked", async () => {
    await using repository = await repositoryWith({ "README.md": "x" });

    expect(await errorOf(repository.check())).toMatchObject({ code: "EAC_PIPELINES_NONE", exitCode: 6 });
  });
});

const waiting = `${head}
stages:
  - stage: Busy
    jobs:
      - job: J
        steps:
          - checkout: none
          - bash: sleep 60
  - stage: Asks
    dependsOn: []
    jobs:
      - deployment: D
        environment: prod
        strategy:
          runOnce:
            deploy:
              steps:
                - bash: echo deployed
`;

describe("a question", () => {
  test("that is answered with Ctrl-C cancels the run, with all that goes on beside it", async () => {
    await using repository = await repositoryWith({ "a.yml": waiting });

    const outcome = await repository.run(["a.yml"], { ask: () => Promise.reject(interrupted()) });

    expect(outcome).toMatchObject({ exitCode: 130, value: { result: "canceled" } });
    expect(repository.output.text()).toContain("Ctrl-C again ends them at once.");
  });

  test("is not drawn over by what goes on beside it", async () => {
    const quick = waiting.replace("sleep 60", "sleep 0.3");
    await using repository = await repositoryWith({ "a.yml": quick }, { isTerminal: true });
    let drawn = "";

    const outcome = await repository.run(["a.yml"], {
      ask: async () => {
        const before = repository.output.text();
        await new Promise((resolve) => void setTimeout(resolve, 1500));
        drawn = repository.output.text().slice(before.length);
        return { confirmed: true };
      },
    });

    expect(outcome.exitCode).toBe(0);
    expect(drawn).toBe("");
  });
});

/** The lines of a terminal when all that is drawn again has taken its place. */
function screenOf(text: string): readonly string[] {
  const escape = String.fromCodePoint(27);
  const lines: string[] = [];
  for (const picture of text.split(`${escape}[0J`)) {
    const [drawn = "", up = "0"] = picture.split(new RegExp(String.raw`${escape}\[(\d+)A$`));
    lines.push(...drawn.split("\n").slice(0, -1));
    lines.length -= Number(up);
  }
  return lines;
}

test("an approval that was given beforehand leaves the screen as it is", async () => {
  const quick = waiting.replace("sleep 60", "true");
  await using repository = await repositoryWith({ "a.yml": quick }, { isTerminal: true });

  await repository.run(["a.yml"], {}, new Map([["approve", ["all"]]]));

  const shown = screenOf(repository.output.text());
  expect(shown.filter((line) => line.includes("Asks"))).toEqual(["  ✓ Asks"]);
});

test("a stage that does not run is shown with its title", async () => {
  const text = `${head}
stages:
  - stage: A
    displayName: The words of the stage
    condition: false
    jobs:
      - job: J
        steps: [{ checkout: none }]
`;
  await using plain = await repositoryWith({ "a.yml": text });
  await using live = await repositoryWith({ "a.yml": text }, { isTerminal: true });

  await plain.run(["a.yml"]);
  await live.run(["a.yml"]);

  expect(plain.output.text()).toContain("[A] skipped: The words of the stage\n");
  expect(live.output.text()).toContain("- The words of the stage\n");
});
