import { exitCodes } from "../exit-codes.ts";
import { EacError, type EacErrorOptions } from "../eac-error.ts";

/** What the service answered, for callers that branch on it. */
export interface ServiceAnswer {
  readonly status: number;
  /** Such as `GitRepositoryNotFoundException`; empty where the answer names none. */
  readonly typeKey: string;
  readonly activityId: string;
}

/** A refusal of Azure DevOps. */
export class AdoError extends EacError {
  override readonly name = "AdoError";
  readonly answer: ServiceAnswer;

  constructor(options: EacErrorOptions & { readonly answer: ServiceAnswer }) {
    super({ exitCode: exitCodes.remoteFailed, ...options });
    this.answer = options.answer;
  }
}

/** The token was not accepted: the service answers with a sign-in page, a redirect or 401. */
export function unauthenticated(
  organizationUrl: string,
  kind: "pat" | "bearer" | "entra",
  answer: ServiceAnswer,
): AdoError {
  return new AdoError({
    code: "EAC_DEVOPS_UNAUTHENTICATED",
    message: `${organizationUrl} did not accept the credential (status ${answer.status}).`,
    hint:
      kind === "entra"
        ? "Check that the account of Microsoft Entra ID is a user of this organisation and of its tenant: az account show."
        : "Check that the token has not expired, belongs to this organisation and has the scopes of docs/how-to/provision-a-project.md.",
    answer,
  });
}

/** No variable holds a token, and nobody is signed in to Microsoft Entra ID on this machine. */
export function notSignedIn(tried: string, reasons: string): EacError {
  return new EacError({
    code: "EAC_DEVOPS_NOT_SIGNED_IN",
    message: [
      "No credential for Azure DevOps: neither AZURE_DEVOPS_EXT_PAT nor SYSTEM_ACCESSTOKEN is set,",
      `and Microsoft Entra ID gave no token (tried: ${tried}).`,
      reasons,
    ]
      .join(" ")
      .trim(),
    hint: "Sign in with az login, or set AZURE_DEVOPS_EXT_PAT to a personal access token; then run the same command again.",
  });
}

/** Microsoft Entra ID was asked with what the environment says, and refused. */
export function signInRefused(source: string, reason: string): EacError {
  return new EacError({
    code: "EAC_DEVOPS_SIGN_IN_REFUSED",
    message: `Microsoft Entra ID gave no token for Azure DevOps (${source}): ${reason}`,
    hint: "Correct the AZURE_… variables or remove them, or set AZURE_DEVOPS_EXT_PAT to a personal access token.",
    exitCode: exitCodes.remoteFailed,
  });
}

/** A token of Microsoft Entra ID is for Azure DevOps, and was wanted for another server. */
export function foreignHost(url: string): EacError {
  return new EacError({
    code: "EAC_DEVOPS_FOREIGN_HOST",
    message: `${new URL(url).origin} is not Azure DevOps, so it is not sent a token of Microsoft Entra ID.`,
    hint: "Use an address at https://dev.azure.com, or set AZURE_DEVOPS_EXT_PAT to a token of that server.",
  });
}

/** The token is valid and may not do this. */
export function forbidden(what: string, message: string, answer: ServiceAnswer): AdoError {
  return new AdoError({
    code: "EAC_DEVOPS_FORBIDDEN",
    message: `Azure DevOps does not allow this credential to ${what}: ${message}`,
    hint: "The permissions that provisioning needs are listed in docs/how-to/provision-a-project.md.",
    answer,
  });
}

/** Any other refusal, with the service's own words. */
export function refused(what: string, message: string, answer: ServiceAnswer): AdoError {
  return new AdoError({
    code: "EAC_DEVOPS_REFUSED",
    message: `Azure DevOps refused to ${what}: ${message} (${[answer.status, answer.typeKey].join(" ").trim()})`,
    hint: answer.activityId === "" ? undefined : `Activity id for the support: ${answer.activityId}`,
    answer,
  });
}

/** No answer at all. */
export function unreachable(organizationUrl: string, cause: unknown): EacError {
  const reason =
    typeof cause === "object" && cause !== null && "message" in cause ? String(cause.message) : String(cause);
  return new EacError({
    code: "EAC_DEVOPS_UNREACHABLE",
    message: `${organizationUrl} did not answer: ${reason}.`,
    hint: "Check the address, the network and, where there is one, the proxy (HTTPS_PROXY), then run the same command again.",
    exitCode: exitCodes.remoteFailed,
    cause,
  });
}
