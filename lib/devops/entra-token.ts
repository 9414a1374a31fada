import { notSignedIn, signInRefused } from "../errors/catalogue/devops.ts";
import { Secret } from "../errors/secret.ts";
import { entraSources, type EntraSource, type Environ } from "./entra-sources.ts";

/** A token of Microsoft Entra ID for Azure DevOps. */
export interface EntraToken {
  readonly secret: Secret;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** Who gave it, such as `Azure CLI`. */
  readonly source: string;
}

/** The number of Azure DevOps in every tenant of Entra ID. */
const scope = "499b84ac-1321-427f-aa17-267ca6975798/.default";

/**
 * A new token from the first source that has one. A source that is not there is passed over; one that is there and is refused ends the search,
 * so that nobody works under another name than the one that was meant.
 */
export async function fetchEntraToken(environ: Environ): Promise<EntraToken> {
  const sources = entraSources(environ);
  const reasons: string[] = [];
  for (const source of sources) {
    const given = await ask(source);
    if (typeof given !== "string") return given;
    if (!isAbsence(given)) reasons.push(`${source.name}: ${given}`);
  }
  throw notSignedIn(sources.map(({ name }) => name).join(", "), reasons.join(" "));
}

/** The token, or why this source has none to give. */
async function ask({ name, make }: EntraSource): Promise<EntraToken | string> {
  const identity = await import("@azure/identity");
  try {
    const given = await make(identity).getToken(scope);
    if (given === null) return "It gave no token.";
    return { source: name, secret: new Secret(given.token), expiresAt: given.expiresOnTimestamp };
  } catch (error) {
    if (!isUnavailable(error)) throw signInRefused(name, reasonOf(error));
    return reasonOf(error);
  }
}

function isUnavailable(error: unknown): boolean {
  const names = ["CredentialUnavailableError", "AggregateAuthenticationError", "AuthenticationRequiredError"];
  return error instanceof Error && names.includes(error.name);
}

/** A program that is not installed is no news. */
function isAbsence(reason: string): boolean {
  return /(not|n't) (be )?(found|installed|recognized)|unable to execute powershell/i.test(reason);
}

const longestReason = 300;

/** What was said, on one line. Where the answer of a program is not understood, it is quoted, and a token may be in it. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const shown = text
    .replaceAll(/eyJ[\w.-]+/g, "***")
    .replaceAll(/To (troubleshoot|mitigate)[^.]*visit \S+|More details:/g, "")
    .replaceAll(/\s+/g, " ")
    .trim()
    .slice(0, longestReason);
  return /[.!?]$/.test(shown) ? shown : `${shown}.`;
}
