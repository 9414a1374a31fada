import { resolve } from "node:path";
import type { Answers } from "../../answers/answers.ts";
import { deriveNames } from "../../answers/derived-names.ts";
import { declined } from "../../errors/catalogue/cli.ts";
import { exitCodes } from "../../errors/exit-codes.ts";
import { collectAnswers } from "../../scaffold/collect-answers.ts";
import {
  describeAnswers,
  formatTree,
  scaffoldValue,
  summarizeTree,
} from "../../scaffold/describe-scaffold.ts";
import type { ScaffoldPlan } from "../../scaffold/plan-scaffold.ts";
import { prepareScaffold, type PreparedScaffold } from "../../scaffold/prepare-scaffold.ts";
import { shellWord } from "../../report/shell-word.ts";
import { writeRepository } from "../../scaffold/write-repository.ts";
import { confirm } from "../ask.ts";
import { optionValue, type CommandInput, type RunCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { organizationAnswers } from "../organization-answers.ts";
import { wantsProvisioning } from "../wants-provisioning.ts";

/** Makes a model repository, and provisions it when an organisation is named. */
export const runInit: RunCommand = async (input, context) => {
  const answers = await collectAnswers({
    fixed: organizationAnswers(input),
    set: input.values.get("set") ?? [],
    answersFile: resolveFrom(context, optionValue(input, "answers")),
    ask: context.ask,
  });
  const folder = resolve(context.cwd, input.positionals[0] ?? deriveNames(answers).repository);
  const prepared = await prepareScaffold(answers, folder);
  const isDryRun = input.flags.has("dry-run");
  showPlan(context, answers, { plan: prepared.plan, isDryRun });
  const value = { dryRun: isDryRun, answers, scaffold: scaffoldValue(prepared.plan) };
  if (wantsProvisioning(input, answers)) {
    const { provisionRepository } = await import("./provision.ts");
    const outcome = await provisionRepository(input, context, {
      answers,
      folder,
      prepare: () => write(prepared, context),
    });
    return { exitCode: outcome.exitCode, value: { ...value, provision: outcome.value } };
  }
  if (!isDryRun) {
    await requireConfirmation(input, context, prepared.plan);
    await write(prepared, context);
  }
  showNextSteps(context, answers, prepared.plan);
  return { exitCode: exitCodes.done, value };
};

async function write({ plan, target }: PreparedScaffold, context: Context): Promise<void> {
  const { reporter, stop } = context;
  if (plan.action === "keep") {
    reporter.report({
      type: "line",
      text: `${plan.folder} was made from these answers already; nothing to do.`,
    });
    return;
  }
  const started = performance.now();
  const step = { key: "repository", action: "create", title: `repository in ${plan.folder}` } as const;
  reporter.report({ type: "step-started", ...step });
  await writeRepository(plan, { signal: stop.signal, hasGitFolder: target.hasGitFolder });
  const detail = `${plan.files.length} files, one commit on ${plan.branch}`;
  reporter.report({ type: "step-finished", ...step, ms: performance.now() - started, detail });
}

/** A new folder harms nobody, so without a terminal it needs no `--yes`; changes in Azure DevOps do. */
async function requireConfirmation(input: CommandInput, context: Context, plan: ScaffoldPlan): Promise<void> {
  if (plan.action === "keep" || input.flags.has("yes") || context.ask === undefined) return;
  if (!(await confirm(context.ask, `Write ${plan.folder}?`))) throw declined();
}

function showPlan(
  context: Context,
  answers: Answers,
  shown: { readonly plan: ScaffoldPlan; readonly isDryRun: boolean },
): void {
  const { reporter } = context;
  const { plan, isDryRun } = shown;
  if (plan.action === "keep" && !isDryRun) return;
  reporter.report({ type: "section", title: `Repository ${plan.folder}` });
  for (const [name, value] of describeAnswers(answers))
    reporter.report({ type: "line", text: `  ${name.padEnd(15)} ${value}` });
  reporter.report({ type: "line", text: "" });
  const lines = isDryRun ? formatTree(plan.files) : summarizeTree(plan.files);
  for (const line of lines) reporter.report({ type: "line", text: `  ${line}` });
  reporter.report({ type: "line", text: `\nPlan: ${planSentence(plan)}` });
}

function planSentence({ action, files, branch }: ScaffoldPlan): string {
  if (action === "keep") return "nothing to do, the repository was made from these answers.";
  const where = action === "create" ? "in a new folder" : "in the existing folder";
  return `${files.length} files to write ${where}, 1 commit on ${branch}.`;
}

function showNextSteps(context: Context, answers: Answers, plan: ScaffoldPlan): void {
  const { reporter } = context;
  const folder = shellWord(plan.folder);
  const organisation = answers.azure_devops.organization_url || "https://dev.azure.com/<organisation>";
  reporter.report({ type: "section", title: "Next steps" });
  reporter.report({
    type: "next-step",
    text: "Run the model's own tests:",
    command: `cd ${folder} && python src/scripts/run_tests.py`,
  });
  reporter.report({
    type: "next-step",
    text: "Set it up in Azure DevOps:",
    command: `eac-model provision ${folder} --org ${organisation}`,
  });
}

function resolveFrom(context: Context, path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(context.cwd, path);
}
