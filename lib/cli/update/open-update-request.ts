import { resolve } from "node:path";
import type { Answers } from "../../answers/answers.ts";
import { deriveNames } from "../../answers/derived-names.ts";
import { mergeAnswers } from "../../answers/merge-answers.ts";
import { parseAnswers } from "../../answers/parse-answers.ts";
import { authorizationHeader } from "../../devops/authorization-header.ts";
import { connect } from "../../devops/http.ts";
import { sameName } from "../../devops/json.ts";
import { listRepositories } from "../../devops/repositories.ts";
import { updateWithoutCommit, updateWithoutRemote } from "../../errors/catalogue/fleet.ts";
import { exitCodes } from "../../errors/exit-codes.ts";
import { countsSentence, countVerdicts } from "../../update/count-verdicts.ts";
import { pullRequestService } from "../../fleet/find-repositories.ts";
import { openLocalHead } from "../../fleet/open-local-head.ts";
import { proposeUpdate, type Proposal } from "../../fleet/propose-update.ts";
import { gitFolderOf } from "../../git/git-folder.ts";
import { ObjectReader } from "../../git/object-reader.ts";
import { readSignature } from "../../git/signature.ts";
import { collectAnswers } from "../../scaffold/collect-answers.ts";
import { changesBetween, readChangeLog } from "../../update/change-log.ts";
import { planCommit, type PlannedCommit } from "../../update/plan-commit.ts";
import { storedAnswers } from "../../update/stored-answers.ts";
import { optionValue, type CommandInput, type CommandOutcome } from "../command.ts";
import type { Context } from "../context.ts";
import { findOrganization } from "../find-organization.ts";
import { organizationAnswers } from "../organization-answers.ts";
import { requireConfirmation } from "../require-confirmation.ts";
import { givenPaths } from "./given-paths.ts";
import { updateTitle } from "./show-update.ts";

interface ModelFolder {
  readonly folder: string;
  /** From the root of the git work tree to the folder: empty, or with a slash at the end. */
  readonly prefix: string;
}

/** Proposes the update of what is committed as a pull request; neither the work tree nor git's index, branches or HEAD are touched. */
export async function openUpdateRequest(
  model: ModelFolder,
  input: CommandInput,
  context: Context,
): Promise<CommandOutcome> {
  const gitFolder = await gitFolderOf(model.folder);
  const { planned, head } = await plan({ ...model, gitFolder }, input, context);
  const isDryRun = input.flags.has("dry-run");
  showPlan(context, model, planned);
  if (planned.changes.length > 0 && !isDryRun)
    await requireConfirmation(input, context, "Opening a pull request");
  const proposal =
    planned.changes.length === 0
      ? ({ outcome: "current" } as const)
      : await propose({ ...model, gitFolder, head, planned, isDryRun }, input, context);
  showProposal(context, proposal);
  return outcomeOf(model, planned, proposal);
}

async function plan(
  { folder, prefix, gitFolder }: ModelFolder & { readonly gitFolder: string },
  input: CommandInput,
  context: Context,
): Promise<{ readonly planned: PlannedCommit; readonly head: string }> {
  const file = optionValue(input, "answers");
  await using reader = new ObjectReader(gitFolder);
  const commit = await reader.read("HEAD^{commit}");
  if (commit === undefined) throw updateWithoutCommit(folder);
  const planned = await planCommit({
    reader,
    commit: commit.objectId,
    prefix,
    release: givenPaths(input, context, { folder, option: "release" }),
    restore: givenPaths(input, context, { folder, option: "restore" }),
    answersFrom: (state) =>
      collectAnswers({
        stored: storedAnswers(state),
        fixed: {},
        set: input.values.get("set") ?? [],
        answersFile: file === undefined ? undefined : resolve(context.cwd, file),
        ask: input.flags.has("yes") ? undefined : context.ask,
      }),
  });
  return { planned, head: commit.objectId };
}

interface Proposing extends ModelFolder {
  readonly gitFolder: string;
  readonly head: string;
  readonly planned: PlannedCommit;
  readonly isDryRun: boolean;
}

async function propose(work: Proposing, input: CommandInput, context: Context): Promise<Proposal> {
  const { folder, prefix, gitFolder, head, planned, isDryRun } = work;
  const answers: Answers = parseAnswers(mergeAnswers([{ ...planned.answers }, organizationAnswers(input)]));
  const { organization_url, project } = answers.azure_devops;
  const { organizationUrl, credential } = await findOrganization(input, context, organization_url);
  const http = connect(organizationUrl, credential);
  const wanted = deriveNames(answers).repository;
  const repository = (await listRepositories(http, project)).find(({ name }) => sameName(name, wanted));
  if (repository === undefined) throw updateWithoutRemote(project, wanted);
  const { name, remoteUrl: url, defaultBranch: base } = repository;
  const authorize = (at: string): Promise<string> => authorizationHeader(credential, at);
  const remote = { name, url, base, authorize };
  await using open = await openLocalHead(gitFolder, head, remote);
  return await proposeUpdate(open, planned, {
    service: pullRequestService(http, repository),
    isDryRun,
    signature: isDryRun ? "" : await readSignature(folder),
    changes: changesBetween(readChangeLog(), planned.from, planned.to),
    prefix,
    takeSlot: () => true,
  });
}

function showPlan(
  { reporter }: Context,
  { folder }: ModelFolder,
  { plan, from, to, conflicts }: PlannedCommit,
): void {
  reporter.report({ type: "section", title: updateTitle(folder, { from, to }) });
  reporter.report({ type: "line", text: `Plan: ${countsSentence(countVerdicts(plan.entries))}.` });
  for (const path of conflicts) reporter.report({ type: "warning", text: `${path} is in conflict.` });
}

function showProposal({ reporter }: Context, { outcome, pullRequest, reason }: Proposal): void {
  reporter.report({ type: "line", text: [proposalWords[outcome], reason ?? ""].join(" ").trim() });
  if (pullRequest !== undefined)
    reporter.report({ type: "link", title: `pull request ${pullRequest.id}`, url: pullRequest.url });
}

const proposalWords: Readonly<Record<Proposal["outcome"], string>> = {
  current: "The repository is up to date; there is no pull request to open.",
  planned: "This is a dry run: no pull request was opened or changed.",
  proposed: "Opened a pull request.",
  renewed: "Brought the open pull request up to date.",
  waiting: "The open pull request holds this update already.",
  declined: "No pull request was opened.",
  "taken-over": "The branch was left alone.",
  postponed: "No pull request was opened.",
  failed: "No pull request was opened.",
};

function outcomeOf({ folder }: ModelFolder, planned: PlannedCommit, proposal: Proposal): CommandOutcome {
  const { from, to, drift, conflicts, plan } = planned;
  const verdicts = countVerdicts(plan.entries);
  return {
    exitCode: conflicts.length > 0 ? exitCodes.conflicts : exitCodes.done,
    value: { folder, from, to, verdicts, conflicts, drift, ...proposal },
  };
}
