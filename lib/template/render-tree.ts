import type { Answers } from "../answers/answers.ts";
import { byPath } from "./by-path.ts";
import { extendCentral } from "./extend-central.ts";
import { fileApplies } from "./file-rules.ts";
import { deriveLocals } from "./locals.ts";
import { overlays } from "./overlays.ts";
import type { Ownership } from "./ownership.ts";
import { refuseExpressions } from "./refuse-expressions.ts";
import type { RenderedFile, RenderedTree } from "./rendered-tree.ts";
import { targetMode, targetPath } from "./target-path.ts";
import type { TemplateSet } from "./template-set.ts";

/**
 * The repository for these answers: sorted by path, and the same bytes for the same templates and answers
 * on every machine. Files that do not apply are absent. The files under `.eac-model/` come from lib/update.
 */
export function renderTree(templates: TemplateSet, answers: Answers): RenderedTree {
  refuseExpressions(answers);
  const { version } = templates;
  const locals = deriveLocals({ answers, ownership: ownershipFor(templates, answers), version });
  const files = templates.files
    .filter(({ overlay, path }) => overlays[overlay](answers) && fileApplies(path, answers))
    .map((template): RenderedFile => {
      const path = targetPath(template.path, answers);
      return { path, mode: targetMode(path), bytes: extendCentral(path, template.render(locals), answers) };
    })
    .toSorted(byPath);
  refuseDuplicates(files);
  return files;
}

/** The ownership rules with the paths of this repository. */
export function ownershipFor(templates: TemplateSet, answers: Answers): Ownership {
  return templates.ownership.map((rule) => ({ ...rule, path: targetPath(rule.path, answers) }));
}

/** Two overlays that apply together may not hold the same path; a difference in letter case is the same path on some disks. */
function refuseDuplicates(files: RenderedTree): void {
  const seen = new Set<string>();
  for (const { path } of files) {
    const key = path.toLowerCase();
    if (seen.has(key)) throw new Error(`Two templates make ${path}.`);
    seen.add(key);
  }
}
