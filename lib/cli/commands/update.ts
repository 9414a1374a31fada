import { resolve } from "node:path";
import { declined, wrongUsage } from "../../errors/catalogue/cli.ts";
import { interrupted } from "../../errors/catalogue/scaffold.ts";
import { exitCodes } from "../../errors/exit-codes.ts";
import { countVerdicts } from "../../update/count-verdicts.ts";
import type { Reporter } from "../../report/reporter.ts";
import { readState } from "../../update/read-state.ts";
import { entryValues } from "../../update/update-value.ts";
import { applyUpdate } from "../../update/working-tree/apply-update.ts";
import { lockUpdate, type UpdateLock } from "../../update/working-tree/lock.ts";
import type { ModelRepository } from "../../update/working-tree/model-repository.ts";
import { abortUpdate, recoverUpdate, refuseUnfinished } from "../../update/working-tree/recover-update.ts";
import { confirm } from "../ask.ts";
import type { CommandInput, CommandOutcome, RunCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { nextSteps } from "../update/next-steps.ts";
import { openModel, readyUpdate, type ReadyUpdate } from "../update/ready-update.ts";
import { showDiffs, showUpdatePlan } from "../update/show-update.ts";

/** Brings a repository to the newest templates, or to changed answers; loses nothing and commits nothing. */
export const runUpdate: RunCommand = async (input, context) => {
  const repository = await openModel(resolve(context.cwd, input.positionals[0] ?? "."));
  if (input.flags.has("abort")) return await abort(repository, input, context);
  if (input.flags.has("pr")) {
    const { openUpdateRequest } = await import("../update/open-update-request.ts");
    return await openUpdateRequest(repository, input, context);
  }
  if (input.flags.has("dry-run")) return await look(repository, input, context);
  await using lock = await lockUpdate(repository);
  return await update(lock, input, context);
};

/** The same verdicts and exit code as the real run, without a changed byte. */
async function look(
  repository: ModelRepository,
  input: CommandInput,
  context: Context,
): Promise<CommandOutcome> {
  await refuseUnfinished(repository);
  const ready = await readyUpdate(repository, input, context);
  showPlan(context, ready);
  await showDiffs(context.reporter, ready.planned.plan, context.output.useColour);
  return await outcomeOf(ready, { isDryRun: true });
}

async function update(lock: UpdateLock, input: CommandInput, context: Context): Promise<CommandOutcome> {
  const { reporter } = context;
  if ((await recoverUpdate(lock)) === "finished") return await finished(lock.repository, reporter);
  const ready = await readyUpdate(lock.repository, input, context);
  showPlan(context, ready);
  if (ready.hasChanges) {
    await requireConfirmation(input, context);
    await apply(lock, ready, context);
    reporter.report({ type: "section", title: "Next steps" });
    for (const step of nextSteps(ready.planned.plan, ready)) reporter.report(step);
  }
  return await outcomeOf(ready, { isDryRun: false });
}

/** What the interrupted run had shown and was told to do is done, and has to be committed before another update. */
async function finished({ folder }: ModelRepository, reporter: Reporter): Promise<CommandOutcome> {
  const { template, unresolved } = (await readState(folder)).manifest;
  reporter.report({
    type: "line",
    text: `An update to eac-model ${template.version} was interrupted; it is finished now.`,
  });
  for (const path of unresolved) reporter.report({ type: "warning", text: `${path} is in conflict.` });
  reporter.report({ type: "section", title: "Next steps" });
  for (const step of nextSteps({ entries: [] }, { folder, from: "", to: template.version }))
    reporter.report(step);
  return {
    exitCode: unresolved.length > 0 ? exitCodes.conflicts : exitCodes.done,
    value: { finished: true, folder, to: template.version, conflicts: unresolved },
  };
}

function showPlan({ reporter }: Context, ready: ReadyUpdate): void {
  if (ready.hasChanges) showUpdatePlan(reporter, ready);
  else reporter.report({ type: "line", text: `${ready.folder} is up to date with eac-model ${ready.to}.` });
}

/** Nothing is changed that git or --abort does not bring back, so without a terminal it needs no `--yes`. */
async function requireConfirmation(input: CommandInput, context: Context): Promise<void> {
  if (context.stop.signal.aborted) throw interrupted();
  if (input.flags.has("yes") || context.ask === undefined) return;
  if (!(await confirm(context.ask, "Apply this update?"))) throw declined();
}

async function apply(lock: UpdateLock, { planned }: ReadyUpdate, { reporter }: Context): Promise<void> {
  const started = performance.now();
  const step = { key: "update", action: "update", title: "files" } as const;
  reporter.report({ type: "step-started", ...step });
  const { written, deleted, conflicts } = await applyUpdate(lock, planned);
  const detail = `${written.length} written, ${deleted.length} deleted, ${conflicts.length} in conflict; nothing is committed`;
  reporter.report({ type: "step-finished", ...step, ms: performance.now() - started, detail });
}

async function outcomeOf(
  { folder, from, to, answers, planned, hasChanges }: ReadyUpdate,
  { isDryRun }: { readonly isDryRun: boolean },
): Promise<CommandOutcome> {
  const { plan, drift, leftBehind } = planned;
  const conflicts = plan.entries.filter(({ conflict }) => conflict !== undefined).map(({ path }) => path);
  const entries = await entryValues(plan, { withDiffs: isDryRun });
  return {
    exitCode: conflicts.length > 0 ? exitCodes.conflicts : exitCodes.done,
    value: {
      dryRun: isDryRun,
      folder,
      from,
      to,
      hasChanges,
      answers,
      verdicts: countVerdicts(plan.entries),
      conflicts,
      drift,
      leftBehind,
      entries,
    },
  };
}

async function abort(
  repository: ModelRepository,
  input: CommandInput,
  { reporter }: Context,
): Promise<CommandOutcome> {
  const others = [...input.flags, ...input.values.keys()].filter(
    (name) => !["abort", "json", "yes"].includes(name),
  );
  if (others.length > 0)
    throw wrongUsage(
      `--abort undoes the last update, and --${others.join(", --")} has no meaning for that.`,
      "Run eac-model update --abort alone.",
    );
  await using lock = await lockUpdate(repository);
  const { undone, kept } = await abortUpdate(lock);
  const text = `Undid the update: ${undone.length} ${undone.length === 1 ? "file is" : "files are"} as before.`;
  reporter.report({ type: "line", text });
  for (const path of kept)
    reporter.report({ type: "line", text: `  changed since, and left as it is: ${path}` });
  return { exitCode: exitCodes.done, value: { folder: repository.folder, undone, kept } };
}
