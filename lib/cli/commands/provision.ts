import { resolve } from "node:path";
import type { Answers } from "../../answers/answers.ts";
import { mergeAnswers } from "../../answers/merge-answers.ts";
import { parseAnswers } from "../../answers/parse-answers.ts";
import { notAModelRepository } from "../../errors/catalogue/cli.ts";
import { exitCodes } from "../../errors/exit-codes.ts";
import { provision } from "../../provision/provision.ts";
import { readFolderAnswers } from "../../update/read-folder-answers.ts";
import type { CommandInput, CommandOutcome, RunCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { findOrganization } from "../find-organization.ts";
import { organizationAnswers } from "../organization-answers.ts";
import { requireConfirmation } from "../require-confirmation.ts";
import { showOutcome, showPlan } from "../show-provision.ts";

/** Creates or repairs what the repository needs in Azure DevOps. */
export const runProvision: RunCommand = async (input, context) => {
  const folder = resolve(context.cwd, input.positionals[0] ?? ".");
  const stored = readFolderAnswers(folder);
  if (stored === undefined) throw notAModelRepository(folder);
  const { templatesVersion } = stored;
  const answers = parseAnswers(mergeAnswers([stored.answers, organizationAnswers(input)]));
  return await provisionRepository(input, context, { answers, folder, templatesVersion, prepare: standing });
};

/** The folder is there already. */
function standing(): Promise<void> {
  return Promise.resolve();
}

/** A model repository that stands, or that `prepare` writes when the remote side is known to be ready for it. */
export interface ProvisionTarget {
  readonly answers: Answers;
  readonly folder: string;
  /** Absent for a repository that is made now. */
  readonly templatesVersion?: string | undefined;
  readonly prepare: () => Promise<void>;
}

/**
 * Reads and plans, asks, prepares the folder, and applies; the part that init shares.
 * A token that is refused or a repository that is in the way stops everything before a single file is written.
 */
export async function provisionRepository(
  input: CommandInput,
  context: Context,
  target: ProvisionTarget,
): Promise<CommandOutcome> {
  const { answers, folder } = target;
  const planOnly = input.flags.has("plan") || input.flags.has("dry-run");
  const { organizationUrl, credential } = await findOrganization(
    input,
    context,
    answers.azure_devops.organization_url,
  );
  const outcome = await provision({
    answers,
    folder,
    templatesVersion: target.templatesVersion,
    organizationUrl,
    credential,
    reporter: context.reporter,
    signal: context.stop.signal,
    planOnly,
    confirm: async (plan) => {
      showPlan(context.reporter, plan, organizationUrl);
      await requireConfirmation(input, context, "Provisioning");
      context.reporter.report({ type: "section", title: "Provisioning" });
      await target.prepare();
    },
  });
  if (planOnly) showPlan(context.reporter, outcome.plan, organizationUrl);
  else if (!outcome.applied) await target.prepare();
  showOutcome(context.reporter, outcome, planOnly);
  return { exitCode: exitCodes.done, value: { organizationUrl, ...outcome } };
}
