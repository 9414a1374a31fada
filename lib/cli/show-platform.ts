import { basename } from "node:path";
import type { PlatformPlan } from "../platform/platform-folder.ts";
import type { PlatformRemote } from "../platform/publish-platform.ts";
import type { Reporter } from "../report/reporter.ts";
import { shellWord } from "../report/shell-word.ts";

/** What will happen to the folder and, where an organisation is named, to the repository there. */
export function showPlatformPlan(
  reporter: Reporter,
  plan: PlatformPlan,
  remote: PlatformRemote | undefined,
): void {
  reporter.report({ type: "section", title: `Templates ${plan.tag}` });
  reporter.report({ type: "line", text: `  ${folderLine(plan)}` });
  if (remote === undefined) return;
  const { name, project, repository } = remote;
  if (repository === undefined)
    reporter.report({ type: "line", text: `  + repository ${name} in ${project.name}` });
  const pushed =
    repository?.tagged === undefined ? `+ push ${plan.branch} and ${plan.tag}` : `= ${plan.tag} was pushed`;
  reporter.report({ type: "line", text: `  ${pushed}` });
}

function folderLine({ action, folder, tag, files, removed }: PlatformPlan): string {
  const count = files.length === 1 ? "1 file" : `${files.length} files`;
  const gone = removed.length === 0 ? "" : `, ${removed.length} removed`;
  switch (action) {
    case "create":
    case "fill":
      return `+ ${folder}: ${count}, 1 commit, tag ${tag}`;
    case "update":
      return `~ ${folder}: ${count}${gone}, 1 commit, tag ${tag}`;
    case "tag":
      return `+ ${folder}: tag ${tag}`;
    case "keep":
      return `= ${tag} is there already`;
  }
}

/** How models get at the templates. */
export function showPlatformSteps(
  reporter: Reporter,
  { folder, branch, tag }: PlatformPlan,
  remote: PlatformRemote | undefined,
): void {
  reporter.report({ type: "section", title: "Next steps" });
  if (remote === undefined)
    reporter.report({
      type: "next-step",
      text: "Push the branch and the tag to the repository that models name:",
      command: `git -C ${shellWord(folder)} push origin ${branch} ${tag}`,
    });
  const name = shellWord(remote?.name ?? basename(folder));
  reporter.report({
    type: "next-step",
    text: "Make models that take their templates from it:",
    command: `eac-model init --set templates=central --set templates_repository=${name}`,
  });
}
