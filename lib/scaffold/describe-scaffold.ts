import type { Answers } from "../answers/answers.ts";
import { deriveNames } from "../answers/derived-names.ts";
import type { RenderedTree } from "../template/rendered-tree.ts";
import type { ScaffoldPlan } from "./plan-scaffold.ts";

/** What a person wants to see before a repository is written: the answers that matter, and where it goes. */
export function describeAnswers(answers: Answers): readonly (readonly [string, string])[] {
  const names = deriveNames(answers);
  return [
    ["model", `${answers.model_name} (${answers.model_type}, ${answers.serving})`],
    ["team", answers.team_name],
    ["environments", answers.environments.map(({ name }) => name).join(" → ")],
    ["maturity level", String(answers.maturity_level)],
    ["repository", `${names.repository}, branch ${answers.default_branch}`],
  ];
}

/** One line for each top folder with the number of its files, and one for each file at the top. */
export function summarizeTree(files: RenderedTree): readonly string[] {
  const counts = new Map<string, number>();
  for (const { path } of files) {
    const [top = "", ...rest] = path.split("/");
    const key = rest.length === 0 ? top : `${top}/`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => (key.endsWith("/") ? `${key}  ${count} files` : key));
}

/** The whole tree, indented by folder. */
export function formatTree(files: RenderedTree): readonly string[] {
  const shown = new Set<string>();
  return files.flatMap(({ path }) => {
    const parts = path.split("/");
    const folders = parts.slice(0, -1).flatMap((name, depth) => {
      const folder = parts.slice(0, depth + 1).join("/");
      if (shown.has(folder)) return [];
      shown.add(folder);
      return [`${"  ".repeat(depth)}${name}/`];
    });
    return [...folders, `${"  ".repeat(parts.length - 1)}${parts.at(-1) ?? ""}`];
  });
}

/** The plan as data for `--json`: what is made where, without the contents. */
export function scaffoldValue(plan: ScaffoldPlan): Readonly<Record<string, unknown>> {
  const { action, folder, branch, commitMessage, files } = plan;
  return {
    action,
    folder,
    branch,
    commitMessage,
    files: files.map(({ path, mode, bytes }) => ({ path, mode, bytes: bytes.length })),
  };
}
