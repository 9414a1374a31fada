import type { Problem } from "../errors/eac-error.ts";
import { azureDevOpsRefusal } from "./azure-devops-names.ts";
import { hidesStandardLibrary, pythonRefusal, windowsRefusal } from "./reserved-names.ts";
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
    refuse: (name) => pythonRefusal(name) ?? standardLibraryRefusal(name),
    suggest: (name) => `Try ${name}_model.`,
  },
  {
    path: ["model_folder"],
    rule: "windows-name",
    refuse: windowsRefusal,
    suggest: (name) => `Try ${name}_model.`,
  },
  { path: ["team_name"], rule: "azure-devops-name", refuse: (name) => azureDevOpsRefusal("team", name) },
  {
    path: ["azure_devops", "project"],
    rule: "azure-devops-name",
    refuse: (name) => azureDevOpsRefusal("project", name),
  },
  {
    path: ["azure_devops", "repository"],
    rule: "azure-devops-name",
    refuse: (name) =>
      name === "" ? undefined : (azureDevOpsRefusal("repository", name) ?? windowsRefusal(name)),
  },
  { path: ["default_branch"], rule: "git-branch", refuse: branchRefusal },
];

/** Names that are legal text and yet illegal in a place where a name derived from them is used. */
export function nameProblems(candidate: unknown, isBroken: (path: Path) => boolean): readonly Problem[] {
  return nameRules.flatMap(({ path, rule, refuse, suggest }) => {
    const name = valueAt(candidate, path);
    if (typeof name !== "string" || isBroken(path)) return [];
    const reason = refuse(name);
    if (reason === undefined) return [];
    const message = `is ${JSON.stringify(name)}, and ${reason}.`;
    return [{ path: path.join("."), rule, message, suggestion: suggest?.(name) }];
  });
}

function standardLibraryRefusal(name: string): string | undefined {
  return hidesStandardLibrary(name) ? `the folder would hide Python's own module ${name}` : undefined;
}

/** What git refuses beyond the characters that the schema allows (git help check-ref-format). */
function branchRefusal(name: string): string | undefined {
  if (name === "HEAD") return "git keeps HEAD for itself";
  if (name.includes("..")) return "git allows no two dots in a row in a branch name";
  if (/\/\/|\/$/.test(name)) return "a branch name has no empty part between slashes";
  if (/(^|\/)\.|\.$/.test(name))
    return "no part of a branch name begins with a dot, and the name does not end with one";
  if (/\.lock(\/|$)/.test(name)) return "no part of a branch name ends with .lock";
  return undefined;
}
