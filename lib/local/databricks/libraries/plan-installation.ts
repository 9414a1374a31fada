import { textIn, type JsonObject } from "../../devops/body.ts";

/** Lines of a requirements file that install a library, or why that cannot be. */
export type Installation =
  | { readonly kind: "lines"; readonly lines: readonly string[] }
  /** The requirements file that is to be read from the workspace. */
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "impossible"; readonly why: string };

/** What installs a library: packages of an index, wheels and requirements files of the workspace. */
export function planInstallation(library: JsonObject): Installation {
  const requirement = textIn(library, "pypi", "package");
  const whl = textIn(library, "whl");
  const requirements = textIn(library, "requirements");
  if (requirement !== undefined) return planPackage(requirement, textIn(library, "pypi", "repo"));
  if (whl !== undefined) return planWheel(whl);
  if (requirements !== undefined) return planFile(requirements);
  const [kind = "nothing"] = Object.keys(library);
  return impossible(`This workspace installs Python libraries only (pypi, whl, requirements), not ${kind}.`);
}

function planPackage(requirement: string, repository: string | undefined): Installation {
  if (!isOneLine(requirement) || !isOneLine(repository ?? ""))
    return impossible("A package is named in one line.");
  const index = repository === undefined ? [] : [`--index-url ${repository}`];
  return { kind: "lines", lines: [...index, requirement] };
}

function planWheel(path: string): Installation {
  if (!isOneLine(path) || !path.startsWith("/") || !path.endsWith(".whl"))
    return impossible(
      `${JSON.stringify(path)} is no wheel of the workspace, such as /Workspace/Shared/a.whl.`,
    );
  return { kind: "lines", lines: [path] };
}

function planFile(path: string): Installation {
  if (!path.startsWith("/") || !path.endsWith(".txt"))
    return impossible(
      `${JSON.stringify(path)} is no requirements file of the workspace, such as /Workspace/Shared/requirements.txt.`,
    );
  return { kind: "file", path };
}

/** A line of a requirements file with paths of this machine: `/Workspace/a.whl`, `-r /Workspace/b.txt`, `-e /Workspace/c`, `name @ file:///Workspace/d.whl`. */
export function localLine(line: string, localise: (path: string) => string): string {
  return line.replaceAll(/(^|\s|=|file:\/\/)(\/Workspace\/\S+)/g, (_all, before: string, path: string) => {
    return `${before}${localise(path)}`;
  });
}

function impossible(why: string): Installation {
  return { kind: "impossible", why };
}

function isOneLine(text: string): boolean {
  return !/[\r\n]/.test(text);
}
