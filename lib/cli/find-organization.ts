import type { Credential } from "../devops/http.ts";
import { credentialMissing, localNotRunning, organisationMissing } from "../errors/catalogue/cli.ts";
import type { CommandInput } from "./command.ts";
import type { Context } from "./context.ts";

/** Where a command works, and as whom. */
export interface Organization {
  readonly organizationUrl: string;
  readonly credential: Credential;
}

/** The organisation on this machine for `--local`, else that of the URL with the credential of the environment. */
export async function findOrganization(
  input: CommandInput,
  context: Context,
  organizationUrl: string,
): Promise<Organization> {
  if (input.flags.has("local")) return await findLocal(context);
  if (organizationUrl === "") throw organisationMissing();
  if (context.credential === undefined) throw credentialMissing(organizationUrl);
  const { variable, secret } = context.credential;
  return {
    organizationUrl,
    credential: { kind: variable === "SYSTEM_ACCESSTOKEN" ? "bearer" : "pat", secret },
  };
}

async function findLocal(context: Context): Promise<Organization> {
  const { readStatus, readToken } = await import("../local/daemon.ts");
  const { url } = await readStatus(context.localFolder);
  if (url === undefined) throw localNotRunning();
  return { organizationUrl: url, credential: { kind: "pat", secret: readToken(context.localFolder) } };
}
