import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { isatty } from "node:tty";
import { Secret } from "../errors/secret.ts";
import { cacheFolder } from "../pipelines/run/cache-folder.ts";
import { standardOutput, type Output } from "../report/output.ts";
import type { Reporter } from "../report/reporter.ts";
import { silentReporter, textReporter } from "../report/text-reporter.ts";
import { askInTerminal, type Ask } from "./ask.ts";

/** Everything a command may know of the world around the process; built once, here only. */
export interface Context {
  readonly cwd: string;
  readonly output: Output;
  readonly reporter: Reporter;
  readonly json: boolean;
  /** Asks a person; absent where nobody can be asked: no terminal, a CI run, or `--json`. */
  readonly ask: Ask | undefined;
  /** Aborted by Ctrl-C; work with effects looks at its signal between steps. */
  readonly stop: AbortController;
  readonly credential: EnvironmentCredential | undefined;
  /** The variables of this process, for runs of pipelines, which pass on what programs need. */
  readonly environ: Readonly<Record<string, string | undefined>>;
  /** Folder that keeps the state of the local organisation unless a command names another. */
  readonly localFolder: string;
}

/** A credential found in the environment, and in which variable. */
export interface EnvironmentCredential {
  readonly variable: "AZURE_DEVOPS_EXT_PAT" | "SYSTEM_ACCESSTOKEN";
  readonly secret: Secret;
}

/** Reads the environment of this process. */
export function createContext(json: boolean): Context {
  const { env } = process;
  const output = standardOutput({
    isTerminal: isTerminal(process.stdout) && env["TERM"] !== "dumb",
    noColour: (env["NO_COLOR"] ?? "") !== "",
  });
  return {
    cwd: process.cwd(),
    output,
    reporter: json ? silentReporter : textReporter(output),
    json,
    ask: !json && isInteractive(env) ? askInTerminal : undefined,
    stop: new AbortController(),
    credential: findCredential(env),
    environ: env,
    localFolder: resolve(env["EAC_MODEL_HOME"] ?? join(homedir(), ".eac-model"), "local"),
  };
}

function isInteractive(env: NodeJS.ProcessEnv): boolean {
  return isatty(0) && isatty(1) && (env["CI"] ?? "") === ""; // process.stdin would be opened to be asked.
}

/** Node leaves `isTTY` undefined, not false, on pipes and files. */
function isTerminal(stream: { readonly isTTY?: boolean }): boolean {
  return stream.isTTY === true;
}

function findCredential(env: NodeJS.ProcessEnv): EnvironmentCredential | undefined {
  for (const variable of ["AZURE_DEVOPS_EXT_PAT", "SYSTEM_ACCESSTOKEN"] as const) {
    const value = (env[variable] ?? "").trim();
    if (value !== "") return { variable, secret: new Secret(value) };
  }
  return undefined;
}

/** Where compiled code is kept for the next run. */
export function findCodeCache(): string {
  return join(cacheFolder(process.env), "code");
}
