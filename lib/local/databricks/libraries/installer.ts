import type { JsonObject } from "../../devops/body.ts";
import { localValue, parseWorkspacePath } from "../files/workspace-path.ts";
import type { WorkspaceFiles } from "../files/workspace-files.ts";
import type { Environment } from "../python/environments.ts";
import { redact } from "../python/redact.ts";
import { secretValues } from "../python/variables.ts";
import { pipInstall } from "./pip.ts";
import { localLine, planInstallation } from "./plan-installation.ts";

export interface InstallerOptions {
  readonly files: WorkspaceFiles;
  readonly environ: Readonly<Record<string, string>>;
}

/** Installs into environments what is named as in the workspace. Each answers why it could not. */
export interface Installer {
  /** All of them, or none where one of them cannot be. */
  installLibraries(
    environment: Environment,
    libraries: readonly JsonObject[],
    signal: AbortSignal,
  ): Promise<string | undefined>;
  /** Lines of a requirements file. */
  installLines(
    environment: Environment,
    lines: readonly string[],
    signal: AbortSignal,
  ): Promise<string | undefined>;
  /** Values that nobody is shown. */
  readonly hidden: readonly string[];
}

/** An installer that reads wheels and requirements files from the files of the workspace. */
export function createInstaller({ files, environ }: InstallerOptions): Installer {
  const hidden = secretValues(environ);
  const localise = (path: string): string => localValue(files.root, path);
  const installLines: Installer["installLines"] = async (environment, lines, signal) => {
    const local = lines.map((line) => localLine(line, localise));
    const failure = await pipInstall({ environment, lines: local, environ, signal });
    return failure === undefined ? undefined : redact(failure, hidden);
  };
  return {
    hidden,
    installLines,
    installLibraries: async (environment, libraries, signal) => {
      const lists = libraries.map((library) => linesOf(library, files));
      const why = lists.find((list) => typeof list === "string");
      if (typeof why === "string") return why;
      const lines = lists.flat();
      // An option of a requirements file, such as an index, would hold for the other libraries, too.
      if (lists.length > 1 && lines.some((line) => line.startsWith("-"))) return "Not at once.";
      return await installLines(environment, lines, signal);
    },
  };
}

/** Lines of a requirements file that install a library, or why it cannot be installed. */
function linesOf(library: JsonObject, files: WorkspaceFiles): readonly string[] | string {
  const plan = planInstallation(library);
  if (plan.kind === "impossible") return plan.why;
  if (plan.kind === "lines") return plan.lines;
  const path = parseWorkspacePath(plan.path);
  if (files.find(path)?.type !== "FILE") return `The workspace has no file ${plan.path}.`;
  return files.read(path).toString("utf8").split(/\r?\n/);
}
