import { organizationUrlRefusal } from "../answers/organization-url-rule.ts";
import { entraCredential } from "../devops/entra-credential.ts";
import type { Credential } from "../devops/http.ts";
import { isAzureDevOpsUrl } from "../devops/organization-url.ts";
import {
  credentialMissing,
  localNotRunning,
  organisationMissing,
  wrongUsage,
} from "../errors/catalogue/cli.ts";
import type { CommandInput } from "./command.ts";
import type { Context } from "./context.ts";

/** Where a command works, and as whom. */
export interface Organization {
  readonly organizationUrl: string;
  readonly credential: Credential;
}

/** The organisation on this machine for `--local`, else that of the URL with the credential of the environment or of Entra ID. */
export async function findOrganization(
  input: CommandInput,
  context: Context,
  organizationUrl: string,
): Promise<Organization> {
  if (input.flags.has("local")) return await findLocal(context);
  if (organizationUrl === "") throw organisationMissing();
  const refusal = organizationUrlRefusal(organizationUrl);
  if (refusal !== undefined)
    throw wrongUsage(
      `The address of the organisation ${refusal.reason}.`,
      refusal.suggestion ?? "Correct --org.",
    );
  return { organizationUrl, credential: findCredential(context, organizationUrl) };
}

/** A token of the environment comes first. Without one Entra ID is asked, when the first request is sent. */
function findCredential({ credential, environ }: Context, organizationUrl: string): Credential {
  if (credential !== undefined) {
    const { variable, secret } = credential;
    return { kind: variable === "SYSTEM_ACCESSTOKEN" ? "bearer" : "pat", secret };
  }
  if (isAzureDevOpsUrl(organizationUrl)) return entraCredential(environ);
  throw credentialMissing(organizationUrl);
}

async function findLocal(context: Context): Promise<Organization> {
  const { readStatus, readToken } = await import("../local/daemon.ts");
  const { url } = await readStatus(context.localFolder);
  if (url === undefined) throw localNotRunning();
  return { organizationUrl: url, credential: { kind: "pat", secret: readToken(context.localFolder) } };
}
