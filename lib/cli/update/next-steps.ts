import type { ReportEvent } from "../../report/reporter.ts";
import { shellWord } from "../../report/shell-word.ts";
import type { CentralTemplates } from "../../update/central-templates.ts";
import type { Conflict, UpdateEntry, UpdatePlan } from "../../update/update-plan.ts";

type NextStep = Extract<ReportEvent, { readonly type: "next-step" }>;

export interface UpdatedFolder {
  readonly folder: string;
  readonly from: string;
  readonly to: string;
  /** The central templates that the pipelines did not use before. */
  readonly newTemplates?: CentralTemplates | undefined;
}

/** What a person does after an update: decide about each conflict, look, commit, or take it all back. */
export function nextSteps(
  { entries }: UpdatePlan,
  { folder, from, to, newTemplates }: UpdatedFolder,
): readonly NextStep[] {
  const message = from === to ? "Apply new answers of eac-model" : `Update to eac-model ${to}`;
  const git = `git -C ${shellWord(folder)}`;
  const regenerate = entries.filter(({ verdict }) => verdict === "regenerate");
  return [
    ...entries.flatMap((entry) => resolveStep(entry, git)),
    ...regenerate.map(({ path, reason }) => step(`${path}: ${reason}`)),
    step("Look at what changed:", `${git} diff HEAD`),
    step("Commit it:", `${git} add --all . && ${git} commit --message ${shellWord(message)}`),
    ...templatesSteps(newTemplates, folder),
    step("Or take it all back:", `eac-model update ${shellWord(folder)} --abort`),
  ];
}

/** Without that tag no pipeline of the repository runs. */
function templatesSteps(templates: CentralTemplates | undefined, folder: string): readonly NextStep[] {
  if (templates === undefined) return [];
  const { name, tag } = templates;
  const text = `The pipelines now take their templates from ${name} at ${tag}. If it has no such tag, the platform team makes it:`;
  return [
    step(text, `eac-model platform templates ${shellWord(name)}`),
    step("See that it is there, and let the pipelines use it:", `eac-model provision ${shellWord(folder)}`),
  ];
}

/** git does not add a path that something else stands in the way of; the index alone has to forget it. */
function resolveStep({ path, conflict }: UpdateEntry, git: string): readonly NextStep[] {
  if (conflict === undefined) return [];
  const add = `${git} add -- ${shellWord(path)}`;
  const sidecar = conflict.sidecar?.path;
  if (sidecar !== undefined) {
    const text = `${path}: ${sidecar} is the template's. Take from it what you need, delete it, then:`;
    return [
      step(
        text,
        conflict.ours === undefined ? `${git} update-index --force-remove -- ${shellWord(path)}` : add,
      ),
    ];
  }
  return [step(`${path}: ${wayOut(conflict)}`, add)];
}

function wayOut({ kind, theirs }: Conflict): string {
  if (kind === "modify-delete" && theirs === undefined)
    return "it is gone with this update. Delete it with git rm, or keep it as your own:";
  if (kind === "modify-delete") return "it was deleted here. Restore what you need, then:";
  if (kind === "mode") return "choose whether it is executable, then:";
  return "keep what you need of the lines between <<<<<<< and >>>>>>>, delete the markers, then:";
}

function step(text: string, command?: string): NextStep {
  return { type: "next-step", text, ...(command === undefined ? {} : { command }) };
}
