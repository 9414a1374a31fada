import { wrongUsage } from "../../errors/catalogue/cli.ts";
import { EacError } from "../../errors/eac-error.ts";
import { exitCodes } from "../../errors/exit-codes.ts";
import { cacheFolder } from "../../pipelines/run/cache-folder.ts";
import { endAllPrograms } from "../../pipelines/run/programs.ts";
import { runPipeline } from "../../pipelines/run/run-pipeline.ts";
import type { RunEvent, RunOutcome, RunRequest } from "../../pipelines/run/run-types.ts";
import type { Ask } from "../ask.ts";
import type { CommandInput, CommandOutcome, RunCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { existingFolder } from "../existing-folder.ts";
import { approvals } from "../pipelines/approvals.ts";
import { findPipeline, type FoundPipeline } from "../pipelines/find-pipeline.ts";
import { groupsForRun } from "../pipelines/groups-for-run.ts";
import { machineEnviron } from "../pipelines/machine-environ.ts";
import {
  compileTimeVariables,
  readModel,
  readParameterOptions,
  readResources,
  readSource,
  type Source,
} from "../pipelines/prepare-run.ts";
import { describeRepositories, findRepositories } from "../pipelines/pipeline-files.ts";
import { readModelAnswers } from "../pipelines/read-model-answers.ts";
import { requireResources } from "../pipelines/require-resources.ts";
import { RunStore } from "../pipelines/run-store.ts";
import { showRunSummary } from "../pipelines/show-run-summary.ts";
import { LiveView, plainView, type RunView } from "../pipelines/show-run.ts";

/** Runs a pipeline of a repository on this machine. */
export const runRun: RunCommand = async (input, context) => {
  const [word, where = "."] = input.positionals;
  if (word === undefined)
    throw wrongUsage("eac-model run: a pipeline is missing.", "Use eac-model run ci, or name a file.");
  const folder = existingFolder(context.cwd, where);
  const answers = readModelAnswers(folder);
  const pipeline = findPipeline(word, folder, answers);
  const source = await readSource(folder);
  const parameters = readParameterOptions(input.values.get("parameter") ?? []);
  const given = input.values.get("repository") ?? [];
  const repositories = await findRepositories(given, { cwd: context.cwd, answers });
  const model = readModel({ folder, pipeline, parameters, source, repositories });
  const environ = machineEnviron(context.environ);
  const store = new RunStore(cacheFolder(environ), source.repository);
  const resources = readResources(model, answers, store);
  requireResources(model, answers, resources.artifactsOf);
  const groups = await groupsForRun({ folder, answers, model }, context);
  const begun = store.begin();
  const variables = {
    ...compileTimeVariables(source, pipeline),
    ...resources.variables,
    "Build.BuildId": String(begun.id),
    "Build.BuildNumber": String(begun.id),
  };
  const prepared = { model, source, variables, groups, environ, artifactsOf: resources.artifactsOf };
  introduce(context, pipeline, source);
  for (const text of describeRepositories(folder, pipeline.file, repositories))
    context.reporter.report({ type: "line", text });
  const { outcome, tests } = await execute(input, context, { ...prepared, folder: begun.folder });
  const record = { id: begun.id, number: outcome.number, pipeline: pipeline.name };
  store.finish({ ...record, branch: source.branch, commit: source.commit, result: outcome.result });
  return finish(context, { pipeline: pipeline.name, run: begun.id, folder: begun.folder, outcome, tests });
};

type Prepared = Omit<RunRequest, "approve" | "report" | "signal">;
type TestsEvent = Extract<RunEvent, { readonly type: "tests" }>;

async function execute(
  input: CommandInput,
  context: Context,
  prepared: Prepared,
): Promise<{ readonly outcome: RunOutcome; readonly tests: readonly TestsEvent[] }> {
  const tests: TestsEvent[] = [];
  const view = viewOf(context);
  const approved = (input.values.get("approve") ?? []).flatMap((text) => text.split(","));
  const warn = (text: string): void => context.reporter.report({ type: "warning", text });
  const { ask } = context;
  const asking = ask === undefined ? context : { ...context, ask: askWith(view, context, ask) };
  const approve = approvals({ approved, context: asking, warn });
  const { signal } = context.stop;
  const canceled = (): void => {
    view.say("Canceled: steps that run in any case have their time; Ctrl-C again ends them at once.");
    process.once("SIGINT", endAllPrograms);
  };
  signal.addEventListener("abort", canceled, { once: true });
  try {
    const outcome = await runPipeline({
      ...prepared,
      signal,
      approve,
      report: (event) => {
        if (event.type === "tests") tests.push(event);
        view.take(event);
      },
    });
    return { outcome, tests };
  } finally {
    view.end();
    signal.removeEventListener("abort", canceled);
    process.off("SIGINT", endAllPrograms);
  }
}

/** Asks while the view rests; Ctrl-C at a question reaches the question only, and cancels the run from here. */
function askWith(view: RunView, { stop }: Context, ask: Ask): Ask {
  return async (questions) => {
    view.pause();
    try {
      return await ask(questions);
    } catch (error) {
      if (!(error instanceof EacError) || error.exitCode !== exitCodes.interrupted) throw error;
      stop.abort();
      return {};
    } finally {
      view.resume();
    }
  };
}

const silentView: RunView = {
  take: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
  say: () => undefined,
  end: () => undefined,
};

function viewOf({ json, output }: Context): RunView {
  if (json) return silentView;
  return output.isTerminal ? new LiveView(output, terminalSize) : plainView(output);
}

/** Terminals that do not know their size say 0. */
function terminalSize(): { readonly width: number; readonly height: number } {
  return { width: process.stdout.columns || 80, height: process.stdout.rows || 24 };
}

function introduce({ reporter }: Context, pipeline: FoundPipeline, source: Source): void {
  const text = `${pipeline.name} at ${source.branch} ${source.commit.slice(0, 8)}`;
  reporter.report({ type: "line", text });
  if (!source.hasChanges) return;
  const warning =
    "There are changes that are not committed: pipeline files are read with them, and all else is that of the last commit.";
  reporter.report({ type: "warning", text: warning });
}

function finish(
  context: Context,
  ended: {
    readonly pipeline: string;
    readonly run: number;
    readonly folder: string;
    readonly outcome: RunOutcome;
    readonly tests: readonly TestsEvent[];
  },
): CommandOutcome {
  const { outcome, tests, ...rest } = ended;
  showRunSummary(context.reporter, { ...rest, outcome, tests });
  const isGood = outcome.result === "succeeded" || outcome.result === "succeededWithIssues";
  const exitCode = isGood ? exitCodes.done : exitCodes.runFailed;
  const shown = tests.map(({ type: _type, ...counts }) => counts);
  return {
    exitCode: context.stop.signal.aborted ? exitCodes.interrupted : exitCode,
    value: { ...rest, ...outcome, tests: shown },
  };
}
