import type { Answers } from "../../lib/answers/answers.ts";
import type { Value } from "../../lib/pipelines/expressions/value.ts";
import type { FileLocation } from "../../lib/pipelines/scope.ts";
import { validatePipeline, type ValidatedPipeline } from "../../lib/pipelines/validate/validate-pipeline.ts";
import { platformTree } from "../../lib/template/platform-tree.ts";
import { readTemplates } from "../../lib/template/read-templates.ts";
import { renderTree } from "../../lib/template/render-tree.ts";
import type { RenderedTree } from "../../lib/template/rendered-tree.ts";
import type { Files } from "./expand-files.ts";

/** The YAML files of a rendered repository, by path. */
export async function renderYaml(answers: Answers): Promise<Files> {
  return yamlIn(renderTree(await readTemplates(), answers));
}

/** The YAML files of the platform's repository, by path. */
export async function platformYaml(): Promise<Files> {
  return yamlIn(platformTree(await readTemplates()));
}

function yamlIn(tree: RenderedTree): Files {
  return Object.fromEntries(
    tree
      .filter(({ path }) => path.endsWith(".yml"))
      .map(({ path, bytes }) => [path, Buffer.from(bytes).toString("utf8")]),
  );
}

/** The pipelines among them. */
export function pipelinesIn(files: Files): readonly string[] {
  return Object.keys(files).filter((path) => /^pipelines\/\w+_pipeline\.yml$/.test(path));
}

export interface Given {
  readonly files: Files;
  readonly file: string;
  readonly parameters?: Readonly<Record<string, Value>>;
  /** The files of the repository that `@templates` names. */
  readonly central?: Files;
}

/** Validates one of them as the check does: the one for pull requests by its stricter rules. */
export function validateRendered({ files, file, parameters = {}, central = {} }: Given): ValidatedPipeline {
  return validatePipeline({
    file,
    parameters,
    isForPullRequests: file === "pipelines/pr_pipeline.yml",
    read: ({ alias, path }: FileLocation) => (alias === "self" ? files : central)[path],
    variables: { "Build.Reason": "Manual", "Build.SourceBranch": "refs/heads/main" },
  });
}
