import { EacError } from "../eac-error.ts";

/** git is not installed or not on the PATH. */
export function gitMissing(cause: unknown): EacError {
  return new EacError({
    code: "EAC_GIT_MISSING",
    message: "git was not found on the PATH.",
    hint: "Install git 2.31 or newer (https://git-scm.com/downloads) and run the command again.",
    cause,
  });
}

/** git has no user.name or user.email to sign a commit with. */
export function gitIdentityMissing(missing: readonly string[]): EacError {
  const commands = missing.map((key) => `git config --global ${key} "…"`).join(" && ");
  return new EacError({
    code: "EAC_GIT_IDENTITY_MISSING",
    message: `git does not know who you are: ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} not set. Nothing was written.`,
    hint: `Run: ${commands}`,
  });
}
