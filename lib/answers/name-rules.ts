import type { Problem } from "../errors/eac-error.ts";
import { azureDevOpsRefusal } from "./azure-devops-names.ts";
import { platformVariableGroup, splitRepositoryName } from "./derived-names.ts";
import { ignoredRefusal, pythonRefusal, windowsRefusal } from "./reserved-names.ts";
import { valueAt } from "./value-at.ts";

type Path = readonly (string | number)[];

/** Why a name is refused where it is used, or undefined; and what would do instead. */
interface NameRule {
  readonly path: Path;
  readonly rule: string;
  readonly refuse: (name: string) => string | undefined;
  readonly suggest?: (name: string) => string;
}

const nameRules: readonly NameRule[] = [
  {
    path: ["model_name"],
    rule: "python-package",
    refuse: (name) => pythonRefusal(name.replaceAll("-", "_")) ?? pythonRefusal(name),
    suggest: (name) => `Try ${name}-model.`,
  },
  {
    path: ["model_name"],
    rule: "windows-name",
    refuse: windowsRefusal,
    suggest: (name) => `Try ${name}-model.`,
  },
  {
    path: ["model_folder"],
    rule: "python-package",
    refuse: (name) => pythonRefusal(name) ?? ignoredRefusal(name),
    suggest: (name) => `Try ${name}_model.`,
  },
  {
    path: ["model_folder"],
    rule: "windows-name",
    refuse: windowsRefusal,
    suggest: (name) => `Try ${name}_model.`,
  },
  {
    path: ["team_name"],
    rule: "azure-devops-name",
    refuse: (name) => azureDevOpsRefusal("team", name) ?? windowsRefusal(name),
  },
  {
    path: ["azure_devops", "project"],
    rule: "azure-devops-name",
    refuse: (name) => azureDevOpsRefusal("project", name) ?? windowsRefusal(name),
  },
  {
    path: ["azure_devops", "repository"],
    rule: "azure-devops-name",
    refuse: (name) =>
      name === "" ? undefined : (azureDevOpsRefusal("repository", name) ?? windowsRefusal(name)),
  },
  {
    path: ["templates_repository"],
    rule: "azure-devops-name",
    refuse: templatesRepositoryRefusal,
  },
  {
    path: ["default_branch"],
    rule: "git-branch",
    refuse: branchRefusal,
    suggest: (name) => `Try ${name.replace(/^refs\/(heads\/)?/, "") || "main"}.`,
  },
];

/** Names that are legal text and yet illegal in a place where a name derived from them is used. */
export function nameProblems(candidate: unknown, isBroken: (path: Path) => boolean): readonly Problem[] {
  const problems = nameRules.flatMap(({ path, rule, refuse, suggest }) => {
    const name = valueAt(candidate, path);
    if (typeof name !== "string" || isBroken(path)) return [];
    const reason = refuse(name);
    if (reason === undefined) return [];
    const message = `is ${JSON.stringify(name)}, and ${reason}.`;
    return [{ path: path.join("."), rule, message, suggestion: suggest?.(name) }];
  });
  return [...problems, ...variableGroupProblems(candidate)];
}

/** The group of an environment must not be the one that the platform owns and all models share. */
function variableGroupProblems(candidate: unknown): readonly Problem[] {
  const model = valueAt(candidate, ["model_name"]);
  const environments = valueAt(candidate, ["environments"]);
  if (typeof model !== "string" || !Array.isArray(environments)) return [];
  return environments.flatMap((environment: unknown, index) => {
    const name = valueAt(environment, ["name"]);
    if (`${model}-${String(name)}` !== platformVariableGroup) return [];
    const message = `is ${JSON.stringify(name)}, and the variable group ${platformVariableGroup} belongs to the platform.`;
    const suggestion = "Choose another name for the model or for this environment.";
    return [{ path: `environments[${index}].name`, rule: "variable-group", message, suggestion }];
  });
}

/** `name` or `project/name`. */
function templatesRepositoryRefusal(text: string): string | undefined {
  const { project, name } = splitRepositoryName(text);
  if (project === "" || name === "") return "a repository has a name, and so has its project";
  return (
    (project === undefined ? undefined : azureDevOpsRefusal("project", project)) ??
    azureDevOpsRefusal("repository", name)
  );
}

/** What git refuses beyond the characters that the schema allows (git help check-ref-format). */
function branchRefusal(name: string): string | undefined {
  if (name === "HEAD") return "git keeps HEAD for itself";
  if (name.startsWith("refs/")) return "a branch is named without refs/heads/";
  if (name.includes("..")) return "git allows no two dots in a row in a branch name";
  if (/\/\/|\/$/.test(name)) return "a branch name has no empty part between slashes";
  if (/(^|\/)\.|\.$/.test(name))
    return "no part of a branch name begins with a dot, and the name does not end with one";
  if (/\.lock(\/|$)/.test(name)) return "no part of a branch name ends with .lock";
  return undefined;
}
