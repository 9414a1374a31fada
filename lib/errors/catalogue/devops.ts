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
export function unauthenticated(organizationUrl: string, answer: ServiceAnswer): AdoError {
  return new AdoError({
    code: "EAC_DEVOPS_UNAUTHENTICATED",
    message: `${organizationUrl} did not accept the credential (status ${answer.status}).`,
    hint: "Check that the token has not expired, belongs to this organisation and has the scopes of docs/how-to/provision-a-project.md.",
    answer,
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
