import { resolve } from "node:path";
import { parseAnswers } from "../../answers/parse-answers.ts";
import { exitCodes, type ExitCode } from "../../errors/exit-codes.ts";
import { countsSentence, countVerdicts } from "../../update/count-verdicts.ts";
import type { Reporter } from "../../report/reporter.ts";
import { readTemplates } from "../../template/read-templates.ts";
import type { Drift } from "../../update/find-drift.ts";
import { planWorkingTree } from "../../update/plan-working-tree.ts";
import { prepareUpdate } from "../../update/prepare-update.ts";
import { readState } from "../../update/read-state.ts";
import { storedAnswers } from "../../update/stored-answers.ts";
import { refuseUnfinished } from "../../update/working-tree/recover-update.ts";
import type { RunCommand } from "../command.ts";
import { openModel } from "../update/ready-update.ts";

/** Says whether an update is available and whether files of the platform were changed here; changes nothing, for pipelines. */
export const runCheck: RunCommand = async (input, { cwd, reporter }) => {
  const repository = await openModel(resolve(cwd, input.positionals[0] ?? "."));
  await refuseUnfinished(repository);
  const { folder } = repository;
  const state = await readState(folder);
  const answers = parseAnswers(storedAnswers(state));
  const prepared = prepareUpdate({ state, templates: await readTemplates(), answers });
  const { plan, drift } = await planWorkingTree(repository, prepared);
  const { from, to, targetSha256 } = prepared;
  const found: Findings = {
    folder,
    from,
    to,
    updateAvailable:
      from !== to || targetSha256 !== state.manifest.template.treeSha256 || state.answersEdited,
    answersEdited: state.answersEdited,
    drift,
    verdicts: countVerdicts(plan.entries),
  };
  show(reporter, found);
  return { exitCode: exitCodeOf(found), value: found };
};

interface Findings {
  readonly folder: string;
  readonly from: string;
  readonly to: string;
  readonly updateAvailable: boolean;
  /** The answers file was changed by hand since the last update. */
  readonly answersEdited: boolean;
  readonly drift: readonly Drift[];
  readonly verdicts: ReturnType<typeof countVerdicts>;
}

function exitCodeOf({ drift, updateAvailable }: Findings): ExitCode {
  if (drift.length > 0) return exitCodes.drift;
  return updateAvailable ? exitCodes.updateAvailable : exitCodes.done;
}

function show(reporter: Reporter, found: Findings): void {
  for (const { path, state } of found.drift) reporter.report({ type: "line", text: `  ${state}  ${path}` });
  if (found.drift.length > 0) {
    const files =
      found.drift.length === 1
        ? "1 file of the platform differs"
        : `${found.drift.length} files of the platform differ`;
    const text = `${files} from the templates of eac-model ${found.from}.`;
    reporter.report({
      type: "warning",
      text,
      hint: "Undo the changes, or take a file over: eac-model update --release PATH",
    });
  }
  reporter.report({ type: "line", text: availability(found) });
}

function availability({ from, to, updateAvailable, answersEdited, verdicts }: Findings): string {
  if (!updateAvailable) return `Up to date with eac-model ${to}.`;
  const what = from === to ? `of eac-model ${to}` : `from eac-model ${from} to ${to}`;
  const why = answersEdited ? " The answers were changed since the last update." : "";
  return `An update ${what} is available: ${countsSentence(verdicts)}.${why} Run: eac-model update`;
}
