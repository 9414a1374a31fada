import { gitMissing } from "../errors/catalogue/git.ts";
import { gitEnvironment, gitFailure, quietFailure } from "./git-process.ts";

/** What simple-git's guard would refuse and may be here: the user's own environment, and settings that this project gives itself. */
const trustedEnvironment = {
  allowUnsafeAskPass: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeDiffExternal: true,
  allowUnsafeEditor: true,
  allowUnsafeExec: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeGitProxy: true,
  allowUnsafeHooksPath: true,
  allowUnsafePager: true,
  allowUnsafeSshCommand: true,
  allowUnsafeTemplateDir: true,
};

/** Otherwise a timer of simple-git holds the process for 50 ms after its last command. */
const endsWithItsStreams = { onClose: true, onExit: false } as const;

/**
 * Runs one git command of a repository that has to do with another one, with variables on top of the inherited ones, the place for credentials;
 * answers its standard output, and throws GitError with git's own words. simple-git gives a command that says nothing another 50 ms, which only
 * what waits for a network can afford.
 */
export async function runRemoteGit(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const variables = { ...gitEnvironment(), ...env };
  const { simpleGit } = await import("simple-git");
  try {
    const git = simpleGit({
      baseDir: folder,
      unsafe: trustedEnvironment,
      allowEnvironment: Object.keys(variables),
      errors: failureOf,
      completion: endsWithItsStreams,
    }).env(variables);
    return await git.raw([...args]);
  } catch (error) {
    throw asGitError(args, error);
  }
}

/** By itself simple-git takes a failure without any words on standard error for a success. */
function failureOf(
  error: Buffer | Error | undefined,
  result: { readonly exitCode: number },
): Buffer | Error | undefined {
  if (error !== undefined || result.exitCode === 0) return error;
  return new Error(quietFailure(result.exitCode));
}

/** simple-git itself refuses a folder that is not there, so what cannot be found is git. */
function asGitError(args: readonly string[], error: unknown): Error {
  const said = error instanceof Error ? error.message.trim() : String(error);
  return said.includes("ENOENT") ? gitMissing(error) : gitFailure(args, said, error);
}
