import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import type { Ask } from "../../../../lib/cli/ask.ts";
import type { CommandInput } from "../../../../lib/cli/command.ts";
import { runUpdate } from "../../../../lib/cli/commands/update.ts";
import type { Context } from "../../../../lib/cli/context.ts";
import { textReporter } from "../../../../lib/report/text-reporter.ts";
import { anAnswers } from "../../../support/an-answers.ts";
import { collectingOutput, type CollectingOutput } from "../../../support/collecting-output.ts";
import { isolateGit } from "../../../support/git-environment.ts";
import { git, olderRepository, olderTemplates } from "../../../support/older-repository.ts";
import { temporaryFolder, type TemporaryFolder } from "../../../support/temporary-folder.ts";
import { forgetAnswer, workIn } from "../../../support/updated-repository.ts";

const changed = "pipelines/ci_pipeline.yml";

beforeAll(isolateGit);

type Work = ReturnType<typeof workIn>;

/** A clone of a repository whose CI pipeline is older than the templates. */
async function aClone(folder: TemporaryFolder): Promise<Work> {
  const texts = { [changed]: (now: string) => `# an older line\n${now}` };
  const made = { templates: await olderTemplates({ texts }), answers: anAnswers() };
  await olderRepository(join(folder.path, "iris.git"), made);
  await git(folder.path, "clone", "--quiet", "iris.git", "iris");
  return workIn(join(folder.path, "iris"));
}

/** A person at a terminal who gives these replies, one for each time that something is asked. */
function aPerson(
  output: CollectingOutput,
  ...replies: readonly Readonly<Record<string, unknown>>[]
): { readonly ask: Ask; readonly seen: { readonly asked: string; readonly shown: string }[] } {
  const seen: { asked: string; shown: string }[] = [];
  const ask: Ask = (questions) => {
    seen.push({ asked: questions.map(({ name }) => name).join(), shown: output.text() });
    return Promise.resolve(replies[seen.length - 1] ?? {});
  };
  return { ask, seen };
}

function aContext(folder: string, output: CollectingOutput, ask: Ask | undefined): Context {
  return {
    cwd: folder,
    output,
    reporter: textReporter(output),
    json: false,
    ask,
    stop: new AbortController(),
    credential: undefined,
    environ: {},
    localFolder: join(folder, "local"),
  };
}

function anInput(...flags: readonly string[]): CommandInput {
  return { positionals: [], flags: new Set(flags), values: new Map() };
}

describe("runUpdate in a terminal", () => {
  test("shows the plan before it asks, and changes nothing without a yes", async () => {
    await using folder = await temporaryFolder();
    const work = await aClone(folder);
    const output = collectingOutput();
    const { ask, seen } = aPerson(output, { confirmed: false });

    await expect(runUpdate(anInput(), aContext(work.folder, output, ask))).rejects.toMatchObject({
      code: "EAC_CLI_DECLINED",
    });

    expect(seen).toEqual([{ asked: "confirmed", shown: expect.stringContaining(changed) }]);
    expect(work.git("status", "--porcelain")).toBe("");
  });

  test("updates with a yes, and says how to go on", async () => {
    await using folder = await temporaryFolder();
    const work = await aClone(folder);
    const output = collectingOutput();
    const { ask } = aPerson(output, { confirmed: true });

    const { exitCode } = await runUpdate(anInput(), aContext(work.folder, output, ask));

    expect(exitCode).toBe(0);
    expect(work.read(changed)).not.toContain("# an older line");
    expect(output.text()).toMatch(/Next steps[^]*diff HEAD[^]*commit --message[^]*--abort/);
  });

  test("asks a question that is new, with the others unasked, and takes the reply", async () => {
    await using folder = await temporaryFolder();
    const work = await aClone(folder);
    forgetAnswer(work, "maturity_level");
    work.commit();
    const output = collectingOutput();
    const { ask, seen } = aPerson(output, { maturity_level: 5 }, { confirmed: true });

    const { exitCode } = await runUpdate(anInput(), aContext(work.folder, output, ask));

    expect(exitCode).toBe(0);
    expect(seen.map(({ asked }) => asked)).toEqual(["maturity_level", "confirmed"]);
    expect(work.exists("pipelines/monitor_pipeline.yml")).toBe(true);
    expect(work.read(".eac-model/answers.yml")).toContain("maturity_level: 5");
  });

  test("asks nothing with --yes, nor where there is nothing to do, nor on a dry run", async () => {
    await using folder = await temporaryFolder();
    const work = await aClone(folder);
    const output = collectingOutput();
    const { ask, seen } = aPerson(output);
    const context = aContext(work.folder, output, ask);

    await runUpdate(anInput("dry-run"), context);
    await runUpdate(anInput("yes"), context);
    work.commit();
    await runUpdate(anInput(), context);

    expect(seen).toEqual([]);
    expect(output.text()).toContain("is up to date");
  });

  test("stops before it changes anything when it is told to", async () => {
    await using folder = await temporaryFolder();
    const work = await aClone(folder);
    const context = aContext(work.folder, collectingOutput(), undefined);
    context.stop.abort();

    await expect(runUpdate(anInput(), context)).rejects.toMatchObject({ code: "EAC_INTERRUPTED" });

    expect(work.git("status", "--porcelain")).toBe("");
  });
});
