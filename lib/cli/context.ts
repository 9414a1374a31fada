import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { Secret } from "../errors/secret.ts";
import { standardOutput, type Output } from "../report/output.ts";
import type { Reporter } from "../report/reporter.ts";
import { silentReporter, textReporter } from "../report/text-reporter.ts";

/** Everything a command may know of the world around the process; built once, here only. */
export interface Context {
  readonly cwd: string;
  readonly output: Output;
  readonly reporter: Reporter;
  readonly json: boolean;
  /** A person can be asked: both ends are a terminal and this is no CI run. */
  readonly isInteractive: boolean;
  readonly signal: AbortSignal;
  readonly credential: EnvironmentCredential | undefined;
  /** Folder that keeps the state of the local organisation unless a command names another. */
  readonly localFolder: string;
}

/** A credential found in the environment, and in which variable. */
export interface EnvironmentCredential {
  readonly variable: "AZURE_DEVOPS_EXT_PAT" | "SYSTEM_ACCESSTOKEN";
  readonly secret: Secret;
}

/** Reads the environment of this process. */
export function createContext(json: boolean, signal: AbortSignal): Context {
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
    isInteractive:
      isTerminal(process.stdin) && isTerminal(process.stdout) && (env["CI"] ?? "") === "" && !json,
    signal,
    credential: findCredential(env),
    localFolder: resolve(env["EAC_MODEL_HOME"] ?? join(homedir(), ".eac-model"), "local"),
  };
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
