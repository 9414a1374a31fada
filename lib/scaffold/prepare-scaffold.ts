import type { Answers } from "../answers/answers.ts";
import { readTemplates } from "../template/read-templates.ts";
import { renderTree } from "../template/render-tree.ts";
import { stateFiles } from "../update/state-files.ts";
import { planScaffold, type ScaffoldPlan } from "./plan-scaffold.ts";
import { readTarget, type TargetFolder } from "./read-target.ts";

export interface PreparedScaffold {
  readonly plan: ScaffoldPlan;
  readonly target: TargetFolder;
}

/** Renders the repository for these answers and plans how it comes into the folder; changes nothing. */
export async function prepareScaffold(answers: Answers, folder: string): Promise<PreparedScaffold> {
  const templates = await readTemplates();
  const tree = renderTree(templates, answers);
  const files = [...tree, ...stateFiles({ answers, tree, templates })];
  const target = await readTarget(folder);
  return {
    plan: planScaffold({ answers, folder, files, target, generatorVersion: templates.version }),
    target,
  };
}
