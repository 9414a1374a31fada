import type { Answers, EnvironmentAnswer } from "../answers/answers.ts";
import { deriveNames, type DerivedNames } from "../answers/derived-names.ts";
import { code, link, markdown, toml, yaml } from "./insertion.ts";
import { platformPaths, type Ownership } from "./ownership.ts";

export interface TemplateEnvironment extends EnvironmentAnswer {
  /** As it ends a variable's or a stage's name: `QA`, `PRE_PROD`. */
  readonly suffix: string;
  /** The Azure DevOps environment, and the variable group of the same name. */
  readonly resource: string;
}

/** Every name that an `.ejs` template can use. */
export interface Locals {
  readonly answers: Answers;
  readonly names: DerivedNames;
  /** The first trains, the last is production. */
  readonly environments: readonly TemplateEnvironment[];
  readonly platformPaths: readonly string[];
  /** The tag of the central templates that belong to this version. */
  readonly templatesRef: string;
  /** How a pipeline names a file of pipelines/templates, copied or central. */
  readonly template: (file: string) => string;
  readonly yaml: typeof yaml;
  readonly toml: typeof toml;
  readonly markdown: typeof markdown;
  readonly code: typeof code;
  readonly link: typeof link;
}

/** The names of the locals, for the engine; a test compares them with the values. */
export const localNames: readonly (keyof Locals)[] = [
  "answers",
  "names",
  "environments",
  "platformPaths",
  "templatesRef",
  "template",
  "yaml",
  "toml",
  "markdown",
  "code",
  "link",
];

export interface LocalsInput {
  readonly answers: Answers;
  readonly ownership: Ownership;
  readonly version: string;
}

/** Everything the templates see of the answers. */
export function deriveLocals({ answers, ownership, version }: LocalsInput): Locals {
  const names = deriveNames(answers);
  const isCentral = answers.templates === "central";
  return {
    answers,
    names,
    environments: answers.environments.map((environment) => ({
      ...environment,
      suffix: environment.name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_"),
      resource: names.environment(environment.name),
    })),
    platformPaths: platformPaths(ownership),
    templatesRef: `refs/tags/v${version}`,
    template: (file) => (isCentral ? `/pipelines/templates/${file}@templates` : `templates/${file}`),
    yaml,
    toml,
    markdown,
    code,
    link,
  };
}
